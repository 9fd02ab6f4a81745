package org.mizuhiki.oprf;

import java.security.SecureRandom;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.ristretto.Scalar;

/// The server's side of OPAQUE-3DH (RFC 9807). It sees neither password nor what opens a person's keys; the
/// evaluation of the blinded password comes from outside, so that it may come from two servers
/// ([KeyShare#sum]).
public final class OpaqueServer implements AutoCloseable {
    /// Lengths of the messages in bytes.
    public static final int KE1 = Messages.KEY + Messages.NONCE + Messages.KEY;

    public static final int KE2 =
            Messages.KEY + Messages.NONCE + Messages.MASKED + Messages.NONCE + Messages.KEY + Messages.MAC;
    public static final int KE3 = Messages.MAC;

    private static final byte[] PAD = Suite.ascii("CredentialResponsePad");

    private final KeyPair key;
    private final Identities identities;
    private final SecureRandom die;

    /// @param privateKey 32 bytes of [#newKey]
    /// @throws Refusal `scalar-malformed`
    public OpaqueServer(Secret privateKey, Identities identities, SecureRandom die) {
        this.key = new KeyPair(privateKey.lend(Scalar::decode));
        this.identities = identities;
        this.die = die;
    }

    /// The lasting private key: who has it can pretend to be this server, and learns no password by it.
    public static Secret newKey(SecureRandom die) {
        try (var scalar = Scalar.random(die)) {
            return scalar.toSecret();
        }
    }

    public Bytes publicKey() {
        return Bytes.of(key.publicKey());
    }

    /// CreateRegistrationResponse (RFC 9807, 5.2.2), 64 bytes.
    ///
    /// @param evaluated the client's request under the key of the person's ID, or under this server's share
    /// of it, to which the client adds the other's ([OpaqueClient#withShare])
    /// @throws Refusal `element-malformed`, `element-identity`
    public Bytes registrationResponse(Bytes evaluated) {
        Suite.element(evaluated);
        return Bytes.of(Suite.joined(evaluated.toArray(), key.publicKey()));
    }

    /// The blinded password in KE1, which is to be evaluated.
    ///
    /// @throws Refusal `message-malformed`
    public static Bytes blinded(Bytes ke1) {
        return Bytes.of(
                Messages.fields(ke1, Messages.KEY, Messages.NONCE, Messages.KEY).getFirst());
    }

    /// GenerateKE2 (RFC 9807, 6.2.2): the same steps for real and fake records.
    ///
    /// @param evaluated [#blinded] under the key of the person's ID
    /// @throws Refusal `message-malformed`, `element-malformed`, `element-identity`
    public PendingLogin answer(RegistrationRecord record, Bytes ke1, Bytes evaluated) {
        Suite.element(evaluated);
        // 1. CreateCredentialResponse (6.3.2.2)
        var maskingNonce = drawn(Messages.NONCE);
        var pad = Hashes.expand(record.maskingKey(), Suite.joined(maskingNonce, PAD), Messages.MASKED);
        var masked = xor(pad, Suite.joined(key.publicKey(), record.envelope()));
        var response = Suite.joined(evaluated.toArray(), maskingNonce, masked);
        // 2. AuthServerRespond (6.4.4)
        var clientShare =
                Messages.fields(ke1, Messages.KEY, Messages.NONCE, Messages.KEY).getLast();
        var nonce = drawn(Messages.NONCE);
        try (var once = KeyPair.derive(drawn(Messages.SEED))) {
            var answer = Suite.joined(response, nonce, once.publicKey());
            var preamble = Handshake.preamble(
                    identities.context().toArray(),
                    identities.client(record.clientKey()),
                    ke1.toArray(),
                    identities.server(key.publicKey()),
                    answer);
            var secrets = Suite.joined(once.dh(clientShare), key.dh(clientShare), once.dh(record.clientKey()));
            try (var handshake = new Handshake(preamble, secrets)) {
                return new PendingLogin(Bytes.of(Suite.joined(answer, handshake.serverMac())), handshake);
            }
        }
    }

    private static byte[] xor(byte[] pad, byte[] message) {
        for (int i = 0; i < message.length; i++) {
            message[i] ^= pad[i];
        }
        Arrays.fill(pad, (byte) 0);
        return message;
    }

    private byte[] drawn(int length) {
        var bytes = new byte[length];
        die.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        key.close();
    }
}
