package org.mizuhiki.oprf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// OPAQUE between our two sides, with the key in two shares, and what attackers on the way may try.
@Tag("V4")
class OpaqueTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final String RIGHT = "正しい馬 battery staple";
    private static final OpaqueClient CLIENT = new OpaqueClient(Stretching.insecureIdentity(), Identities.STOCK, DIE);

    private final KeyShare ofStore = KeyShare.random(DIE);
    private final KeyShare ofKeys = KeyShare.random(DIE);
    private final OpaqueServer server = new OpaqueServer(OpaqueServer.newKey(DIE), Identities.STOCK, DIE);

    private static Secret password(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Secret seed() {
        return Secret.taking("a server's seed ".repeat(4).getBytes(StandardCharsets.UTF_8));
    }

    private Bytes evaluate(Bytes blinded) {
        return KeyShare.sum(ofStore.evaluate(blinded), ofKeys.evaluate(blinded));
    }

    private OpaqueClient.Registered registered(OpaqueClient client) {
        try (var registration = client.register(password(RIGHT))) {
            return registration.finish(server.registrationResponse(evaluate(registration.request())));
        }
    }

    private PendingLogin answered(Bytes upload, Bytes ke1) {
        return server.answer(new RegistrationRecord(upload), ke1, evaluate(OpaqueServer.blinded(ke1)));
    }

    @Test
    void theRightPasswordGivesBothTheSameKeyAndTheExportKeyOfTheRegistration() {
        var registered = registered(CLIENT);
        assertEquals(RegistrationRecord.BYTES, registered.upload().size());
        assertEquals(server.publicKey(), registered.serverKey());
        try (var login = CLIENT.login(password(RIGHT));
                var pending = answered(registered.upload(), login.request());
                var in = login.finish(pending.ke2())) {
            assertEquals(OpaqueServer.KE1, login.request().size());
            assertEquals(OpaqueServer.KE2, pending.ke2().size());
            assertEquals(OpaqueServer.KE3, in.ke3().size());
            assertEquals(in.sessionKey(), pending.finish(in.ke3()));
            assertEquals(registered.exportKey(), in.exportKey());
            assertNotEquals(in.sessionKey(), in.exportKey());
        }
    }

    @Test
    void anotherPasswordAnUnknownIdAndAnotherServerAreTheSameNo() {
        var registered = registered(CLIENT);
        try (var wrong = CLIENT.login(password(RIGHT + "."));
                var unknown = CLIENT.login(password(RIGHT));
                var elsewhere = CLIENT.login(password(RIGHT));
                var other = new OpaqueServer(OpaqueServer.newKey(DIE), Identities.STOCK, DIE)) {
            assertNo(wrong, answered(registered.upload(), wrong.request()).ke2());
            var fake = RegistrationRecord.fake(seed(), Bytes.utf8("nobody"));
            assertNo(unknown, answered(fake.encoded(), unknown.request()).ke2());
            var evaluated = evaluate(OpaqueServer.blinded(elsewhere.request()));
            var record = new RegistrationRecord(registered.upload());
            assertNo(
                    elsewhere,
                    other.answer(record, elsewhere.request(), evaluated).ke2());
        }
    }

    private static void assertNo(OpaqueClient.Login login, Bytes ke2) {
        assertEquals(
                "login-failed",
                assertThrows(Refusal.class, () -> login.finish(ke2)).code());
    }

    @Test
    void answersForUnknownIdsLookLikeThoseForKnownOnes() {
        var seed = seed();
        var fake = RegistrationRecord.fake(seed, Bytes.utf8("nobody"));
        assertEquals(
                fake.encoded(),
                RegistrationRecord.fake(seed, Bytes.utf8("nobody")).encoded());
        assertNotEquals(
                fake.encoded(),
                RegistrationRecord.fake(seed, Bytes.utf8("nobody2")).encoded());
        var share = KeyShare.ofId(seed, Bytes.utf8("nobody"));
        try (var login = CLIENT.login(password("guess"))) {
            var blinded = OpaqueServer.blinded(login.request());
            // the same evaluation every time, as a real ID has
            assertEquals(
                    share.evaluate(blinded),
                    KeyShare.ofId(seed, Bytes.utf8("nobody")).evaluate(blinded));
            assertEquals(
                    OpaqueServer.KE2,
                    answered(fake.encoded(), login.request()).ke2().size());
        }
    }

    @Test
    void everyBentBitOfALoginIsNoticed() {
        var upload = registered(CLIENT).upload();
        try (var login = CLIENT.login(password(RIGHT));
                var pending = answered(upload, login.request());
                var in = login.finish(pending.ke2())) {
            eachBent(login.request(), bent -> {
                assertNo(login, answered(upload, bent).ke2());
                return bent;
            });
            eachBent(pending.ke2(), bent -> {
                assertNo(login, bent);
                return bent;
            });
            eachBent(in.ke3(), bent -> {
                assertEquals(
                        "login-failed",
                        assertThrows(Refusal.class, () -> pending.finish(bent)).code());
                return bent;
            });
        }
    }

    @Test
    void everyBentBitOfARecordEndsItsUse() {
        var upload = registered(CLIENT).upload();
        try (var login = CLIENT.login(password(RIGHT))) {
            eachBent(upload, bent -> {
                var pending = answered(bent, login.request());
                assertNo(login, pending.ke2());
                return bent;
            });
        }
    }

    /// Nothing authenticates a first registration but the channel below it; what is bent there gives a
    /// record that the password does not open.
    @Test
    void everyBentBitOfARegistrationResponseIsRefusedOrGivesAUselessRecord() {
        try (var registration = CLIENT.register(password(RIGHT))) {
            var response = server.registrationResponse(evaluate(registration.request()));
            eachBent(response, bent -> {
                var upload = registration.finish(bent).upload();
                try (var login = CLIENT.login(password(RIGHT))) {
                    assertNo(login, answered(upload, login.request()).ke2());
                }
                return bent;
            });
        }
    }

    /// Bends each bit in turn; a refusal as malformed is as good as what `use` asserts.
    private static void eachBent(Bytes message, UnaryOperator<Bytes> use) {
        int refused = 0;
        for (int bit = 0; bit < 8 * message.size(); bit++) {
            var bytes = message.toArray();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertNotEquals(message, use.apply(Bytes.of(bytes)));
            } catch (Refusal refusal) {
                assertTrue(List.of("element-malformed", "element-identity").contains(refusal.code()), refusal.code());
                refused++;
            }
        }
        assertTrue(refused < 8 * message.size());
    }

    @Test
    void otherLengthsAreRefused() {
        var upload = registered(CLIENT).upload();
        var record = new RegistrationRecord(upload);
        try (var login = CLIENT.login(password(RIGHT));
                var registration = CLIENT.register(password(RIGHT))) {
            var evaluated = evaluate(OpaqueServer.blinded(login.request()));
            var pending = server.answer(record, login.request(), evaluated);
            for (int by : new int[] {-1, 1}) {
                assertMalformed(() -> OpaqueServer.blinded(resized(login.request(), by)));
                assertMalformed(() -> server.answer(record, resized(login.request(), by), evaluated)
                        .close());
                assertMalformed(() -> login.finish(resized(pending.ke2(), by)).close());
                assertMalformed(() -> pending.finish(Bytes.of(new byte[OpaqueServer.KE3 + by]))
                        .close());
                assertMalformed(() -> new RegistrationRecord(resized(upload, by)).encoded());
                assertMalformed(
                        () -> registration.finish(Bytes.of(new byte[64 + by])).close());
            }
        }
    }

    private static Bytes resized(Bytes message, int by) {
        return Bytes.of(java.util.Arrays.copyOf(message.toArray(), message.size() + by));
    }

    private static void assertMalformed(Runnable attempt) {
        assertEquals(
                "message-malformed", assertThrows(Refusal.class, attempt::run).code());
    }

    @Test
    void identitiesAndContextMustBeTheSame() {
        var bound = new Identities(Optional.of(Bytes.utf8("p-1")), Optional.of(Bytes.utf8("region")), Bytes.of());
        var client = new OpaqueClient(Stretching.insecureIdentity(), bound, DIE);
        var upload = registered(client).upload();
        try (var login = client.login(password(RIGHT))) {
            // this server goes by its key
            assertNo(login, answered(upload, login.request()).ke2());
        }
    }

    @Test
    void argon2idOfTheStockClientIsPartOfThePassword() {
        var dear = new OpaqueClient(Stretching.argon2id(64, 1, 1), Identities.STOCK, DIE);
        var registered = registered(dear);
        try (var login = dear.login(password(RIGHT));
                var cheap = CLIENT.login(password(RIGHT));
                var in = login.finish(
                        answered(registered.upload(), login.request()).ke2())) {
            assertEquals(registered.exportKey(), in.exportKey());
            assertNo(cheap, answered(registered.upload(), cheap.request()).ke2());
        }
    }

    @Test
    void keysAreWipedWhenClosedAndPrintNothing() {
        var registered = registered(CLIENT);
        var login = CLIENT.login(password(RIGHT));
        var pending = answered(registered.upload(), login.request());
        var in = login.finish(pending.ke2());
        assertFalse(in.toString().contains(in.exportKey().lend(Bytes::of).asHex()));
        assertEquals("PendingLogin[redacted]", pending.toString());
        in.close();
        pending.close();
        registered.close();
        assertThrows(IllegalStateException.class, () -> in.sessionKey().lend(byte[]::clone));
        assertThrows(IllegalStateException.class, () -> registered.exportKey().lend(byte[]::clone));
        assertThrows(IllegalStateException.class, () -> pending.finish(in.ke3()));
    }

    @FuzzTest(maxDuration = "60s")
    void whatIsNoRecordIsRefused(byte[] bytes) {
        try {
            assertEquals(Bytes.of(bytes), new RegistrationRecord(Bytes.of(bytes)).encoded());
        } catch (Refusal refusal) {
            assertFalse(refusal.code().isEmpty());
        }
    }

    @FuzzTest(maxDuration = "60s")
    void whatIsNoKe1IsRefused(byte[] bytes) {
        var record = RegistrationRecord.fake(seed(), Bytes.utf8("nobody"));
        var evaluated = ofKeys.evaluate(server.publicKey());
        try (var pending = server.answer(record, Bytes.of(bytes), evaluated)) {
            assertEquals(OpaqueServer.KE2, pending.ke2().size());
        } catch (Refusal refusal) {
            assertFalse(refusal.code().isEmpty());
        }
    }

    @FuzzTest(maxDuration = "60s")
    void whatIsNoKe2IsRefused(byte[] bytes) {
        try (var login = CLIENT.login(password(RIGHT))) {
            assertThrows(Refusal.class, () -> login.finish(Bytes.of(bytes)));
        }
    }

    @FuzzTest(maxDuration = "60s")
    void whatIsNoRegistrationResponseIsRefused(byte[] bytes) {
        try (var registration = CLIENT.register(password(RIGHT));
                var registered = registration.finish(Bytes.of(bytes))) {
            assertEquals(RegistrationRecord.BYTES, registered.upload().size());
        } catch (Refusal refusal) {
            assertFalse(refusal.code().isEmpty());
        }
    }
}
