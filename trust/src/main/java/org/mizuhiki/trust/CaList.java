package org.mizuhiki.trust;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Json;

/// Everything that the root certified, signed twice: with the root's ECDSA key (P-384) and with the root's
/// second key, ML-DSA-65 (FIPS 204), which the region file pins. The certificates stay what ordinary tools
/// read; whoever knows of the list believes no CA that is not on it, so that a root key computed from its
/// public half some day certifies nobody.
///
/// @param statement canonical text: kind, region, digest of the root, digest of each certificate by name
/// @param classical ECDSA with SHA-384, DER
/// @param quantumSafe ML-DSA-65
public record CaList(Bytes statement, Bytes classical, Bytes quantumSafe) {
    private static final int LARGEST = 64 << 10;
    private static final String BEGINNING = "mizuhiki ca list v1\n";
    /// AlgorithmIdentifier and key size of ML-DSA-65 (RFC 9881): any other parameter set is refused.
    private static final String ML_DSA_65 = "308207b2300b0609608648016503040312038207a100";

    static KeyPair newKeyPair(SecureRandom die) {
        try {
            var maker = KeyPairGenerator.getInstance("ML-DSA-65", "SUN");
            maker.initialize(NamedParameterSpec.ML_DSA_65, die);
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has ML-DSA-65", e);
        }
    }

    /// @param certified by name, whatever the root certified
    static CaList sign(
            String region,
            X509Certificate root,
            Map<String, X509Certificate> certified,
            PrivateKey classical,
            PrivateKey quantumSafe) {
        var fields = new TreeMap<String, String>();
        fields.put("kind", "ca-list");
        fields.put("region", region);
        fields.put("root", KeyFiles.encoded(root).sha256().hex());
        certified.forEach((name, ca) ->
                fields.put("ca." + name, KeyFiles.encoded(ca).sha256().hex()));
        var statement = Canonical.of(fields).encode();
        try {
            return new CaList(
                    statement,
                    signed(Signature.getInstance("SHA384withECDSA"), classical, statement),
                    signed(mlDsa(), quantumSafe, statement));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the root's keys sign", e);
        }
    }

    /// Both signatures must hold: neither kind of key alone certifies anybody.
    ///
    /// @param root pinned
    /// @param pinned the root's ML-DSA-65 key, SubjectPublicKeyInfo
    /// @return digests of all that the root certified
    /// @throws Refusal `ca-list-forged`
    public Set<Digest> check(X509Certificate root, Bytes pinned) {
        try {
            boolean holds = verified(Signature.getInstance("SHA384withECDSA"), root.getPublicKey(), classical)
                    && verified(mlDsa(), publicKey(pinned), quantumSafe);
            var fields = Canonical.decode(statement);
            if (holds
                    && fields.get("kind").equals("ca-list")
                    && fields.get("root").equals(KeyFiles.encoded(root).sha256().hex())) {
                return fields.fields().entrySet().stream()
                        .filter(f -> f.getKey().startsWith("ca."))
                        .map(f -> new Digest(f.getValue()))
                        .collect(Collectors.toUnmodifiableSet());
            }
        } catch (GeneralSecurityException | Refusal e) {
            throw forged();
        }
        throw forged();
    }

    Bytes encode() {
        return Json.write(this);
    }

    /// @throws Refusal `ca-list-forged`
    public static CaList decode(Bytes encoded) {
        if (encoded.size() > LARGEST) {
            throw forged();
        }
        try {
            return Json.read(encoded, CaList.class);
        } catch (Refusal e) {
            throw forged();
        }
    }

    private boolean verified(Signature with, PublicKey key, Bytes signature) throws GeneralSecurityException {
        with.initVerify(key);
        with.update(said(statement));
        return with.verify(signature.toArray());
    }

    private static Bytes signed(Signature with, PrivateKey key, Bytes statement) throws GeneralSecurityException {
        with.initSign(key);
        with.update(said(statement));
        return Bytes.of(with.sign());
    }

    /// Begins with words of its own: a certificate or list signed by the root never passes as this one.
    private static byte[] said(Bytes statement) {
        return Bytes.utf8(BEGINNING + statement.asUtf8()).toArray();
    }

    /// The JDK's, whatever provider stands first: encodings of ML-DSA keys differ between makers.
    private static Signature mlDsa() throws GeneralSecurityException {
        return Signature.getInstance("ML-DSA-65", "SUN");
    }

    private static PublicKey publicKey(Bytes pinned) throws GeneralSecurityException {
        if (!pinned.asHex().startsWith(ML_DSA_65)) {
            throw new GeneralSecurityException("not an ML-DSA-65 key");
        }
        return KeyFactory.getInstance("ML-DSA", "SUN").generatePublic(new X509EncodedKeySpec(pinned.toArray()));
    }

    static Refusal forged() {
        return Refusal.of(
                "ca-list-forged",
                "認証局の一覧の署名（ECDSA と ML-DSA の両方）が正しくありません。運営者に連絡してください",
                "The list of CAs is not signed by both of the root's keys (ECDSA and ML-DSA); tell the operator");
    }
}
