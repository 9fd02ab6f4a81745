package org.mizuhiki.chip.tpm;

import org.mizuhiki.house.Bytes;

/// What a TPM says of itself and signs (TPMS_ATTEST, Part 2, 10.12.12). Only a key that signs nothing else
/// ([Keys#TICKS]) makes it believable: to any other a host gives bytes that look like it.
///
/// The clock in the head is left unread: for the owner's keys a TPM blurs it. `clock` of the time is unread
/// too, because it can go back after a loss of power; `time` cannot.
public sealed interface Statement {
    /// What the host wanted to be signed with it.
    Bytes about();

    /// @param time milliseconds since power-on, unsigned
    /// @param resets and `restarts`: how often the TPM was started, from nothing and from a saved state
    record Time(Bytes about, long time, int resets, int restarts) implements Statement {}

    /// @param name of the place in memory, of all that it is
    /// @param value unsigned
    record Counter(Bytes about, Bytes name, long value) implements Statement {}

    int MAGIC = 0xff544347;
    int TIME = 0x8019;
    int MEMORY = 0x8014;
    int CLOCK = 8 + 4 + 4 + 1;

    /// @throws Reader.Malformed for anything else, and for a length too many or too few
    static Statement read(Bytes raw) {
        return Reader.whole(raw, r -> {
            r.expect32(MAGIC);
            int type = r.number16();
            r.sized(); // name of the signing key, which the verifier knows
            var about = r.sized();
            r.skip(CLOCK + Long.BYTES);
            return switch (type) {
                case TIME -> time(about, r);
                case MEMORY -> counter(about, r);
                default -> throw new Reader.Malformed("a statement about something else");
            };
        });
    }

    private static Time time(Bytes about, Reader r) {
        long time = r.number64();
        r.skip(Long.BYTES);
        int resets = r.number32();
        int restarts = r.number32();
        r.skip(1 + Long.BYTES);
        return new Time(about, time, resets, restarts);
    }

    private static Counter counter(Bytes about, Reader r) {
        var name = r.sized();
        r.expect16(0);
        r.expect16(Long.BYTES);
        return new Counter(about, name, r.number64());
    }
}
