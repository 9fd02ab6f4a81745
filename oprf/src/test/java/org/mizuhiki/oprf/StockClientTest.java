package org.mizuhiki.oprf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// What browsers use, @serenity-kit/opaque 1.1.0 told nothing but the password, and our two sides
/// understand each other; with real Argon2id of 64 MiB.
@Tag("V4")
class StockClientTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final String RIGHT = "正しい馬 battery staple";

    private final KeyShare ofStore = KeyShare.random(DIE);
    private final KeyShare ofKeys = KeyShare.random(DIE);
    private final OpaqueServer server = new OpaqueServer(OpaqueServer.newKey(DIE), Identities.STOCK, DIE);

    private static Secret password(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Bytes bytes(Secret secret) {
        return secret.lend(Bytes::of);
    }

    private Bytes evaluate(Bytes blinded) {
        return KeyShare.sum(ofStore.evaluate(blinded), ofKeys.evaluate(blinded));
    }

    private List<String> registered(StockClient stock) throws IOException {
        var started = stock.call("startRegistration", StockClient.text(RIGHT));
        var response = server.registrationResponse(evaluate(StockClient.decoded(started.get(1))));
        return stock.call("finishRegistration", StockClient.text(RIGHT), started.get(0), StockClient.encoded(response));
    }

    @Test
    void theStockClientRegistersAndLogsInAtOurTwoShares() throws IOException {
        try (var stock = StockClient.start()) {
            var registered = registered(stock);
            var record = new RegistrationRecord(StockClient.decoded(registered.get(0)));
            assertEquals(server.publicKey(), StockClient.decoded(registered.get(2)));

            var login = stock.call("startLogin", StockClient.text(RIGHT));
            var ke1 = StockClient.decoded(login.get(1));
            try (var pending = server.answer(record, ke1, evaluate(OpaqueServer.blinded(ke1)))) {
                var in = stock.call(
                        "finishLogin", StockClient.text(RIGHT), login.get(0), StockClient.encoded(pending.ke2()));
                var sessionKey = pending.finish(StockClient.decoded(in.get(0)));
                assertEquals(StockClient.decoded(in.get(1)), bytes(sessionKey));
                assertEquals(registered.get(1), in.get(2));
            }

            var wrong = stock.call("startLogin", StockClient.text("wrong"));
            var otherKe1 = StockClient.decoded(wrong.get(1));
            try (var pending = server.answer(record, otherKe1, evaluate(OpaqueServer.blinded(otherKe1)))) {
                assertEquals(
                        List.of("refused"),
                        stock.call(
                                "finishLogin",
                                StockClient.text("wrong"),
                                wrong.get(0),
                                StockClient.encoded(pending.ke2())));
            }
        }
    }

    @Test
    void aPasswordSetInABrowserOpensTheSameKeysOnTheCommandLine() throws IOException {
        try (var stock = StockClient.start()) {
            var registered = registered(stock);
            try (var login = OpaqueClient.stock(DIE).login(password(RIGHT));
                    var pending = server.answer(
                            new RegistrationRecord(StockClient.decoded(registered.get(0))),
                            login.request(),
                            evaluate(OpaqueServer.blinded(login.request())));
                    var in = login.finish(pending.ke2())) {
                assertEquals(StockClient.decoded(registered.get(1)), bytes(in.exportKey()));
                assertEquals(in.sessionKey(), pending.finish(in.ke3()));
            }
        }
    }

    @Test
    void ourClientRegistersAndLogsInAtTheStockServer() throws IOException {
        try (var stock = StockClient.start();
                var registration = OpaqueClient.stock(DIE).register(password(RIGHT));
                var login = OpaqueClient.stock(DIE).login(password(RIGHT));
                var wrong = OpaqueClient.stock(DIE).login(password("wrong"))) {
            var setup = stock.call("createSetup").getFirst();
            var request = StockClient.encoded(registration.request());
            var response = stock.call("createRegistrationResponse", setup, "p-1", request);
            try (var registered = registration.finish(StockClient.decoded(response.getFirst()))) {
                var record = StockClient.encoded(registered.upload());
                var answer = stock.call("answerLogin", setup, "p-1", record, StockClient.encoded(login.request()));
                try (var in = login.finish(StockClient.decoded(answer.get(1)))) {
                    assertEquals(registered.exportKey(), in.exportKey());
                    var ended = stock.call("endLogin", answer.get(0), StockClient.encoded(in.ke3()));
                    assertEquals(StockClient.decoded(ended.getFirst()), bytes(in.sessionKey()));
                }
                var other = stock.call("answerLogin", setup, "p-1", record, StockClient.encoded(wrong.request()));
                assertThrows(Refusal.class, () -> wrong.finish(StockClient.decoded(other.get(1))));
            }
        }
    }
}
