package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.der.Der;
import org.mizuhiki.seal.kem.Hkdf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Wycheproof's attacks on the primitives, through the same provider lookups as the room's own code. Runs
/// with whatever provider the process chose; the vectors are third-party and not part of the repository.
class WycheproofTest {
    private static byte[] hex(JsonNode node) {
        return HexFormat.of().parseHex(node.asString());
    }

    private static JsonNode vectors(String name) throws Exception {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var file = at.resolve("../shared/data/vectors/wycheproof")
                    .resolve(name)
                    .normalize();
            if (Files.exists(file)) {
                return JsonMapper.shared().readTree(Files.readAllBytes(file));
            }
        }
        Assumptions.abort("no Wycheproof vectors beside the repository: " + name + " is missing");
        throw new IllegalStateException();
    }

    @FunctionalInterface
    private interface Attempt {
        boolean holds(JsonNode group, JsonNode test) throws Exception;
    }

    /// Valid vectors must hold, invalid ones must not; `acceptable` ones may do either.
    private static void run(String name, Attempt attempt) throws Exception {
        var wrong = new ArrayList<String>();
        int seen = 0;
        for (var group : vectors(name).get("testGroups")) {
            for (var test : group.get("tests")) {
                boolean holds;
                try {
                    holds = attempt.holds(group, test);
                } catch (GeneralSecurityException | RuntimeException e) {
                    holds = false;
                }
                var expected = test.get("result").asString();
                seen++;
                if (!expected.equals("acceptable") && holds != expected.equals("valid")) {
                    wrong.add(test.get("tcId") + " " + test.path("comment").asString() + " is " + expected);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(true, seen > 0);
    }

    @Test
    void aesGcm() throws Exception {
        run("aes_gcm_test.json", (group, test) -> {
            // letters, segments and boxes only ever use these sizes
            if (group.get("ivSize").asInt() != 96 || group.get("keySize").asInt() != 256) {
                return test.get("result").asString().equals("valid");
            }
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(hex(test.get("key")), "AES"),
                    new GCMParameterSpec(128, hex(test.get("iv"))));
            cipher.updateAAD(hex(test.get("aad")));
            var sealed = new ByteArrayOutputStream();
            sealed.write(hex(test.get("ct")));
            sealed.write(hex(test.get("tag")));
            return Arrays.equals(hex(test.get("msg")), cipher.doFinal(sealed.toByteArray()));
        });
    }

    @Test
    void ecdsaP256() throws Exception {
        run("ecdsa_secp256r1_sha256_test.json", (group, test) -> {
            var verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(hex(group.get("publicKeyDer")))));
            verifier.update(hex(test.get("msg")));
            var value = hex(test.get("sig"));
            return Der.isEcdsaSignature(value) && verifier.verify(value);
        });
    }

    @Test
    void ecdhP256() throws Exception {
        run("ecdh_secp256r1_test.json", (group, test) -> {
            var factory = KeyFactory.getInstance("EC");
            var theirs = factory.generatePublic(new X509EncodedKeySpec(hex(test.get("public"))));
            var parameters =
                    ((java.security.interfaces.ECPublicKey) TestPki.ec().getPublic()).getParams();
            var mine = factory.generatePrivate(
                    new ECPrivateKeySpec(new BigInteger(test.get("private").asString(), 16), parameters));
            var agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(mine);
            agreement.doPhase(theirs, true);
            return Arrays.equals(hex(test.get("shared")), agreement.generateSecret());
        });
    }

    @Test
    void hkdf() throws Exception {
        run("hkdf_sha256_test.json", (group, test) -> {
            var made = Hkdf.derive(
                    Secret.taking(hex(test.get("ikm"))),
                    hex(test.get("salt")),
                    hex(test.get("info")),
                    test.get("size").asInt());
            return made.equals(Secret.taking(hex(test.get("okm"))));
        });
    }

    @Test
    void x25519() throws Exception {
        run("x25519_test.json", (group, test) -> {
            var factory = KeyFactory.getInstance("X25519");
            var theirs = hex(test.get("public"));
            var flipped = new byte[32];
            for (int i = 0; i < 32; i++) {
                flipped[i] = theirs[31 - i];
            }
            flipped[0] &= 0x7f;
            var agreement = KeyAgreement.getInstance("X25519");
            agreement.init(factory.generatePrivate(
                    new XECPrivateKeySpec(NamedParameterSpec.X25519, hex(test.get("private")))));
            agreement.doPhase(
                    factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, flipped))),
                    true);
            return Arrays.equals(hex(test.get("shared")), agreement.generateSecret());
        });
    }

    @Test
    void mlKem768() throws Exception {
        run("mlkem_768_test.json", (group, test) -> {
            var key = new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, hex(test.get("seed")));
            var ciphertext = hex(test.get("c"));
            return (!test.has("ek") || Arrays.equals(hex(test.get("ek")), key.getPublicKey()))
                    && Arrays.equals(hex(test.get("K")), new MLKEMExtractor(key).extractSecret(ciphertext));
        });
    }

    @Test
    void mlDsa65() throws Exception {
        run("mldsa_65_verify_test.json", (group, test) -> {
            if (test.has("ctx") && !test.get("ctx").asString().isEmpty()) {
                return test.get("result").asString().equals("valid");
            }
            var verifier = Signature.getInstance("ML-DSA-65");
            verifier.initVerify(KeyFactory.getInstance("ML-DSA-65")
                    .generatePublic(new X509EncodedKeySpec(hex(group.get("publicKeyDer")))));
            verifier.update(hex(test.get("msg")));
            return verifier.verify(hex(test.get("sig")));
        });
    }

    @Test
    void rsaOaep() throws Exception {
        run("rsa_oaep_2048_sha256_mgf1sha256_test.json", (group, test) -> {
            var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            var key = KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(hex(group.get("privateKeyPkcs8"))));
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    key,
                    new OAEPParameterSpec(
                            "SHA-256",
                            "MGF1",
                            MGF1ParameterSpec.SHA256,
                            new PSource.PSpecified(hex(test.get("label")))));
            return Arrays.equals(hex(test.get("msg")), cipher.doFinal(hex(test.get("ct"))));
        });
    }
}
