package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Devices that come at the same moment share transactions, and nothing else.
@ExtendWith(SharedDatabase.class)
@Tag("V1")
class RedemptionTest {
    private static final int MANY = 60;

    @Test
    void whoComesWithManyGetsHisOwnCertificateAndForHisOwnKey(Region region) throws Exception {
        var pairs = pairs(MANY);
        var tickets = tickets(region, MANY);
        var requests = pairs.stream().map(EnrolmentRequests::server).toList();
        var answers =
                atOnce(IntStream.range(0, MANY).mapToObj(i -> enrolling(region, tickets.get(i), requests.get(i))));
        for (int i = 0; i < MANY; i++) {
            var own = region.operator()
                    .enrol(tickets.get(i), requests.get(i), Region.ANY_CHIP)
                    .signing()
                    .getFirst();
            assertEquals(own.getSerialNumber().toString(), answers.get(i));
            assertEquals(pairs.get(i).getPublic(), own.getPublicKey());
            assertEquals("acme/box/" + i, Subjects.read(own).identity());
        }
    }

    @Test
    void nobodyFailsForAnothersSake(Region region) throws Exception {
        var pairs = pairs(MANY);
        var tickets = tickets(region, MANY);
        var answers = atOnce(IntStream.range(0, MANY).mapToObj(i -> switch (i % 4) {
            case 0 -> enrolling(region, wrong(tickets.get(i)), EnrolmentRequests.server(pairs.get(i)));
            case 1 ->
                enrolling(region, tickets.get(i), EnrolmentRequests.server(pairs.get(1))); // one key for all of them
            default -> enrolling(region, tickets.get(i), EnrolmentRequests.server(pairs.get(i)));
        }));
        for (int i = 0; i < MANY; i++) {
            switch (i % 4) {
                case 0 -> assertEquals("ticket-unknown", answers.get(i));
                case 1 -> {} // below
                default -> assertEquals(1, new BigInteger(answers.get(i)).signum());
            }
        }
        var shared = IntStream.range(0, MANY)
                .filter(i -> i % 4 == 1)
                .mapToObj(answers::get)
                .toList();
        assertEquals(
                shared.size() - 1, shared.stream().filter("key-unfit"::equals).count());
        // who was refused has lost nothing
        var again = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
        assertEquals(
                3,
                region.operator()
                        .enrol(tickets.getFirst(), again, Region.ANY_CHIP)
                        .signing()
                        .size());
    }

    @Test
    void aTicketShownManyTimesAtOnceGivesOneCertificate(Region region) throws Exception {
        var ticket = tickets(region, 1).getFirst();
        var request = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
        var same =
                atOnce(Stream.generate(() -> enrolling(region, ticket, request)).limit(MANY));
        assertEquals(1, same.stream().distinct().count());
        assertNotEquals("ticket-used", same.getFirst());

        var contended = tickets(region, 2).getLast();
        var others = atOnce(pairs(MANY).stream().map(p -> enrolling(region, contended, EnrolmentRequests.server(p))));
        assertEquals(MANY - 1, others.stream().filter("ticket-used"::equals).count());
    }

    @Test
    void whoShowsATicketWithWrongSecretsHindersNoRevocation(Region region) throws Exception {
        for (int i = 0; i < 6; i++) {
            var member = new Member.Server("store", "hindered" + i + ".example.jp");
            var first = region.operator().ticket(member, Duration.ofDays(1));
            region.operator().enrol(first, EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE)));
            var spare = wrong(region.operator().ticket(member, Duration.ofDays(1)));
            var request = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
            Callable<String> revoking = () -> {
                region.revocation().revoke(member, Revocation.Reason.KEY_COMPROMISE);
                return "revoked";
            };
            var answers = atOnce(Stream.concat(
                    Stream.generate(() -> enrolling(region, spare, request)).limit(MANY), Stream.of(revoking)));
            assertEquals("revoked", answers.getLast());
        }
    }

    /// A chip that is believed whatever it shows.
    private record Shown(Optional<Member.Device> device) implements Origin {
        @Override
        public void check(Handle rows, Member member, PublicKey key, Optional<Bytes> evidence) {}
    }

    @Test
    void overAConnectionOfADeviceOnlyItsServicesAreEnrolled(Region region) {
        var device = new Member.Device("acme", "box", "shown");
        var request = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
        var others = List.of(
                device,
                new Member.Device("acme", "box", "other"),
                new Member.Server("store", "shown.example.jp"),
                new Member.Service("1311234567", "vpn", new Member.Device("acme", "box", "other")));
        for (var member : others) {
            var ticket = region.operator().ticket(member, Duration.ofDays(1));
            var code = member instanceof Member.Service ? "device-not-shown" : "ticket-not-of-service";
            Refused.with(code, () -> region.operator().enrol(ticket, request, new Shown(Optional.of(device))));
        }
        var own = region.operator().ticket(new Member.Service("1311234567", "vpn", device), Duration.ofDays(1));
        assertEquals(
                3,
                region.operator()
                        .enrol(own, request, new Shown(Optional.of(device)))
                        .signing()
                        .size());
    }

    private static List<KeyPair> pairs(int count) {
        return Stream.generate(() -> KeyFiles.newKeyPair(Region.DIE))
                .limit(count)
                .toList();
    }

    private static List<Ticket> tickets(Region region, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> region.operator().ticket(new Member.Device("acme", "box", "" + i), Duration.ofDays(1)))
                .toList();
    }

    private static Ticket wrong(Ticket ticket) {
        return new Ticket(ticket.id(), Secret.taking(new byte[16]));
    }

    /// The certificate's number, or why there is none.
    private static Callable<String> enrolling(Region region, Ticket ticket, Enrolment.Request request) {
        return () -> {
            try {
                var enrolled = region.operator().enrol(ticket, request, Region.ANY_CHIP);
                return enrolled.signing().getFirst().getSerialNumber().toString();
            } catch (Refusal e) {
                return e.code();
            }
        };
    }

    private static List<String> atOnce(Stream<Callable<String>> all) throws Exception {
        var gate = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = all.map(one -> threads.submit(() -> {
                        gate.await();
                        return one.call();
                    }))
                    .toList();
            gate.countDown();
            var answers = new ArrayList<String>();
            for (var one : running) {
                answers.add(one.get());
            }
            return answers;
        }
    }
}
