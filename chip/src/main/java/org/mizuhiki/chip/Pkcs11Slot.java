package org.mizuhiki.chip;

import java.io.IOException;
import java.math.BigInteger;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A token that holds one key. The JDK finds a key by the certificate beside it; until the real one comes, a
/// place-holder of that key lies there, which its key signed itself and which was never valid.
final class Pkcs11Slot implements KeySlot {
    private static final Instant NEVER = Instant.EPOCH;
    private static final int MOST = 2048;

    private final AuthProvider token;
    private final String name;
    private final Secret code;

    Pkcs11Slot(AuthProvider token, String name, Secret code) {
        this.token = token;
        this.name = name;
        this.code = code;
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(KeyStore store) throws GeneralSecurityException, IOException, OperatorCreationException;
    }

    /// Logs in, and out again whatever happens: while somebody is logged in, no PIN is asked.
    private <T> T opened(Use<T> use) {
        var pin = code.lend(Pkcs11Slot::characters);
        synchronized (token) {
            try {
                var store = KeyStore.getInstance("PKCS11", token);
                store.load(null, pin);
                return use.of(store);
            } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
                throw refused(e);
            } finally {
                Arrays.fill(pin, '\0');
                leave();
            }
        }
    }

    /// The JDK hands the token the low byte of each character. No text: it would stay in memory.
    private static char[] characters(byte[] bytes) {
        var characters = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            characters[i] = (char) (bytes[i] & 0xff);
        }
        return characters;
    }

    private void leave() {
        try {
            token.logout();
        } catch (GeneralSecurityException e) {
            throw refused(e);
        }
    }

    private static Refusal refused(Exception e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (String.valueOf(cause.getMessage())) {
                case "CKR_PIN_LOCKED" -> throw Command.refused(0x6983);
                case "CKR_PIN_INCORRECT", "CKR_PIN_INVALID", "CKR_PIN_LEN_RANGE" ->
                    throw Refusal.of(
                            "chip-code-wrong",
                            "チップのコードが違います。残りの回数は装置によります",
                            "The chip's code is wrong; how many tries are left is up to the token",
                            e);
                default -> {}
            }
        }
        return Refusal.of("chip-refused", "鍵の装置（PKCS#11）が拒否しました", "The key token (PKCS#11) refused", e);
    }

    @Override
    public PublicKey generate() {
        return opened(store -> {
            var known = certificates(store);
            if (!known.isEmpty()) {
                if (!isPlaceHolder(known.getFirst())) {
                    throw Slots.loaded();
                }
                return known.getFirst().getPublicKey();
            }
            var maker = KeyPairGenerator.getInstance("EC", token);
            maker.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = maker.generateKeyPair();
            var holder = placeHolder(pair.getPublic(), pair.getPrivate());
            store.setKeyEntry(name, pair.getPrivate(), null, new X509Certificate[] {holder});
            return holder.getPublicKey();
        });
    }

    private X509Certificate placeHolder(PublicKey open, PrivateKey secret)
            throws GeneralSecurityException, OperatorCreationException {
        var nobody = new X500Name("CN=" + name);
        var never = Date.from(NEVER);
        var built = new JcaX509v3CertificateBuilder(nobody, BigInteger.ONE, never, never, nobody, open)
                .build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .setProvider(token)
                        .build(secret));
        return new JcaX509CertificateConverter().getCertificate(built);
    }

    private static boolean isPlaceHolder(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().equals(NEVER);
    }

    /// Own first, the place-holder too; empty without a key.
    private List<X509Certificate> certificates(KeyStore store) throws GeneralSecurityException {
        var chain = store.getCertificateChain(name);
        return chain == null
                ? List.of()
                : Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    @Override
    public Optional<PublicKey> publicKey() {
        return opened(store -> certificates(store).stream().findFirst().map(X509Certificate::getPublicKey));
    }

    @Override
    public Bytes sign(Bytes content) {
        return opened(store -> {
            var signer = Signature.getInstance("SHA256withECDSA", token);
            signer.initSign(key(store));
            signer.update(content.toArray());
            return Bytes.of(signer.sign());
        });
    }

    private PrivateKey key(KeyStore store) throws GeneralSecurityException {
        Key found = store.getKey(name, null);
        if (found instanceof PrivateKey key) {
            return key;
        }
        throw Slots.empty();
    }

    @Override
    public void store(List<X509Certificate> chain) {
        opened(store -> {
            var known = certificates(store);
            if (known.isEmpty()) {
                throw Slots.empty();
            }
            if (chain.isEmpty()
                    || !chain.getFirst().getPublicKey().equals(known.getFirst().getPublicKey())) {
                throw Slots.notMine();
            }
            if (!known.equals(chain)) {
                Slots.encoded(chain, MOST);
                store.setKeyEntry(name, key(store), null, chain.toArray(X509Certificate[]::new));
            }
            return chain;
        });
    }

    @Override
    public List<X509Certificate> chain() {
        return opened(store -> {
            var known = certificates(store);
            return known.isEmpty() || isPlaceHolder(known.getFirst()) ? List.of() : known;
        });
    }

    @Override
    public void clear() {
        opened(store -> {
            if (store.containsAlias(name)) {
                store.deleteEntry(name);
            }
            return name;
        });
    }
}
