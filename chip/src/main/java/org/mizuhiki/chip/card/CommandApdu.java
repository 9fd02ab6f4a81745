package org.mizuhiki.chip.card;

import java.util.Arrays;
import java.util.Optional;

/// A command of ISO 7816-4 taken apart: the four cases, in short and extended form.
///
/// @param le 0 when no answer is expected
/// @param data the field Nc long; never shared
record CommandApdu(int cla, int ins, int p1, int p2, Data data, int le, boolean extended) {
    /// Keeps the array out of the record's equality.
    static final class Data {
        private final byte[] bytes;

        Data(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private static final int HEADER = 4;

    /// Empty when the lengths do not fit together.
    static Optional<CommandApdu> parse(byte[] raw) {
        if (raw.length < HEADER || raw.length > HEADER + 3 + 65_535 + 2) {
            return Optional.empty();
        }
        int body = raw.length - HEADER;
        if (body == 0) {
            return Optional.of(of(raw, 0, 0, 0, false));
        }
        int first = raw[HEADER] & 0xff;
        if (body == 1) {
            return Optional.of(of(raw, 0, 0, first == 0 ? 256 : first, false));
        }
        return first == 0 && body >= 3 ? extended(raw, body) : shortForm(raw, body, first);
    }

    private static Optional<CommandApdu> shortForm(byte[] raw, int body, int lc) {
        if (lc == 0 || (body != 1 + lc && body != 2 + lc)) {
            return Optional.empty();
        }
        int le = body == 1 + lc ? 0 : raw[raw.length - 1] & 0xff;
        return Optional.of(of(raw, HEADER + 1, lc, body == 2 + lc && le == 0 ? 256 : le, false));
    }

    private static Optional<CommandApdu> extended(byte[] raw, int body) {
        int value = number(raw, HEADER + 1);
        if (body == 3) {
            return Optional.of(of(raw, 0, 0, value == 0 ? 65_536 : value, true));
        }
        if (value == 0 || (body != 3 + value && body != 5 + value)) {
            return Optional.empty();
        }
        int le = body == 3 + value ? 0 : number(raw, raw.length - 2);
        return Optional.of(of(raw, HEADER + 3, value, body == 5 + value && le == 0 ? 65_536 : le, true));
    }

    private static int number(byte[] raw, int at) {
        return ((raw[at] & 0xff) << 8) | (raw[at + 1] & 0xff);
    }

    private static CommandApdu of(byte[] raw, int from, int lc, int le, boolean extended) {
        var data = new Data(lc == 0 ? new byte[0] : Arrays.copyOfRange(raw, from, from + lc));
        return new CommandApdu(raw[0] & 0xff, raw[1] & 0xff, raw[2] & 0xff, raw[3] & 0xff, data, le, extended);
    }

    boolean selectsByName() {
        return cla == 0 && ins == 0xa4 && p1 == 4 && (p2 & 0xf3) == 0;
    }

    /// ISO 7816-4, 5.4.1: interindustry classes number a channel; this card has the basic one only.
    boolean onOtherChannel() {
        boolean further = (cla & 0xc0) == 0x40;
        boolean first = (cla & 0xe0) == 0;
        return further || (first && (cla & 3) != 0);
    }

    boolean ofReservedClass() {
        return (cla & 0xe0) == 0x20 || cla == 0xff;
    }
}
