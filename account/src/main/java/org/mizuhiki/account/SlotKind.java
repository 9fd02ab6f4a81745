package org.mizuhiki.account;

import java.util.Arrays;
import java.util.Locale;

/// What a way to the master key rests on.
public enum SlotKind {
    PASSWORD,
    RECOVERY_CODE,
    PASSKEY,
    CARD,
    GUARDIANS;

    /// As slots and lists write it, such as `recovery-code`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static SlotKind of(String word) {
        return Arrays.stream(values())
                .filter(k -> k.word().equals(word))
                .findFirst()
                .orElseThrow(No::damaged);
    }
}
