package org.mizuhiki.house;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A clear "no" that crosses rooms, processes and the command line: a stable code that programs read, and
/// what happened, why and what to do in Japanese and English. Never carries secrets or personal data: it
/// ends up in logs and on the wire.
public final class Refusal extends RuntimeException {
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]{2,63}");
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String japanese;
    private final String english;

    private Refusal(String code, String japanese, String english, @Nullable Throwable cause) {
        super(code + ": " + english, cause);
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("a refusal's code is lower case words joined by hyphens: " + code);
        }
        this.code = code;
        this.japanese = japanese;
        this.english = english;
    }

    public static Refusal of(String code, String japanese, String english) {
        return new Refusal(code, japanese, english, null);
    }

    public static Refusal of(String code, String japanese, String english, Throwable cause) {
        return new Refusal(code, japanese, english, cause);
    }

    /// Stable, lower case, hyphenated: part of the contract with programs.
    public String code() {
        return code;
    }

    public String japanese() {
        return japanese;
    }

    public String english() {
        return english;
    }
}
