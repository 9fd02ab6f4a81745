package org.mizuhiki.chip.tpm;

import org.mizuhiki.house.Bytes;

/// Public areas of the keys we make (TPMT_PUBLIC, Part 2, 12.2.4): P-256, made inside, bound to this TPM.
public enum Keys {
    /// Parent of the others, as the TCG's provisioning guidance has it; wraps and signs nothing.
    STORAGE(Keys.INSIDE | Keys.NO_LOCK_OUT | Keys.RESTRICTED | Keys.DECRYPT),
    /// Signs what it is given; wrong codes count towards the TPM's lock-out.
    SLOT(Keys.INSIDE | Keys.SIGN),
    /// Signs what the TPM itself says, and nothing that a host could make look so. Its code is 16 random bytes,
    /// so it needs no lock-out, which each loss of power would bring nearer.
    TICKS(Keys.INSIDE | Keys.NO_LOCK_OUT | Keys.RESTRICTED | Keys.SIGN);

    static final int P256 = 3;
    static final int SHA256 = 0x000b;
    private static final int ECC = 0x0023;
    private static final int INSIDE = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6;
    private static final int NO_LOCK_OUT = 1 << 10;
    private static final int RESTRICTED = 1 << 16;
    private static final int DECRYPT = 1 << 17;
    private static final int SIGN = 1 << 18;

    private final int attributes;

    Keys(int attributes) {
        this.attributes = attributes;
    }

    private static Bytes none() {
        return new Writer().number16(0x0010).done();
    }

    private static Bytes aes() {
        return new Writer().number16(0x0006).number16(128).number16(0x0043).done();
    }

    private static Bytes ecdsa() {
        return new Writer().number16(0x0018).number16(SHA256).done();
    }

    /// All but the point, of which two lengths are left.
    private Bytes head() {
        boolean signs = (attributes & SIGN) != 0;
        return new Writer()
                .number16(ECC)
                .number16(SHA256)
                .number32(attributes)
                .sized(Bytes.of())
                .bytes(signs ? none() : aes())
                .bytes(signs ? ecdsa() : none())
                .number16(P256)
                .bytes(none())
                .done();
    }

    Bytes template() {
        return new Writer().bytes(head()).sized(Bytes.of()).sized(Bytes.of()).done();
    }

    /// The point of a key of exactly this kind, uncompressed.
    ///
    /// @param area its whole public area
    /// @throws Reader.Malformed for a key of another kind
    public Bytes point(Bytes area) {
        return Reader.whole(area, r -> {
            if (!r.bytes(head().size()).equals(head())) {
                throw new Reader.Malformed("not a key of the kind it should be");
            }
            return new Writer()
                    .number8(4)
                    .bytes(padded(r.sized()))
                    .bytes(padded(r.sized()))
                    .done();
        });
    }

    /// A TPM may leave leading zeros off.
    static Bytes padded(Bytes number) {
        var raw = number.toArray();
        if (raw.length > 32) {
            throw new Reader.Malformed("a number of P-256 has 32 bytes");
        }
        var all = new byte[32];
        System.arraycopy(raw, 0, all, 32 - raw.length, raw.length);
        return Bytes.of(all);
    }
}
