package org.mizuhiki.ledger.note;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.EnumSet;
import java.util.Set;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Makes, keeps and loads the key pairs of logs and witnesses: `NAME.p8` (PKCS#8, mode 0600) and
/// `NAME.spki`.
public final class SigningKeys {
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int MAX_FILE = 16 << 10;
    // the algorithm identifiers of SubjectPublicKeyInfo: any other curve or parameter set is refused (RFC 5480, RFC
    // 9881)
    private static final String P256 = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
    private static final String ML_DSA_65 = "308207b2300b0609608648016503040312038207a100";

    private SigningKeys() {}

    /// ML-DSA stays with the JDK's provider whatever stands first: encodings of private keys differ
    /// between makers.
    static Signature signature(String algorithm) throws GeneralSecurityException {
        return algorithm.equals("ML-DSA") ? Signature.getInstance(algorithm, "SUN") : Signature.getInstance(algorithm);
    }

    private static KeyFactory factory(String keys) throws GeneralSecurityException {
        return keys.equals("ML-DSA") ? KeyFactory.getInstance(keys, "SUN") : KeyFactory.getInstance(keys);
    }

    static PublicKey publicKey(String keys, Bytes spki) throws GeneralSecurityException {
        if (!spki.asHex().startsWith(keys.equals("EC") ? P256 : ML_DSA_65)) {
            throw new GeneralSecurityException("not a P-256 or ML-DSA-65 key");
        }
        return factory(keys).generatePublic(new X509EncodedKeySpec(spki.toArray()));
    }

    public static KeyPair generate(NoteKey.Kind kind, SecureRandom die) {
        try {
            if (kind == NoteKey.Kind.ML_DSA_65) {
                var maker = KeyPairGenerator.getInstance("ML-DSA-65", "SUN");
                maker.initialize(java.security.spec.NamedParameterSpec.ML_DSA_65, die);
                return maker.generateKeyPair();
            }
            var maker = KeyPairGenerator.getInstance("EC");
            maker.initialize(new ECGenParameterSpec("secp256r1"), die);
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has P-256 and ML-DSA-65", e);
        }
    }

    /// @throws Refusal `key-file-exists`: a log that loses its key loses its name, so none is ever
    /// overwritten
    public static void store(Path folder, String name, KeyPair pair) throws IOException {
        Files.createDirectories(folder);
        var secret = folder.resolve(name + ".p8");
        if (Files.exists(secret)) {
            throw Refusal.of(
                    "key-file-exists", "鍵ファイルが既にあります。上書きしません", "The key file exists already and is not overwritten");
        }
        var encoded = pair.getPrivate().getEncoded();
        try {
            Files.createFile(secret, PosixFilePermissions.asFileAttribute(OWNER));
            Files.write(secret, encoded);
        } finally {
            java.util.Arrays.fill(encoded, (byte) 0);
        }
        Files.write(folder.resolve(name + ".spki"), pair.getPublic().getEncoded());
    }

    /// @throws Refusal `key-file-missing`, `key-file-exposed` (others than the owner may read it),
    /// `key-file-broken`
    public static KeyPair load(Path folder, String name, NoteKey.Kind kind) throws IOException {
        var secret = folder.resolve(name + ".p8");
        if (!Files.exists(secret)) {
            throw Refusal.of("key-file-missing", "鍵ファイルがありません", "There is no key file " + secret.getFileName());
        }
        if (!OWNER.containsAll(Files.getPosixFilePermissions(secret))) {
            throw Refusal.of(
                    "key-file-exposed",
                    "鍵ファイルを所有者以外が読めます。権限を0600にしてください",
                    "Others than its owner can read the key file; set its mode to 0600");
        }
        var encoded = bounded(secret);
        try {
            var key = factory(kind.keys).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            var spki = Bytes.of(bounded(folder.resolve(name + ".spki")));
            var pair = new KeyPair(publicKey(kind.keys, spki), key);
            prove(kind, pair);
            return pair;
        } catch (GeneralSecurityException e) {
            throw Refusal.of("key-file-broken", "鍵ファイルが破損しています", "The key files are damaged or do not match", e);
        } finally {
            java.util.Arrays.fill(encoded, (byte) 0);
        }
    }

    private static byte[] bounded(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw Refusal.of("key-file-broken", "鍵ファイルが大きすぎます", "The key file is too large");
        }
        return Files.readAllBytes(file);
    }

    /// A private key beside somebody else's public key would sign checkpoints that nobody can verify.
    private static void prove(NoteKey.Kind kind, KeyPair pair) throws GeneralSecurityException {
        var message = new byte[] {1};
        var signer = signature(kind.algorithm);
        signer.initSign(pair.getPrivate());
        signer.update(message);
        var signature = signer.sign();
        var verifier = signature(kind.algorithm);
        verifier.initVerify(pair.getPublic());
        verifier.update(message);
        if (!verifier.verify(signature)) {
            throw new GeneralSecurityException("private and public key do not match");
        }
    }
}
