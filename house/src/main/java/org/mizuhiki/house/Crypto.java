package org.mizuhiki.house;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;

/// The cryptographic providers, chosen once per process (native where it loads, JDK otherwise), and the
/// signature that everybody uses: ECDSA over P-256 with SHA-256, DER.
public final class Crypto {
    private static final String NATIVE = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private static final String ECDSA = "SHA256withECDSA";

    private Crypto() {}

    /// @param key P-256, also one that stays in an element
    /// @throws IllegalArgumentException for a key of another kind, or one that its element does not lend
    public static Bytes signed(PrivateKey key, SecureRandom die, Bytes content) {
        try {
            var signer = Signature.getInstance(ECDSA);
            signer.initSign(key, die);
            signer.update(content.toArray());
            return Bytes.of(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this P-256 key does not sign", e);
        }
    }

    /// The same with the provider's own randomness.
    public static Bytes signed(PrivateKey key, Bytes content) {
        try {
            var signer = Signature.getInstance(ECDSA);
            signer.initSign(key);
            signer.update(content.toArray());
            return Bytes.of(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this P-256 key does not sign", e);
        }
    }

    /// Whether the holder of `key` signed exactly this; bytes that are no signature, and a key of another
    /// kind, prove nothing.
    public static boolean verifies(PublicKey key, Bytes content, Bytes signature) {
        return verifies(ECDSA, key, content, signature);
    }

    /// The same for keys of others, such as RSA on a card.
    ///
    /// @param algorithm as the JDK names it
    public static boolean verifies(String algorithm, PublicKey key, Bytes content, Bytes signature) {
        try {
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(content.toArray());
            return verifier.verify(signature.toArray());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Puts the native provider first if it is on the class path and its self tests pass.
    ///
    /// @return what was chosen, in words, for the start-up log
    public static String choose() {
        if ("true".equals(System.getProperty("mizuhiki.crypto.jdk"))) {
            return "JDK (as asked for)";
        }
        try {
            var provider = Class.forName(NATIVE)
                    .asSubclass(Provider.class)
                    .getConstructor()
                    .newInstance();
            Security.insertProviderAt(provider, 1);
            return provider.getName() + " " + provider.getVersionStr() + " (native), JDK behind it";
        } catch (ReflectiveOperationException | LinkageError e) {
            return "JDK (no native provider: " + e.getClass().getSimpleName() + ")";
        }
    }
}
