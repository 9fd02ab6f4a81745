package org.mizuhiki.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Passwords;
import org.mizuhiki.oprf.Identities;
import org.mizuhiki.oprf.KeyShare;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.oprf.OpaqueServer;
import org.mizuhiki.oprf.RegistrationRecord;
import org.mizuhiki.oprf.Stretching;

/// A key server in wrong hands while a password is set: it wants a record that it can test guesses with by
/// itself. It may answer what it likes, and ask the store for all that the real one may ask.
@Tag("V4")
class HostileRegistrationTest {
    private static final String RIGHT = "correct horse";
    private static final OpaqueClient CLIENT =
            new OpaqueClient(Stretching.insecureIdentity(), Identities.STOCK, BothServers.DIE);

    @TempDir
    private static Path folder;

    private static BothServers both;

    private final PersonId person = PersonId.random(BothServers.DIE);
    private final Secret serverKey = OpaqueServer.newKey(BothServers.DIE);
    private final OpaqueServer server = new OpaqueServer(serverKey, Identities.STOCK, BothServers.DIE);

    /// The key that the server wants the password to be bound to: it knows it.
    private final KeyShare chosen = KeyShare.random(BothServers.DIE);

    @BeforeAll
    static void start() throws Exception {
        both = new BothServers(folder);
    }

    @AfterAll
    static void stop() {
        both.close();
    }

    /// Answers a registration as it likes, naming what it likes as the epoch, and keeps what is uploaded.
    private final class Hostile implements Passwords {
        private final Digest epoch;
        private final Function<Bytes, Bytes> answer;
        private Bytes stolen = Bytes.of();

        Hostile(Digest epoch, Function<Bytes, Bytes> answer) {
            this.epoch = epoch;
            this.answer = answer;
        }

        @Override
        public Begun begin(PersonId who, Bytes request) {
            return new Begun(epoch, server.registrationResponse(answer.apply(request)));
        }

        @Override
        public void set(PersonId who, Digest registration, Bytes upload) {
            stolen = upload;
        }

        @Override
        public Answered answer(PersonId who, Bytes ke1) {
            return both.passwords.answer(who, ke1);
        }

        @Override
        public Session prove(Digest login, Bytes ke3) {
            return both.passwords.prove(login, ke3);
        }
    }

    private Digest epoch() {
        var random = new byte[32];
        BothServers.DIE.nextBytes(random);
        return Digest.ofHash(random);
    }

    /// A device sets a password at this key server. Whether the server can then test the right one by
    /// itself.
    private boolean falls(Hostile hostile) {
        var real = both.servers();
        var servers =
                new AccountServers(_ -> hostile, real.account(), real.recoveries(), real.keyrings(), real.shares());
        try (var registration = CLIENT.register(BothServers.secret(RIGHT))) {
            var begun = hostile.begin(person, registration.request());
            var registered = both.over(servers).registered(registration, begun, person, java.util.Optional.empty());
            hostile.set(person, begun.registration(), registered.upload());
        }
        return tested(hostile.stolen, RIGHT);
    }

    /// Plays both sides of a log-in with the chosen key and what was uploaded.
    private boolean tested(Bytes upload, String guess) {
        try (var login = CLIENT.login(BothServers.secret(guess))) {
            var evaluated = chosen.evaluate(OpaqueServer.blinded(login.request()));
            login.finish(server.answer(new RegistrationRecord(upload), login.request(), evaluated)
                            .ke2())
                    .close();
            return true;
        } catch (Refusal wrong) {
            return false;
        }
    }

    private static Bytes less(Bytes from, Bytes taken) {
        // the order of the group less one: what multiplies to the inverse element
        var order = new java.math.BigInteger(
                "7237005577332262213973186563042994240857116359379907606001950938285454250988");
        var little = new byte[32];
        var big = order.toByteArray();
        for (int i = 0; i < big.length; i++) {
            little[i] = big[big.length - 1 - i];
        }
        try (var minusOne = KeyShare.of(Secret.taking(little))) {
            return KeyShare.sum(from, minusOne.evaluate(taken));
        }
    }

    @Test
    void theStoresShareCannotBeLeftOut() {
        assertFalse(falls(new Hostile(epoch(), chosen::evaluate)));
    }

    /// That the attack of this test is one: where the key server alone gives the sum, it succeeds.
    @Test
    void withoutTheDevicesOwnQuestionItWould() {
        try (var registration = CLIENT.register(BothServers.secret(RIGHT))) {
            var response = server.registrationResponse(chosen.evaluate(registration.request()));
            var upload = registration.finish(response).upload();
            assertTrue(tested(upload, RIGHT));
            assertFalse(tested(upload, "wrong horse"));
        }
    }

    /// It asks the store for the same blinded password before it answers, and takes that off.
    @Test
    void theStoresShareCannotBeCancelled() {
        var epoch = epoch();
        var asking = new Hostile(
                epoch, blinded -> less(chosen.evaluate(blinded), both.shares.evaluate(person, epoch, blinded)));
        assertFalse(falls(asking));
    }

    /// It names an epoch whose share it can ask for: one that counts, one shifted from it, one that a
    /// device began and left.
    @Test
    void anEpochThatTheStoreKnowsAlreadyIsRefusedToTheDevice() {
        both.made(person, "the one before", "keys").close();
        var counting =
                both.store.inTransaction(tx -> tx.createQuery("select epoch from password_share where person = :person")
                        .bind("person", person.value())
                        .mapTo(String.class)
                        .list());
        var kept = new Digest(counting.getFirst());
        var shifted = epoch();
        var shift = new byte[32];
        shift[0] = 9;
        both.shares.shift(person, kept, shifted, Bytes.of(shift));
        var left = epoch();
        try (var begun = CLIENT.register(BothServers.secret(RIGHT))) {
            both.shares.begin(person, left, begun.request());
        }
        for (var epoch : List.of(kept, shifted, left)) {
            both.clock.forward(java.time.Duration.ofHours(2));
            var hostile = new Hostile(
                    epoch, blinded -> less(chosen.evaluate(blinded), both.shares.evaluate(person, epoch, blinded)));
            var refusal = assertThrows(Refusal.class, () -> falls(hostile));
            assertEquals("epoch-taken", refusal.code());
            assertEquals(Bytes.of(), hostile.stolen);
        }
    }
}
