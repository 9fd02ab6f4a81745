package org.mizuhiki.enrol.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Signed requests as hostile bytes.
class JwsTest {
    private static final Set<String> REFUSALS =
            Set.of("jws-malformed", "account-key-unfit", "algorithm-unfit", "signature-wrong");

    private static String signed(PublicJsonWebKey key, String algorithm) throws Exception {
        var jws = new JsonWebSignature();
        jws.setPayload("{\"a\":1}");
        jws.setAlgorithmHeaderValue(algorithm);
        jws.setKey(key.getPrivateKey());
        jws.setJwkHeader(key);
        var parts = jws.getCompactSerialization().split("\\.", -1);
        return JsonUtil.toJson(Map.of("protected", parts[0], "payload", parts[1], "signature", parts[2]));
    }

    private static void open(Bytes body) {
        var jws = Jws.read(body);
        jws.mustBeSignedBy(AccountKey.read(jws.header().object("jwk").orElseThrow(Fields::malformed)));
        jws.payload();
    }

    private static PublicJsonWebKey jwk(String algorithm, Object size) throws Exception {
        var maker = KeyPairGenerator.getInstance(algorithm);
        switch (size) {
            case Integer bits -> maker.initialize(bits);
            case String curve -> maker.initialize(new java.security.spec.ECGenParameterSpec(curve));
            default -> throw new IllegalArgumentException();
        }
        var pair = maker.generateKeyPair();
        var key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
        key.setPrivateKey(pair.getPrivate());
        return key;
    }

    @Test
    void eachKindOfKeyHasItsOneAlgorithm() throws Exception {
        open(Bytes.utf8(signed(jwk("EC", "secp256r1"), "ES256")));
        open(Bytes.utf8(signed(jwk("EC", "secp384r1"), "ES384")));
        open(Bytes.utf8(signed(jwk("Ed25519", 255), "EdDSA")));
        var rsa = jwk("RSA", 2048);
        open(Bytes.utf8(signed(rsa, "RS256")));
        refused("algorithm-unfit", signed(rsa, "PS256"));
        refused("algorithm-unfit", signed(rsa, "RS512"));
        refused("account-key-unfit", signed(jwk("EC", "secp521r1"), "ES512"));
    }

    /// One request that costs a second each is how a small caller stops a server.
    @Test
    void anRsaKeyIsNeitherShortNorHuge() {
        for (int bits : new int[] {1024, 2040, 4104, 8192}) {
            var modulus = new byte[bits / 8];
            Arrays.fill(modulus, (byte) 0xff);
            var text = Base64.getUrlEncoder().withoutPadding().encodeToString(modulus);
            var json = "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + text + "\"}";
            assertEquals(
                    "account-key-unfit",
                    assertThrows(Refusal.class, () -> AccountKey.read(json)).code());
        }
    }

    private static void refused(String code, String body) {
        assertEquals(
                code, assertThrows(Refusal.class, () -> open(Bytes.utf8(body))).code());
    }

    @Test
    void everyChangedByteOfARequestIsRefused() throws Exception {
        var good =
                signed(EcJwkGenerator.generateJwk(EllipticCurves.P256), "ES256").getBytes(StandardCharsets.UTF_8);
        open(Bytes.of(good));
        for (int i = 0; i < good.length; i++) {
            var bad = good.clone();
            bad[i] ^= 1;
            var at = i;
            var refusal = assertThrows(Refusal.class, () -> open(Bytes.of(bad)), () -> "byte " + at);
            assertTrue(REFUSALS.contains(refusal.code()), refusal.code());
        }
    }

    @Test
    void aKeyIsReadBackAsItWasWritten() throws Exception {
        var shown = EcJwkGenerator.generateJwk(EllipticCurves.P256).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
        var key = AccountKey.read(shown);
        var again = AccountKey.read(key.json());
        assertEquals(key.thumbprint(), again.thumbprint());
        assertEquals(key.encoded(), again.encoded());
    }

    @FuzzTest
    void anyRequestIsReadOrRefused(byte[] data) {
        try {
            open(Bytes.of(data));
        } catch (Refusal expected) {
            assertTrue(REFUSALS.contains(expected.code()), expected.code());
        }
        try { // the inner parts of a request that came through
            var text = new String(data, StandardCharsets.ISO_8859_1);
            var part = Base64.getUrlEncoder().withoutPadding().encodeToString(data);
            Jws.of(Fields.read(
                            Bytes.utf8(JsonUtil.toJson(Map.of("protected", part, "payload", part, "signature", text)))
                                    .toArray()))
                    .isSealedWith(Secret.taking(new byte[32]));
        } catch (Refusal expected) {
            assertTrue(REFUSALS.contains(expected.code()), expected.code());
        }
        try {
            AccountKey.read(Fields.read(data));
        } catch (Refusal expected) {
            assertTrue(REFUSALS.contains(expected.code()), expected.code());
        }
    }
}
