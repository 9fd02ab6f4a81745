package org.mizuhiki.oprf;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// What the server keeps of a person's password (RFC 9807, 5.1): 192 bytes {client's public key 32, masking
/// key 64, envelope 96}. With it and the whole key of the oblivious function passwords can be tried, with
/// it alone none.
public final class RegistrationRecord {
    /// Length in bytes.
    public static final int BYTES = Messages.KEY + Hashes.SIZE + Messages.ENVELOPE;

    private final Bytes encoded;
    private final byte[] clientKey;
    private final byte[] maskingKey;
    private final byte[] envelope;

    /// @throws Refusal `message-malformed`, `element-malformed`, `element-identity`
    public RegistrationRecord(Bytes encoded) {
        var fields = Messages.fields(encoded, Messages.KEY, Hashes.SIZE, Messages.ENVELOPE);
        this.encoded = encoded;
        this.clientKey = fields.get(0);
        this.maskingKey = fields.get(1);
        this.envelope = fields.get(2);
        Suite.element(Bytes.of(clientKey));
    }

    /// For an ID that nobody has (RFC 9807, 10.9): the same for the same ID, an envelope that no password
    /// opens, and costs what a real one costs. Without it, answers would tell which IDs exist.
    ///
    /// @param seed [KeyShare#SEED_BYTES] of the server's own, for this alone
    public static RegistrationRecord fake(Secret seed, Bytes id) {
        var drawn = seed.lend(s ->
                Hashes.expand(s, Suite.joined(Suite.ascii("FakeRecord"), id.toArray()), Hashes.SIZE + Messages.SEED));
        var halves = Messages.fields(Bytes.of(drawn), Hashes.SIZE, Messages.SEED);
        try (var nobody = KeyPair.derive(halves.get(1))) {
            return new RegistrationRecord(
                    Bytes.of(Suite.joined(nobody.publicKey(), halves.get(0), new byte[Messages.ENVELOPE])));
        }
    }

    public Bytes encoded() {
        return encoded;
    }

    byte[] clientKey() {
        return clientKey;
    }

    byte[] maskingKey() {
        return maskingKey;
    }

    byte[] envelope() {
        return envelope;
    }

    @Override
    public String toString() {
        return "RegistrationRecord[redacted]";
    }
}
