package org.mizuhiki.oprf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.ristretto.Scalar;

class OprfTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Bytes IDENTITY = Bytes.of(new byte[32]);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static Secret secret(String hex) {
        return Secret.taking(hex(hex));
    }

    private static Secret password() {
        return Secret.taking("正しい馬".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String output(Blinding blinding, Bytes evaluated) {
        return blinding.finish(evaluated).lend(HexFormat.of()::formatHex);
    }

    /// RFC 9497, A.1.1: ristretto255-SHA512, mode OPRF, both vectors.
    @ParameterizedTest
    @CsvSource(textBlock = """
                    00, 609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c, 7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e, 527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6
                    5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a, da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418, b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25, f4a74c9c592497375e796aa837e907b1a045d34306a749db9f34221f7e750cb4f2a6413a6bf6fa5e19ba6348eb673934a722a7ede2e7621306d18951e7cf2c73
                    """)
    void theVectorsOfTheRfcHold(String input, String blinded, String evaluated, String output) {
        var key = KeyShare.derive(secret("a3".repeat(32)), Bytes.utf8("test key"));
        assertEquals(
                "5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e",
                key.toSecret().lend(HexFormat.of()::formatHex));
        var blind = Scalar.decode(hex("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706"));
        try (var blinding = new Blinding(secret(input), blind)) {
            assertEquals(blinded, blinding.request().asHex());
            var evaluation = key.evaluate(blinding.request());
            assertEquals(evaluated, evaluation.asHex());
            assertEquals(output, output(blinding, evaluation));
        }
    }

    @RepeatedTest(10)
    void twoSharesEvaluateAsTheirSumDoes() {
        try (var store = KeyShare.random(DIE);
                var keys = KeyShare.random(DIE);
                var whole = store.plus(keys);
                var blinding = Blinding.of(password(), DIE)) {
            var ofStore = store.evaluate(blinding.request());
            var ofKeys = keys.evaluate(blinding.request());
            assertEquals(whole.evaluate(blinding.request()), KeyShare.sum(ofStore, ofKeys));
            // neither share alone, nor one of them twice, gives what both give
            var both = output(blinding, KeyShare.sum(ofKeys, ofStore));
            assertNotEquals(both, output(blinding, ofStore));
            assertNotEquals(both, output(blinding, ofKeys));
            assertNotEquals(both, output(blinding, KeyShare.sum(ofKeys, ofKeys)));
        }
    }

    @RepeatedTest(10)
    void refreshedSharesGiveTheSameAndDoNotMixWithOldOnes() {
        try (var store = KeyShare.random(DIE);
                var keys = KeyShare.random(DIE);
                var shift = KeyShare.random(DIE);
                var newStore = store.minus(shift);
                var newKeys = keys.plus(shift);
                var first = Blinding.of(password(), DIE);
                var second = Blinding.of(password(), DIE)) {
            var before = output(first, KeyShare.sum(store.evaluate(first.request()), keys.evaluate(first.request())));
            var after = output(
                    second, KeyShare.sum(newStore.evaluate(second.request()), newKeys.evaluate(second.request())));
            var mixed =
                    output(second, KeyShare.sum(store.evaluate(second.request()), newKeys.evaluate(second.request())));
            assertEquals(before, after);
            assertNotEquals(before, mixed);
        }
    }

    @Test
    void requestsDifferForOnePassword() {
        try (var first = Blinding.of(password(), DIE);
                var second = Blinding.of(password(), DIE)) {
            assertNotEquals(first.request(), second.request());
        }
    }

    @Test
    void aKeptShareIsTheSameShare() {
        try (var share = KeyShare.random(DIE);
                var again = KeyShare.of(share.toSecret());
                var blinding = Blinding.of(password(), DIE)) {
            assertEquals(share.evaluate(blinding.request()), again.evaluate(blinding.request()));
        }
        assertEquals("scalar-malformed", refusal(() -> KeyShare.of(secret("ff".repeat(32)))));
    }

    @Test
    void theIdentityAndMalformedElementsAreRefusedEverywhere() {
        try (var share = KeyShare.random(DIE);
                var negative = share.minus(share.plus(share));
                var blinding = Blinding.of(password(), DIE)) {
            assertEquals("element-identity", refusal(() -> share.evaluate(IDENTITY)));
            assertEquals("element-identity", refusal(() -> blinding.finish(IDENTITY)));
            var malformed = Bytes.of(hex("01" + "00".repeat(31)));
            assertEquals("element-malformed", refusal(() -> share.evaluate(malformed)));
            assertEquals("element-malformed", refusal(() -> blinding.finish(malformed)));
            assertEquals("element-malformed", refusal(() -> share.evaluate(Bytes.of(new byte[33]))));
            var evaluated = share.evaluate(blinding.request());
            var cancelling = negative.evaluate(blinding.request());
            assertEquals("element-identity", refusal(() -> KeyShare.sum(evaluated, cancelling)));
            assertEquals("element-malformed", refusal(() -> KeyShare.sum(evaluated, malformed)));
        }
    }

    @Test
    void aLongerInputThanTheProtocolCountsIsRefused() {
        assertEquals(
                "input-too-long",
                refusal(() -> Blinding.of(Secret.taking(new byte[Blinding.MAX_INPUT + 1]), DIE)
                        .close()));
    }

    @FuzzTest(maxDuration = "60s")
    void whatIsNoElementIsRefused(byte[] bytes) {
        try (var share = KeyShare.random(DIE)) {
            assertEquals(KeyShare.BYTES, share.evaluate(Bytes.of(bytes)).size());
        } catch (Refusal refusal) {
            assertEquals("element", refusal.code().substring(0, 7));
        }
    }

    private static String refusal(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }
}
