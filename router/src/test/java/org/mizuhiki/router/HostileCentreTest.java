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
        deskE.orders.add(new Order(
                deskE.orders.size() + 1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(paper(Pair.policy(pair.e, Answer.NEVER)))));
        order(
                deskE,
                SignedInformation.sign(information(2), signer),
                pair.a.papers().certificate(),
                pair.e);
        await(() -> deskE.reasons().contains("without-consent"));
        assertEquals(List.of(), loaded());
        assertEquals(List.of(), e.live());
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
