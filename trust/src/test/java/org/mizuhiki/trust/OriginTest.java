package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;

/// No key of a device or a service is certified unless somebody was asked where it lies.
@ExtendWith(SharedDatabase.class)
@Tag("N7")
class OriginTest {
    private static final Duration DAY = Duration.ofDays(1);

    /// Remembers what it was asked, and says no once.
    private static final class Asked implements Origin {
        private final List<String> asked = new ArrayList<>();
        private boolean no;

        @Override
        public Optional<Member.Device> device() {
            return Optional.empty();
        }

        @Override
        public void check(Handle rows, Member member, PublicKey key, Optional<Bytes> evidence) {
            asked.add(member.identity() + " " + evidence.map(Bytes::asUtf8).orElse("nothing"));
            if (no) {
                throw Refusal.of("not-there", "いいえ", "no");
            }
        }
    }

    private static Member.Device device() {
        return new Member.Device("acme", "O-1", Long.toHexString(Region.DIE.nextLong()));
    }

    private static Enrolment.Request showing(KeyPair key, Bytes evidence) {
        var pkcs10 = EnrolmentRequests.of(
                key.getPublic(), content -> Crypto.signed(key.getPrivate(), content), Optional.of(evidence));
        return new Enrolment.Request(pkcs10, Optional.empty(), Optional.empty());
    }

    @Test
    void aDevicesTicketIsNotRedeemedWithoutItsChip(Region region) {
        var ticket = region.operator().ticket(device(), DAY);
        var request = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
        Refused.with("chip-not-shown", () -> region.operator().enrol(ticket, request));
    }

    @Test
    void whoeverIsAskedSeesWhatTheRequestShowsOnceAndARefusalCostsNoTicket(Region region) {
        var device = device();
        var ticket = region.operator().ticket(device, DAY);
        var request = showing(KeyFiles.newKeyPair(Region.DIE), Bytes.utf8("evidence"));
        var origin = new Asked();
        origin.no = true;
        Refused.with("not-there", () -> region.operator().enrol(ticket, request, origin));
        origin.no = false;
        var first = region.operator().enrol(ticket, request, origin);
        origin.no = true;
        assertEquals(first, region.operator().enrol(ticket, request, origin), "a lost answer is given again");
        assertEquals(List.of(device.identity() + " evidence", device.identity() + " evidence"), origin.asked);
    }

    @Test
    void aDeviceRenewsTheKeyOfItsChipAndNoOther(Region region) {
        var key = KeyFiles.newKeyPair(Region.DIE);
        var ticket = region.operator().ticket(device(), DAY);
        var own = region.operator()
                .enrol(ticket, EnrolmentRequests.server(key), Region.ANY_CHIP)
                .signing()
                .getFirst();
        region.clock().pass(Duration.ofDays(600));
        var elsewhere = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
        var wish = Renewals.Asked.of(key.getPrivate(), own, elsewhere);
        Refused.with("chip-not-shown", () -> region.authority().renewals().renew(wish));
        var desk = region.authority().certification(new Registrar.Operator());
        Refused.with("chip-not-shown", () -> desk.renew(own, elsewhere));
        var origin = new Asked();
        origin.no = true;
        Refused.with("not-there", () -> desk.renew(own, elsewhere, origin));
        assertEquals(1, origin.asked.size());
        var next = desk.renew(own, EnrolmentRequests.server(key), origin).signing();
        assertTrue(next.getFirst().getPublicKey().equals(key.getPublic()));
    }
}
