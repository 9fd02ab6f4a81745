package org.mizuhiki.enrol.acme;

import java.security.Key;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A signed text in flattened JSON (RFC 7515, 7.2.2), not yet believed.
///
/// @param header the protected one; there is no other (RFC 8555, 6.2)
record Jws(Fields header, String protectedPart, String payloadPart, String signaturePart) {
    /// @throws Refusal `jws-malformed`
    static Jws read(Bytes body) {
        return of(Fields.read(body.toArray()));
    }

    /// @throws Refusal `jws-malformed`
    static Jws of(Fields flattened) {
        if (flattened.has("header") || flattened.has("signatures")) {
            throw Fields.malformed(); // what nobody signed must not be read
        }
        var header = Fields.read(flattened.bytes("protected"));
        if (header.has("crit") || header.has("b64")) {
            throw Fields.malformed(); // extensions that change what is signed; there are none here
        }
        Fields.decode(flattened.need("payload"));
        Fields.decode(flattened.need("signature"));
        return new Jws(header, flattened.need("protected"), flattened.need("payload"), flattened.need("signature"));
    }

    /// Empty for a request that only reads (POST-as-GET).
    Optional<Fields> payload() {
        return payloadPart.isEmpty() ? Optional.empty() : Optional.of(Fields.read(Fields.decode(payloadPart)));
    }

    Fields needPayload() {
        return payload().orElseThrow(Fields::malformed);
    }

    /// @throws Refusal `algorithm-unfit`, `signature-wrong`
    void mustBeSignedBy(AccountKey key) {
        if (!header.need("alg").equals(key.algorithm())) {
            throw algorithmUnfit();
        }
        if (!verifies(key.publicKey(), key.algorithm())) {
            throw wrong();
        }
    }

    /// HS256 (RFC 8555, 7.3.4).
    ///
    /// @throws Refusal `algorithm-unfit`
    boolean isSealedWith(Secret key) {
        if (!header.need("alg").equals(AlgorithmIdentifiers.HMAC_SHA256)) {
            throw algorithmUnfit();
        }
        return key.lend(bytes -> verifies(new HmacKey(bytes), AlgorithmIdentifiers.HMAC_SHA256));
    }

    private boolean verifies(Key key, String algorithm) {
        try {
            var jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(
                    new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, algorithm));
            jws.setCompactSerialization(String.join(".", List.of(protectedPart, payloadPart, signaturePart)));
            jws.setKey(key);
            return jws.verifySignature();
        } catch (JoseException | RuntimeException e) {
            return false; // a signature that cannot be read proves nothing
        }
    }

    private static Refusal algorithmUnfit() {
        return Refusal.of(
                "algorithm-unfit",
                "署名方式が鍵に合わないか、使えないものです（ES256・ES384・EdDSA・RS256、外部アカウントの結び付けはHS256）",
                "The signature's algorithm is not the key's, or none of ES256, ES384, EdDSA, RS256 (HS256 for the external account binding)");
    }

    static Refusal wrong() {
        return Refusal.of("signature-wrong", "要求の署名が鍵と一致しません", "The request's signature was not made with this key");
    }
}
