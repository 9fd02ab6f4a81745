package org.mizuhiki.oprf;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The client's side of OPAQUE-3DH (RFC 9807): what a person's device does with a password, which never
/// leaves it. Speaks the same bytes as @serenity-kit/opaque.
///
/// @param stretching the same at registration and every log-in
public record OpaqueClient(Stretching stretching, Identities identities, SecureRandom die) {
    private static final byte[] MASKING_KEY = Suite.ascii("MaskingKey");
    private static final byte[] AUTH_KEY = Suite.ascii("AuthKey");
    private static final byte[] EXPORT_KEY = Suite.ascii("ExportKey");
    private static final byte[] PRIVATE_KEY = Suite.ascii("PrivateKey");
    private static final byte[] PAD = Suite.ascii("CredentialResponsePad");

    /// As the stock clients do when told nothing.
    public static OpaqueClient stock(SecureRandom die) {
        return new OpaqueClient(Stretching.STOCK, Identities.STOCK, die);
    }

    /// @param upload the record for the server, [RegistrationRecord#BYTES]
    /// @param exportKey 64 bytes that only this password gives, for the person's own keys; no server sees
    /// it
    /// @param serverKey the server's public key, bound to the password from now on
    public record Registered(Bytes upload, Secret exportKey, Bytes serverKey) implements AutoCloseable {
        @Override
        public void close() {
            exportKey.close();
        }
    }

    /// @param ke3 for the server
    /// @param sessionKey 64 bytes that client and server share now
    /// @param exportKey that of the registration
    public record LoggedIn(Bytes ke3, Secret sessionKey, Secret exportKey) implements AutoCloseable {
        @Override
        public void close() {
            sessionKey.close();
            exportKey.close();
        }
    }

    /// Begins to set a password.
    public Registration register(Secret password) {
        return new Registration(Blinding.of(password, die));
    }

    /// Begins to log in.
    public Login login(Secret password) {
        var blinding = Blinding.of(password, die);
        var nonce = drawn(Messages.NONCE);
        return new Login(blinding, nonce, KeyPair.random(die));
    }

    /// A password that is being set; wiped on close.
    public final class Registration implements AutoCloseable {
        private final Blinding blinding;

        private Registration(Blinding blinding) {
            this.blinding = blinding;
        }

        /// For the server, 32 bytes.
        public Bytes request() {
            return blinding.request();
        }

        /// The same where the key is the sum of two shares and this device asked both servers itself, this
        /// one's answer being here before the other was asked: nobody but the device adds them up, so no
        /// server can leave the other's share out.
        ///
        /// @param response evaluated by one share only
        /// @param other [#request] evaluated by the other share, 32 bytes
        /// @throws Refusal `message-malformed`, `element-malformed`, `element-identity`
        public Registered finish(Bytes response, Bytes other) {
            return finish(withShare(response, other));
        }

        /// FinalizeRegistrationRequest (RFC 9807, 5.2.3). Over a channel that is authenticated otherwise:
        /// here nothing can prove the server yet.
        ///
        /// @throws Refusal `message-malformed`, `element-malformed`, `element-identity`
        public Registered finish(Bytes response) {
            var fields = Messages.fields(response, Messages.KEY, Messages.KEY);
            var serverKey = fields.get(1);
            Suite.element(Bytes.of(serverKey));
            var password = randomizedPassword(blinding, fields.get(0));
            // Store (4.1.2)
            var nonce = drawn(Messages.NONCE);
            var maskingKey = Hashes.expand(password, MASKING_KEY, Hashes.SIZE);
            try (var envelope = new Opened(password, nonce)) {
                var tag = envelope.tag(serverKey);
                var upload = Suite.joined(envelope.pair.publicKey(), maskingKey, nonce, tag);
                return new Registered(Bytes.of(upload), envelope.exportKey(), Bytes.of(serverKey));
            } finally {
                wipe(password, maskingKey);
            }
        }

        @Override
        public void close() {
            blinding.close();
        }
    }

    /// A registration response as any stock client takes it, out of one share's and the other's evaluation.
    ///
    /// @throws Refusal `message-malformed`, `element-malformed`, `element-identity`
    public static Bytes withShare(Bytes response, Bytes other) {
        var fields = Messages.fields(response, Messages.KEY, Messages.KEY);
        var sum = KeyShare.sum(Bytes.of(fields.get(0)), other);
        return Bytes.of(Suite.joined(sum.toArray(), fields.get(1)));
    }

    /// A log-in under way; wiped on close.
    public final class Login implements AutoCloseable {
        private final Blinding blinding;
        private final KeyPair once;
        private final Bytes ke1;

        private Login(Blinding blinding, byte[] nonce, KeyPair once) {
            this.blinding = blinding;
            this.once = once;
            this.ke1 = Bytes.of(Suite.joined(blinding.request().toArray(), nonce, once.publicKey()));
        }

        /// KE1 for the server, 96 bytes.
        public Bytes request() {
            return ke1;
        }

        /// GenerateKE3 (RFC 9807, 6.2.3).
        ///
        /// @throws Refusal `login-failed` for a wrong password, an unknown ID, another server and a bent
        /// message alike; `message-malformed`
        public LoggedIn finish(Bytes ke2) {
            var fields = Messages.fields(
                    ke2, Messages.KEY, Messages.NONCE, Messages.MASKED, Messages.NONCE, Messages.KEY, Messages.MAC);
            try {
                return finish(fields.get(0), fields.get(1), fields.get(2), fields.get(4), fields.get(5), ke2);
            } catch (Refusal e) {
                throw Messages.failed();
            }
        }

        private LoggedIn finish(
                byte[] evaluated, byte[] maskingNonce, byte[] masked, byte[] serverShare, byte[] mac, Bytes ke2) {
            // 1. RecoverCredentials (6.3.2.3)
            var password = randomizedPassword(blinding, evaluated);
            var maskingKey = Hashes.expand(password, MASKING_KEY, Hashes.SIZE);
            var pad = Hashes.expand(maskingKey, Suite.joined(maskingNonce, PAD), Messages.MASKED);
            for (int i = 0; i < pad.length; i++) {
                pad[i] ^= masked[i];
            }
            var unmasked = Messages.fields(Bytes.of(pad), Messages.KEY, Messages.NONCE, Messages.MAC);
            var serverKey = unmasked.get(0);
            try (var envelope = new Opened(password, unmasked.get(1))) {
                // 2. Recover (4.1.3): only the right password makes the envelope's tag
                if (!MessageDigest.isEqual(envelope.tag(serverKey), unmasked.get(2))) {
                    throw Messages.failed();
                }
                // 3. AuthClientFinalize (6.4.3)
                var answer = Arrays.copyOf(ke2.toArray(), ke2.size() - Messages.MAC);
                var preamble = Handshake.preamble(
                        identities.context().toArray(),
                        identities.client(envelope.pair.publicKey()),
                        ke1.toArray(),
                        identities.server(serverKey),
                        answer);
                var secrets = Suite.joined(once.dh(serverShare), once.dh(serverKey), envelope.pair.dh(serverShare));
                try (var handshake = new Handshake(preamble, secrets)) {
                    if (!MessageDigest.isEqual(handshake.serverMac(), mac)) {
                        throw Messages.failed();
                    }
                    return new LoggedIn(
                            Bytes.of(handshake.clientMac()),
                            Secret.taking(handshake.sessionKey().clone()),
                            envelope.exportKey());
                }
            } finally {
                wipe(password, maskingKey, pad);
            }
        }

        @Override
        public void close() {
            blinding.close();
            once.close();
        }
    }

    /// The keys that password and nonce give: what the envelope protects without holding it.
    private final class Opened implements AutoCloseable {
        private final byte[] nonce;
        private final byte[] authKey;
        private final byte[] exportKey;
        private final KeyPair pair;

        private Opened(byte[] password, byte[] nonce) {
            this.nonce = nonce;
            authKey = Hashes.expand(password, Suite.joined(nonce, AUTH_KEY), Hashes.SIZE);
            exportKey = Hashes.expand(password, Suite.joined(nonce, EXPORT_KEY), Hashes.SIZE);
            pair = KeyPair.derive(Hashes.expand(password, Suite.joined(nonce, PRIVATE_KEY), Messages.SEED));
        }

        private byte[] tag(byte[] serverKey) {
            return Hashes.mac(
                    authKey,
                    nonce,
                    serverKey,
                    Suite.prefixed(identities.server(serverKey)),
                    Suite.prefixed(identities.client(pair.publicKey())));
        }

        private Secret exportKey() {
            return Secret.taking(exportKey.clone());
        }

        @Override
        public void close() {
            wipe(authKey, exportKey);
            pair.close();
        }
    }

    private byte[] randomizedPassword(Blinding blinding, byte[] evaluated) {
        try (var output = blinding.finish(Bytes.of(evaluated))) {
            return output.lend(o -> {
                var stretched = stretching.stretch(o);
                var password = Hashes.extract(o, stretched);
                wipe(stretched);
                return password;
            });
        }
    }

    private static void wipe(byte[]... secrets) {
        for (var secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] drawn(int length) {
        var bytes = new byte[length];
        die.nextBytes(bytes);
        return bytes;
    }
}
