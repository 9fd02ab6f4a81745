package org.mizuhiki.trust;

import java.nio.file.Path;
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
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
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
/// @param statement canonical text: kind, region, digest of the root, digest of each certificate by name, and
/// which CAs' keys were retired, when and why
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

    /// The root's second key as [KeyFiles#writeKey] wrote it.
    ///
    /// @throws Refusal `key-file-unreadable`
    static PrivateKey readKey(Path file) {
        try {
            var der = KeyFiles.keyBytes(file);
            return KeyFactory.getInstance("ML-DSA", "SUN").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw KeyFiles.unreadable(file, e);
        }
    }

    /// That a CA's key is used no more.
    ///
    /// @param compromised others may have it; else it is lost
    public record Retirement(boolean compromised, Instant at) {
        String text() {
            return (compromised ? "compromised " : "lost ") + at;
        }

        static Retirement parse(String text) {
            int space = text.indexOf(' ');
            try {
                return new Retirement(text.startsWith("compromised "), Instant.parse(text.substring(space + 1)));
            } catch (DateTimeParseException e) {
                throw forged();
            }
        }
    }

    /// What stands on the list, by name.
    public record Content(Map<String, Digest> certified, Map<String, Retirement> retired) {
        public Content {
            certified = Map.copyOf(certified);
            retired = Map.copyOf(retired);
        }

        static Content of(Map<String, String> fields) {
            return new Content(named(fields, "ca.", Digest::new), named(fields, "retired.", Retirement::parse));
        }

        private static <T> Map<String, T> named(Map<String, String> fields, String kind, Function<String, T> as) {
            return fields.entrySet().stream()
                    .filter(f -> f.getKey().startsWith(kind))
                    .collect(Collectors.toUnmodifiableMap(
                            f -> f.getKey().substring(kind.length()), f -> as.apply(f.getValue())));
        }

        /// Whether this CA's certificate is that of a key that is used no more.
        public boolean isRetired(X509Certificate ca) {
            var digest = KeyFiles.encoded(ca).sha256();
            return retired.keySet().stream().anyMatch(name -> digest.equals(certified.get(name)));
        }

        /// Every key of every CA below the root, the newest of each last.
        List<String> issuing() {
            return certified.keySet().stream()
                    .filter(name -> CaName.bearing(name).isPresent())
                    .sorted(Comparator.comparing(
                                    (String name) -> CaName.bearing(name).orElseThrow())
                            .thenComparingInt(CaName::number))
                    .toList();
        }

        /// Those of them that nobody else is known to have: what a newcomer may believe.
        List<String> standing() {
            return issuing().stream()
                    .filter(name -> Optional.ofNullable(retired.get(name))
                            .map(why -> !why.compromised())
                            .orElse(true))
                    .toList();
        }

        /// With which key a CA issues now.
        String current(CaName ca) {
            return issuing().stream()
                    .filter(name -> CaName.bearing(name).equals(Optional.of(ca)))
                    .reduce((one, later) -> later)
                    .orElse(ca.text());
        }
    }

    /// What it says, unchecked.
    ///
    /// @throws Refusal `ca-list-forged` when it cannot be read
    Content content() {
        return Content.of(Canonical.decode(statement).fields());
    }

    /// @param certified by name, whatever the root certified
    static CaList sign(
            String region,
            X509Certificate root,
            Map<String, X509Certificate> certified,
            Map<String, Retirement> retired,
            PrivateKey classical,
            PrivateKey quantumSafe) {
        var fields = new TreeMap<String, String>();
        fields.put("kind", "ca-list");
        fields.put("region", region);
        fields.put("root", KeyFiles.encoded(root).sha256().hex());
        certified.forEach((name, ca) ->
                fields.put("ca." + name, KeyFiles.encoded(ca).sha256().hex()));
        retired.forEach((name, why) -> fields.put("retired." + name, why.text()));
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
    /// @throws Refusal `ca-list-forged`
    public Content check(X509Certificate root, Bytes pinned) {
        try {
            boolean holds = verified(Signature.getInstance("SHA384withECDSA"), root.getPublicKey(), classical)
                    && verified(mlDsa(), publicKey(pinned), quantumSafe);
            var fields = Canonical.decode(statement);
            if (holds
                    && fields.get("kind").equals("ca-list")
                    && fields.get("root").equals(KeyFiles.encoded(root).sha256().hex())) {
                return Content.of(fields.fields());
            }
        } catch (GeneralSecurityException | Refusal e) {
            throw forged();
        }
        throw forged();
    }

    public Bytes encode() {
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
