package javacard.framework;

/// Carries a reason and no stack: a card has none to show.
public class CardRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private short reason;

    public CardRuntimeException(short reason) {
        super(null, null, false, false);
        this.reason = reason;
    }

    public short getReason() {
        return reason;
    }

    public void setReason(short reason) {
        this.reason = reason;
    }

    public static void throwIt(short reason) {
        throw new CardRuntimeException(reason);
    }

    @Override
    public String getMessage() {
        return "%s %04x".formatted(getClass().getSimpleName(), reason & 0xffff);
    }
}
