package org.mizuhiki.vpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.ConnectionInformation.Address;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;
import org.mizuhiki.vpn.Meeting.Place;

/// By which kind of addresses two routers meet.
@Tag("D8")
class MeetingTest {
    private static final Address FOUR = new Address("192.0.2.1", 500, false);
    private static final Address NAT = new Address("198.51.100.1", 4500, true);
    private static final Address SIX = new Address("2001:db8::1", 500, false);
    private static final Address NAT_6 = new Address("2001:db8::2", 4500, true);

    private static Place at(Address first, Address... other) {
        return new Place(first, List.of(other).stream().findFirst());
    }

    private static String met(Place asking, Place asked) {
        var met = Meeting.of(asking, asked);
        return met.initiator() + " " + met.asking().address().host() + " "
                + met.asked().address().host()
                + met.asked().other().map(o -> " or " + o.host()).orElse("");
    }

    @Test
    void ipv6ComesFirstWhereBothHaveItAndNoNatStandsBefore() {
        assertEquals("ASKING 2001:db8::1 2001:db8::1 or 192.0.2.1", met(at(FOUR, SIX), at(SIX, FOUR)));
        assertEquals("ASKING 192.0.2.1 192.0.2.1", met(at(FOUR, SIX), at(FOUR)));
        assertEquals("ASKING 192.0.2.1 192.0.2.1", met(at(FOUR), at(SIX, FOUR)));
        assertEquals("ASKING 2001:db8::1 2001:db8::1", met(at(SIX), at(FOUR, SIX)));
        assertEquals("ASKED 192.0.2.1 192.0.2.1 or 2001:db8::2", met(at(FOUR, SIX), at(FOUR, NAT_6)));
    }

    @Test
    void whoeverTheOtherCannotReachBegins() {
        assertEquals("ASKED 192.0.2.1 198.51.100.1", met(at(FOUR), at(NAT)));
        assertEquals("ASKING 198.51.100.1 192.0.2.1", met(at(NAT), at(FOUR)));
        // IPv6 leads past the NATs; by IPv4 nobody could be reached
        assertEquals("ASKING 2001:db8::1 2001:db8::1", met(at(NAT, SIX), at(NAT, SIX)));
        // one of them begins by both ways
        assertEquals("ASKED 2001:db8::1 2001:db8::1 or 198.51.100.1", met(at(FOUR, SIX), at(NAT, SIX)));
    }

    @Test
    void twoWithNothingInCommonAreToldOfEachOtherByOneAddressEach() {
        assertEquals("ASKING 192.0.2.1 2001:db8::1", met(at(FOUR), at(SIX)));
    }

    /// Every pair of places: what comes out is what information takes, and leads where it says.
    @Test
    void everyMeetingFitsIntoInformation() {
        var places = new ArrayList<Place>();
        for (var four : List.of(FOUR, NAT)) {
            for (var six : List.of(SIX, NAT_6)) {
                places.addAll(List.of(at(four), at(six), at(four, six), at(six, four)));
            }
        }
        for (var asking : places) {
            for (var asked : places) {
                var met = Meeting.of(asking, asked);
                var begins = met.initiator() == Initiator.ASKING ? met.asked() : met.asking();
                assertTrue(
                        begins.other().filter(Address::translated).isEmpty(), "nobody is sent to a NAT for a second");
                assertEquals(
                        met.asking().other().isPresent(), met.asked().other().isPresent());
                var information = InformationTo.places(met);
                assertEquals(information, ConnectionInformation.decode(information.encode()));
            }
        }
    }

    @Test
    void aPlaceHasOneAddressOfAKind() {
        assertThrows(Refusal.class, () -> new Place(FOUR, Optional.of(NAT)));
    }

    @Test
    void theSecondFormHasAnotherWayForBothAndTheFirstHasNone() {
        var both = InformationTo.places(Meeting.of(at(FOUR, SIX), at(FOUR, SIX)));
        assertEquals(ConnectionInformation.FORM_2, both.form());
        var one = InformationTo.places(Meeting.of(at(FOUR), at(FOUR)));
        assertEquals(ConnectionInformation.FORM, one.form());
        assertTrue(!one.encode().asUtf8().contains("other"), "as it was before there were two forms");
        assertThrows(Refusal.class, () -> InformationTo.places(both.form(), at(FOUR), at(FOUR)));
        assertThrows(Refusal.class, () -> InformationTo.places(one.form(), at(FOUR, SIX), at(FOUR, SIX)));
        assertThrows(Refusal.class, () -> InformationTo.places(both.form(), at(FOUR, SIX), at(SIX, FOUR)));
        assertThrows(Refusal.class, () -> InformationTo.places(both.form(), at(FOUR, SIX), at(FOUR)));
    }

    /// What the centre would write.
    private static final class InformationTo {
        static ConnectionInformation places(Meeting met) {
            return places(met.form(), met.asking(), met.asked());
        }

        static ConnectionInformation places(String form, Place asking, Place asked) {
            var rule = Pretend.rule("all", SubscriberPolicy.Answer.AUTOMATIC);
            var like = Pretend.information(
                    Pretend.uniform(),
                    Pretend.policy(Pretend.A, "10.1.0.0/24", rule),
                    Pretend.policy(Pretend.B, "10.2.0.0/24", rule));
            return new ConnectionInformation(
                    form,
                    like.connection(),
                    like.serial(),
                    like.issued(),
                    like.since(),
                    like.until(),
                    like.idle(),
                    like.renewal(),
                    like.request(),
                    like.uniformPolicy(),
                    like.group(),
                    like.service(),
                    like.proposals(),
                    like.initiator(),
                    like.ppkId(),
                    end(like.asking(), asking),
                    end(like.asked(), asked));
        }

        private static ConnectionInformation.End end(ConnectionInformation.End like, Place place) {
            return new ConnectionInformation.End(
                    like.router(),
                    like.certificate(),
                    Optional.of(place.address()),
                    like.networks(),
                    like.ppk(),
                    like.consent(),
                    place.other());
        }
    }
}
