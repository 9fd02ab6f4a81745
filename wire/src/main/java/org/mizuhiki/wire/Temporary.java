package org.mizuhiki.wire;

import org.mizuhiki.house.Refusal;

/// Which refusals mean "not now" rather than "no": read off the one table of statuses, so that a device and
/// a server never judge the same code differently.
public final class Temporary {
    private Temporary() {}

    /// Whether the same call may succeed later with nothing changed by the caller.
    public static boolean is(Refusal refusal) {
        return is(refusal.code());
    }

    /// As [#is(Refusal)], by the refusal's stable code.
    public static boolean is(String code) {
        return Problems.isTemporary(code);
    }
}
