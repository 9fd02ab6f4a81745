package org.mizuhiki.chip.tpm;

/// The TPM answered with a response code (Part 2, 6.6). For a code that names a parameter, handle or session the
/// name is left off.
public final class TpmFailed extends RuntimeException {
    public static final int HANDLE = 0x08b;
    public static final int WRONG_CODE = 0x08e;
    public static final int WRONG_AUTHORISATION = 0x0a2;
    public static final int NOT_WRITTEN = 0x14a;
    public static final int LOCKED_OUT = 0x921;

    private static final long serialVersionUID = 1L;
    private static final int NAMES_SOMETHING = 0x80;
    private static final int WITHOUT_NAME = 0xbf;

    private final int code;

    TpmFailed(int answer) {
        super("response code %03x".formatted(answer));
        code = (answer & NAMES_SOMETHING) == 0 ? answer : answer & WITHOUT_NAME;
    }

    public int code() {
        return code;
    }
}
