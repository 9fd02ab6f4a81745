package org.mizuhiki.enrol.acme;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.lang.JoseException;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A public key that signs requests. Its kind says the one algorithm it is good for: what a request calls
/// its algorithm is only compared, so that no key is ever used in a way that it was not made for.
final class AccountKey {
    static final List<String> ALGORITHMS = List.of("ES256", "ES384", "EdDSA", "RS256");

    /// All that makes up a public key; what else a JWK may carry (certificates, URLs) is not looked at.
    private static final Set<String> PARTS = Set.of("kty", "crv", "x", "y", "n", "e");

    private static final int LEAST_RSA = 2048;
    private static final int MOST_RSA = 4096;

    private final PublicJsonWebKey jwk;
    private final String algorithm;

    private AccountKey(PublicJsonWebKey jwk, String algorithm) {
        this.jwk = jwk;
        this.algorithm = algorithm;
    }

    /// @throws Refusal `account-key-unfit`, `jws-malformed`
    static AccountKey read(Fields shown) {
        if (shown.has("d") || shown.has("k")) {
            throw unfit(); // whoever sends a secret must make another one
        }
        var parts = new LinkedHashMap<String, Object>();
        PARTS.forEach(p -> shown.text(p).ifPresent(value -> parts.put(p, value)));
        return read(parts);
    }

    /// As written by [#json].
    static AccountKey read(String json) {
        return read(Fields.read(Bytes.utf8(json).toArray()));
    }

    private static AccountKey read(Map<String, Object> parts) {
        try {
            var jwk = PublicJsonWebKey.Factory.newPublicJwk(parts);
            return new AccountKey(jwk, algorithm(jwk.getPublicKey()).orElseThrow(AccountKey::unfit));
        } catch (JoseException e) {
            throw unfit();
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            throw unfit(); // a parser that stumbles over a hostile key has still refused it
        }
    }

    private static Optional<String> algorithm(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec ->
                switch (ec.getParams().getOrder().bitLength()) {
                    case 256 -> Optional.of(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
                    case 384 -> Optional.of(AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384);
                    default -> Optional.empty();
                };
            case EdECPublicKey ed
            when ed.getParams().getName().equals("Ed25519") -> Optional.of(AlgorithmIdentifiers.EDDSA);
            case RSAPublicKey rsa when isFit(rsa) -> Optional.of(AlgorithmIdentifiers.RSA_USING_SHA256);
            default -> Optional.empty();
        };
    }

    /// A modulus or exponent without bound would let one small request cost seconds.
    private static boolean isFit(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        return bits >= LEAST_RSA
                && bits <= MOST_RSA
                && key.getPublicExponent().bitLength() <= 32
                && key.getPublicExponent().testBit(0)
                && key.getPublicExponent().bitLength() > 1;
    }

    String algorithm() {
        return algorithm;
    }

    PublicKey publicKey() {
        return jwk.getPublicKey();
    }

    /// SubjectPublicKeyInfo, DER: how the same key stands in a request or certificate.
    Bytes encoded() {
        return Bytes.of(publicKey().getEncoded());
    }

    /// RFC 7638, SHA-256, base64url.
    String thumbprint() {
        return jwk.calculateBase64urlEncodedThumbprint("SHA-256");
    }

    String json() {
        return jwk.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private static Refusal unfit() {
        return Refusal.of(
                "account-key-unfit",
                "アカウントの鍵は P-256、P-384、Ed25519、2048〜4096ビットのRSAのいずれかの公開鍵です",
                "An account's key is the public half of a P-256, P-384, Ed25519 or RSA key of 2048 to 4096 bits");
    }
}
