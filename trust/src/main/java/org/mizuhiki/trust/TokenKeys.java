package org.mizuhiki.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Keys in a PKCS#11 token (a hardware module, a smart card, SoftHSM): made there, marked sensitive and not
/// extractable, used there. The key store of the JDK finds a key by a certificate beside it; until the real
/// one is somewhere, a self-signed place-holder of that key lies there and certifies nothing.
final class TokenKeys implements SigningKeys {
    private static final Duration LONG = Duration.ofDays(36_500);

    private final Provider provider;
    private final KeyStore store;
    private final Clock clock;

    /// @throws Refusal `token-unreadable`
    TokenKeys(Path library, Secret pin, Clock clock) {
        this.clock = clock;
        var characters = pin.lend(bytes -> new String(bytes, StandardCharsets.UTF_8).toCharArray());
        try {
            provider = Security.getProvider("SunPKCS11").configure(configuration(library));
            store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, characters);
            // so that a signature is made where its key is
            Security.addProvider(provider);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw Refusal.of(
                    "token-unreadable",
                    "鍵の装置（PKCS#11）を開けません。ライブラリのパスと暗証番号を確認してください",
                    "The key token (PKCS#11) cannot be opened; check the library's path and the PIN",
                    e);
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    private static String configuration(Path library) {
        var path = library.toAbsolutePath().toString();
        if (path.chars().anyMatch(c -> c == '\n' || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("not a path of a library");
        }
        return "--name = mizuhiki-" + Integer.toHexString(path.hashCode()) + "\n"
                + "library = \"" + path + "\"\n"
                + "slotListIndex = 0\n"
                + "attributes(generate, CKO_PRIVATE_KEY, *) = {\n"
                + "  CKA_TOKEN = true\n  CKA_PRIVATE = true\n  CKA_SENSITIVE = true\n"
                + "  CKA_EXTRACTABLE = false\n  CKA_SIGN = true\n}\n";
    }

    @Override
    public PrivateKey key(String name) {
        try {
            Key found = store.getKey(name, null);
            if (found instanceof PrivateKey key) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
        throw missing(null);
    }

    @Override
    public PublicKey make(String name, String curve) {
        try {
            var maker = KeyPairGenerator.getInstance("EC", provider);
            maker.initialize(new ECGenParameterSpec(curve));
            var pair = maker.generateKeyPair();
            store.setKeyEntry(name, pair.getPrivate(), null, new X509Certificate[] {
                placeHolder(name, pair.getPublic(), pair.getPrivate())
            });
            return pair.getPublic();
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("the token makes no key on " + curve, e);
        }
    }

    private X509Certificate placeHolder(String name, PublicKey open, PrivateKey secret)
            throws GeneralSecurityException, OperatorCreationException {
        var nobody = new X500Name("CN=" + name);
        var now = clock.instant();
        var built = new JcaX509v3CertificateBuilder(
                        nobody, BigInteger.ONE, Date.from(now), Date.from(now.plus(LONG)), nobody, open)
                .build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .setProvider(provider)
                        .build(secret));
        return new JcaX509CertificateConverter().getCertificate(built);
    }

    private static Refusal missing(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "装置（PKCS#11）の中に、この名前の鍵がありません";
        var en = "There is no key of this name in the token";
        return cause == null
                ? Refusal.of("key-file-unreadable", ja, en)
                : Refusal.of("key-file-unreadable", ja, en, cause);
    }
}
