package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.Order;
import org.mizuhiki.centre.RouterDesk.Happened;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// A centre in wrong hands can refuse and cut; it connects nobody against one's will.
@Tag("D4")
class HostileCentreTest extends TwoRouters {
    @Test
    @Tag("D4")
    void aHostileCentreConnectsNobodyAgainstTheOwnSidesWill() {
        // 1. signed by a server that is not the centre
        role = "gateway";
        order(information(1));
        // 2. with a partner that is not the one that was signed
        await(() -> deskE.orders.size() == 1);
        var wrong = pair.authority.issue("wrong").certificate();
        pause();
        role = SignedInformation.CENTRE;
        order(deskE, SignedInformation.sign(information(1), signer), wrong, pair.e);
        await(() -> deskE.reasons().contains("tunnel-wrong-certificate"));
        // 3. after the own side has said no; the centre leaves that away and sends the older yes again
        tell(deskE, Pair.policy(pair.e, Answer.NEVER));
        order(
                deskE,
                SignedInformation.sign(information(2), signer),
                pair.a.papers().certificate(),
                pair.e);
        await(() -> deskE.reasons().contains("without-consent"));
        assertEquals(List.of(), loaded());
        assertEquals(List.of(), e.live());
    }

    /// E's rule names no partner, only the group: who is in it is the provider's word, not the centre's.
    @Test
    @Tag("D3")
    void aStrangerWhomTheCentrePutsIntoAGroupIsLetInByNobody() {
        var own = Pair.member(pair.e, 60);
        var images = new Membership(
                Pair.PROVIDER,
                Pair.NOW.minusSeconds(60),
                Pair.NOW.plusSeconds(3600),
                "4".repeat(32),
                "images",
                Pair.member(pair.a));
        var said = Pair.member(pair.a, 60);
        var centres = new Membership(
                new InstitutionCode("2710000001"), said.at(), said.until(), said.nonce(), said.group(), said.router());
        // 1. no word at all; 2. about another group; 3. by somebody who is not the provider; 4. of a shorter time
        for (var members : List.of(
                List.of(own),
                List.of(own, images),
                List.of(own, centres),
                List.of(Pair.member(pair.a, 60, Pair.NOW)))) {
            int before = deskE.reasons().size();
            order(
                    deskE,
                    SignedInformation.sign(information(1), signer),
                    pair.a.papers().certificate(),
                    pair.e,
                    members);
            await(() -> deskE.reasons().size() > before);
            assertEquals("membership-missing", deskE.reasons().getLast());
        }
        assertEquals(List.of(), loaded());
        assertEquals(List.of(), e.live());
    }

    @Test
    @Tag("D3")
    void whoIsTakenOutOfTheGroupIsCutWithoutTheCentreAndNotBroughtBack() {
        connected();
        // 1. heard on any way: E cuts by itself, though nobody orders it
        tell(deskE, Pair.member(pair.a, 30, Pair.NOW.minusSeconds(30)));
        await(() -> deskE.reasons().contains("membership-over"));
        assertEquals(List.of(), e.live());
        // 2. the centre sends the older word again, also after a restart
        e.close();
        e = router(pair.e, deskE);
        var other = pair.information(1, "e".repeat(32), Bytes.utf8("E"), Bytes.utf8("A"), "f".repeat(32));
        order(deskE, SignedInformation.sign(other, signer), pair.a.papers().certificate(), pair.e);
        await(() -> deskE.reasons().contains("membership-missing"));
        assertEquals(List.of(), loaded());
    }

    @Test
    @Tag("D3")
    void informationThatEndedNeverComesBack() {
        var information = information(1);
        order(information);
        await(() -> deskE.heard(Happened.UP));
        cut(deskE);
        cut(deskA);
        await(() -> e.live().isEmpty());
        e.close();
        e = router(pair.e, deskE);
        order(
                deskE,
                SignedInformation.sign(information, signer),
                pair.a.papers().certificate(),
                pair.e);
        await(() -> deskE.reasons().contains("replayed"));
        assertEquals(List.of(), loaded());
    }

    @Test
    @Tag("D4")
    void anotherInstitutionsPolicyCountsForNothing() {
        var theirs = Pair.policy(pair.a, Answer.AUTOMATIC);
        assertEquals(new InstitutionCode("1319900116"), theirs.by());
        var signed = SignedInformation.sign(information(1), signer);
        deskE.orders.add(new Order(
                1,
                Optional.of(signed),
                Optional.of(pair.a.papers().certificate()),
                Optional.empty(),
                Optional.empty(),
                List.of(paper(Pair.uniform()), paper(theirs), Bytes.utf8("forged"))));
        await(() -> deskE.reasons().contains("papers-missing"));
        assertEquals(List.of(), loaded());
    }

    @Test
    @Tag("D3")
    void aNextSerialOfWhatTheOwnSideCutIsRefusedToo() {
        connected();
        e.cut(Pair.CONNECTION);
        var next = SignedInformation.sign(information(2), signer);
        order(deskE, next, pair.a.papers().certificate(), pair.e);
        await(() -> deskE.reasons().contains("replayed"));
        assertEquals(List.of(), loaded());
    }

    @Test
    @Tag("D3")
    void anotherRoutersCertificateUnderTheAgreedNameIsRefused() {
        who.put(pair.a.papers().certificate(), Pair.member(pair.e));
        order(
                deskE,
                SignedInformation.sign(information(1), signer),
                pair.a.papers().certificate(),
                pair.e);
        await(() -> deskE.reasons().contains("partner-other-router"));
        assertEquals(List.of(), loaded());
    }

    @Test
    void aNumberOutOfTurnDoesNotMakeARouterDeaf() {
        connected();
        var far = new Order(
                Long.MAX_VALUE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Pair.CONNECTION),
                Optional.of("asked"),
                List.of());
        deskE.orders.add(far);
        pause();
        assertEquals(1, e.live().size());
        deskE.orders.remove(far);
        cut(deskE);
        await(() -> e.live().isEmpty());
    }
}
