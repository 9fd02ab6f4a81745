package org.mizuhiki.vpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// Who signs what, and that nothing that was changed is believed.
@Tag("D3")
@Tag("D4")
@SuppressWarnings("NullAway.Init")
class SignaturesTest {
    private static World world;
    private static Author centre;
    private static Author institution;

    private final ConnectionInformation some = Pretend.information(
            Pretend.uniform(),
            Pretend.policy(Pretend.A, "10.1.0.0/24", Pretend.rule("all", Answer.AUTOMATIC)),
            Pretend.policy(Pretend.B, "10.2.0.0/24", Pretend.rule("all", Answer.AUTOMATIC)));

    @BeforeAll
    static void found() throws IOException {
        world = new World();
        centre = world.server(SignedInformation.CENTRE);
        institution = world.institution(Pretend.A);
    }

    @AfterAll
    static void end() throws IOException {
        world.close();
    }

    private static void refused(String code, Executable deed) {
        var refusal = assertThrows(Refusal.class, deed);
        assertEquals(code, refusal.code(), refusal::getMessage);
    }

    private static SubscriberPolicy policy(InstitutionCode by) {
        var now = world.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var like = Pretend.policy(by, "10.1.0.0/24", Pretend.rule("all", Answer.AUTOMATIC));
        return new SubscriberPolicy(
                by, now, now.plus(Duration.ofDays(9)), like.nonce(), like.router(), like.networks(), like.rules());
    }

    @Test
    void theCentresInformationIsOpened() {
        var signed = SignedInformation.sign(some, centre);
        assertEquals(some, signed.open(world.validator, world.clock.instant()));
    }

    @Test
    void nobodyElsesSignatureCounts() {
        for (var other : List.of(world.server("keys"), institution)) {
            var signed = SignedInformation.sign(some, other);
            assertThrows(Refusal.class, () -> signed.open(world.validator, world.clock.instant()));
        }
        var keys = SignedInformation.sign(some, world.server("keys"));
        refused("information-forged", () -> keys.open(world.validator, world.clock.instant()));
    }

    @Test
    void everyFlippedBitOfInformationIsRefused() {
        var signed = SignedInformation.sign(some, centre);
        flips(signed.information(), b -> new SignedInformation(b, signed.signature(), signed.chain()));
        flips(signed.signature(), b -> new SignedInformation(signed.information(), b, signed.chain()));
        for (int i = 0; i < signed.chain().size(); i++) {
            int at = i;
            flips(signed.chain().get(i), b -> {
                var chain = new ArrayList<>(signed.chain());
                chain.set(at, b);
                return new SignedInformation(signed.information(), signed.signature(), chain);
            });
        }
    }

    private static void flips(Bytes of, Function<Bytes, SignedInformation> put) {
        var raw = of.toArray();
        int step = raw.length < 100 ? 1 : 5; // coprime to 8: every position of a byte comes up
        for (int bit = 0; bit < raw.length * 8; bit += step) {
            raw[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = put.apply(Bytes.of(raw));
            assertThrows(Refusal.class, () -> flipped.open(world.validator, world.clock.instant()), "bit " + bit);
            raw[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    @Tag("N4")
    void aPolicyIsTheSubscribersOwnWord() {
        var policy = policy(Pretend.A);
        var signed = world.declarations.sign(policy, institution, world.stamps);
        var said = world.declarations.check(signed).as(SubscriberPolicy.class);
        assertEquals(policy, said.declaration());
        assertEquals(policy.id(), said.id());
        refused("declaration-kind", () -> world.declarations.check(signed).as(Membership.class));
        var centres = world.declarations.sign(policy, centre, world.stamps);
        refused("certificate-wrong-purpose", () -> world.declarations.check(centres));
        var others = world.declarations.sign(policy(Pretend.B), institution, world.stamps);
        refused("declaration-signer", () -> world.declarations.check(others));
    }

    @Test
    void anApprovalIsThePersonsOwnWord() {
        var person = PersonId.random(World.DIE);
        var now = world.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var approval = new Approval(
                Pretend.A,
                now,
                now.plusSeconds(60),
                Pretend.nonce(),
                person,
                Bytes.utf8("r").sha256(),
                true);
        assertThrows(
                Refusal.class,
                () -> new Approval(
                        Pretend.A,
                        now,
                        now.plus(Approval.LONGEST).plusSeconds(1),
                        Pretend.nonce(),
                        person,
                        approval.request(),
                        true),
                "longer than a withdrawal is remembered");
        var own = world.declarations.sign(approval, world.person(Pretend.A, person), world.stamps);
        assertEquals(approval, world.declarations.check(own).declaration());
        var colleagues = world.person(Pretend.A, PersonId.random(World.DIE));
        for (var other : List.of(institution, colleagues)) {
            var signed = world.declarations.sign(approval, other, world.stamps);
            refused("declaration-signer", () -> world.declarations.check(signed));
        }
    }

    @Test
    void whatWasSignedLongAgoOrAheadIsRefused() {
        var early = Pretend.policy(Pretend.A, "10.1.0.0/24");
        var signed = world.declarations.sign(early, institution, world.stamps);
        refused("declaration-time", () -> world.declarations.check(signed));
    }

    @Test
    void everyFlippedBitOfADeclarationIsRefused() {
        everyFlipIsRefused(policy(Pretend.A));
    }

    @Test
    void everyFlippedBitOfAMembershipIsRefusedAndNobodyElsesSignatureMakesOne() {
        var now = world.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var membership = Pretend.member(Pretend.A, Pretend.B, "region", now, now.plusSeconds(60));
        everyFlipIsRefused(membership);
        var others = world.declarations.sign(membership, world.institution(Pretend.B), world.stamps);
        refused("declaration-signer", () -> world.declarations.check(others));
    }

    private static void everyFlipIsRefused(Declaration declaration) {
        var raw =
                world.declarations.sign(declaration, institution, world.stamps).toArray();
        for (int bit = 0; bit < raw.length * 8; bit += 5) {
            raw[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = Bytes.of(raw);
            assertThrows(Refusal.class, () -> world.declarations.check(flipped), "bit " + bit);
            raw[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyRecordIsReadInOneSpellingOrRefused(byte[] input) {
        try {
            var encoded = Bytes.of(input);
            assertEquals(
                    encoded,
                    Declarations.read(Canonical.decode(encoded)).canonical().encode());
        } catch (Refusal e) {
            assertTrue(List.of("declaration-malformed", "record-not-canonical").contains(e.code()), e.code());
        }
    }
}
