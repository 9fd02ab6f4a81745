package org.mizuhiki.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.registration.World.refused;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.registration.Step.Withdrawal.Part;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.Member;

/// Refusals, withdrawals, accreditations that end, and signers who may not.
@Tag("D5")
class EndingTest {
    private static final Step WITHDRAW_DEVICE = new Step.Withdrawal(Part.DEVICE, "廃業のため");
    private static final Step WITHDRAW_SERVICE = new Step.Withdrawal(Part.SERVICE, "解約のため");
    private static World world;

    @BeforeAll
    static void aRegionWithAccreditedParties() throws Exception {
        world = new World().accredited();
    }

    @AfterAll
    static void close() throws Exception {
        world.close();
    }

    private static boolean stands(Member member) {
        return world.database.inTransaction(rows -> world.authority.issuing().stands(rows, member));
    }

    private static void over(Walk walk, Case.State state) {
        assertEquals(state, walk.look().state());
        assertEquals(java.util.Set.of(), walk.look().turns());
        refused("case-over", () -> World.hand(walk.clinic(), walk.look(), WITHDRAW_DEVICE));
        assertFalse(stands(walk.device));
        assertFalse(stands(walk.service()));
        assertFalse(world.registry.inService(walk.service()));
    }

    @Test
    void aRefusedMembershipEndsTheCaseAndTheDevicesCertificate() {
        var walk = new Walk(world);
        walk.party(World.PROVIDER).refuse(walk.file, "対象地域外");
        over(walk, Case.State.REFUSED);
        var late = new Walk(world, Kind.PURCHASE_APPLICATION);
        late.go(Kind.DEVICE_REGISTRATION);
        late.go(Kind.DEVICE_CERTIFICATE);
        late.go(Kind.MEMBERSHIP_APPLICATION);
        assertTrue(stands(late.device));
        late.party(World.PROVIDER).answer(late.file, false, "対象地域外");
        over(late, Case.State.REFUSED);
    }

    @Test
    void aRefusedUseLeavesTheDeviceAndAllowsAnotherApplication() {
        var walk = new Walk(world).upTo(Kind.USE_APPLICATION);
        walk.party(World.PROVIDER).answer(walk.file, false, "このサービスは終了しました");
        assertEquals(Case.State.SERVICE_REFUSED, walk.look().state());
        assertTrue(stands(walk.device));
        assertEquals(
                Case.State.IN_SERVICE, walk.upTo(Kind.SERVICE_PROVISION).look().state());
    }

    @Test
    void whoseTurnItIsMayDecline() {
        var ends = Map.of(
                Kind.PURCHASE_APPLICATION, World.VENDOR,
                Kind.DEVICE_REGISTRATION, World.DEVICE_CA);
        ends.forEach((last, who) -> {
            var walk = new Walk(world).upTo(last);
            refused("step-not-yours", () -> World.hand(walk.clinic(), walk.look(), walk.content(Kind.DECLINATION)));
            walk.party(who).refuse(walk.file, "扱えません");
            over(walk, Case.State.REFUSED);
        });
        var services = Map.of(
                Kind.USE_ANSWER, World.PROVIDER,
                Kind.SERVICE_REQUEST, World.SERVICE_CA,
                Kind.CONNECTION_APPLICATION, World.PROVIDER);
        services.forEach((last, who) -> {
            var walk = new Walk(world).upTo(last);
            walk.party(who).refuse(walk.file, "扱えません");
            assertEquals(Case.State.SERVICE_REFUSED, walk.look().state());
            assertTrue(stands(walk.device));
            assertFalse(stands(walk.service()));
        });
    }

    @Test
    void theSubscriberMayWithdrawAtEveryPoint() {
        for (var last : Walk.ORDER) {
            var walk = new Walk(world).upTo(last);
            walk.clinic().next(walk.file, WITHDRAW_DEVICE);
            over(walk, Case.State.WITHDRAWN);
        }
    }

    @Test
    void aWithdrawnServiceIsRevokedAndTheDeviceStays() {
        var walk = new Walk(world).upTo(Kind.SERVICE_PROVISION);
        assertTrue(world.registry.inService(walk.service()));
        refused("step-not-yours", () -> World.hand(walk.party(World.VENDOR), walk.look(), WITHDRAW_SERVICE));
        walk.party(World.PROVIDER).next(walk.file, WITHDRAW_SERVICE);
        assertEquals(Case.State.SERVICE_WITHDRAWN, walk.look().state());
        assertFalse(world.registry.inService(walk.service()));
        assertFalse(stands(walk.service()));
        assertTrue(stands(walk.device));
        // revoked for everybody who asks the lists
        world.lists.refresh();
        var chain = walk.chip.loaded(Chip.Tier.SERVICE).orElseThrow();
        refused("certificate-revoked", () -> world.lists.check(chain));
        // the same device, another service later
        walk.upTo(Kind.SERVICE_PROVISION);
        assertTrue(world.registry.inService(walk.service()));
        walk.party(World.DEVICE_CA).next(walk.file, WITHDRAW_DEVICE);
        over(walk, Case.State.WITHDRAWN);
    }

    @Test
    void whatTheOperatorRevokedIsNotInService() {
        var walk = new Walk(world).upTo(Kind.SERVICE_PROVISION);
        world.revoke(walk.device);
        assertFalse(world.registry.inService(walk.service()));
    }

    @Test
    void withoutAnAccreditationThatStandsNothingIsPossible() {
        var newcomer = new InstitutionCode("1319900082");
        world.institution(newcomer);
        var join = new Step.MembershipApplication(newcomer);
        refused("not-accredited", () -> world.party(World.CLINIC).open(join));
        var applied = world.party(newcomer)
                .open(new Step.AccreditationApplication(Role.PROVIDER, Optional.empty()))
                .file();
        refused("not-accredited", () -> world.party(World.CLINIC).open(join));
        refused(
                "application-exists",
                () -> world.party(newcomer).open(new Step.AccreditationApplication(Role.PROVIDER, Optional.empty())));
        // nobody approves but the body, not even the applicant
        var end = Optional.of(world.clock.instant().plus(Duration.ofHours(2)));
        refused("step-not-yours", () -> world.party(newcomer).answer(applied, end, "自己承認"));
        refused("file-unknown", () -> world.party(World.CLINIC).answer(applied, end, "承認"));
        refused(
                "accreditation-life",
                () -> world.party(World.BODY)
                        .answer(applied, Optional.of(world.clock.instant().plus(Duration.ofDays(2000))), "承認"));
        world.party(World.BODY).answer(applied, end, "審査済み");
        refused("step-done", () -> world.party(World.BODY).answer(applied, Optional.empty(), "不認定"));
        var file = world.party(World.CLINIC).open(join).file();
        // and it ends
        world.clock.move(Duration.ofHours(3));
        refused("not-accredited", () -> world.party(World.CLINIC).open(join));
        refused("not-accredited", () -> world.party(newcomer).answer(file, true, "承認"));
        world.party(newcomer).answer(file, false, "認定が切れたため");
        assertEquals(Case.State.REFUSED, world.party(World.CLINIC).look(file).state());
    }

    @Test
    void anApplicationInsideAnotherFileIsRefused() {
        var application = new Step.AccreditationApplication(Role.PROVIDER, Optional.empty());
        var applicant = new InstitutionCode("1319900124");
        world.institution(applicant);
        var licence = world.licence(applicant, Role.DEVICE_CA, Optional.empty());
        refused("step-too-early", () -> world.party(applicant).next(licence, application));
        var walk = new Walk(world);
        refused("step-too-early", () -> walk.clinic().next(walk.file, application));
        refused(
                "step-too-early",
                () -> world.party(applicant).next(licence, new Step.PurchaseApplication(World.VENDOR, "R-1")));
    }

    @Test
    void aWithdrawnAccreditationEndsWhatItCarried() {
        var provider = new InstitutionCode("1319900090");
        world.institution(provider);
        var licence = world.licence(provider, Role.PROVIDER, Optional.empty());
        var file = world.party(World.CLINIC)
                .open(new Step.MembershipApplication(provider))
                .file();
        world.party(World.BODY).next(licence, new Step.AccreditationWithdrawal("基準を満たさない"));
        refused("not-accredited", () -> world.party(provider).answer(file, true, "承認"));
        refused("step-done", () -> world.party(World.BODY).next(licence, new Step.AccreditationWithdrawal("もう一度")));
        assertEquals(
                Licence.State.WITHDRAWN,
                world.registry.of(World.STRANGER).licences().stream()
                        .filter(l -> l.file().equals(licence))
                        .findFirst()
                        .orElseThrow()
                        .state());
    }

    @Test
    void aRefusedApplicationIsNotForOthersToSee() {
        var newcomer = new InstitutionCode("1319900108");
        world.institution(newcomer);
        var file = world.party(newcomer)
                .open(new Step.AccreditationApplication(Role.SERVICE_CA, Optional.empty()))
                .file();
        world.party(World.BODY).answer(file, Optional.empty(), "書類不足");
        var seen = Map.of(newcomer, true, World.BODY, true, World.CLINIC, false);
        seen.forEach((who, sees) -> assertEquals(
                sees,
                world.registry.of(who).licences().stream()
                        .anyMatch(l -> l.file().equals(file))));
        refused("step-done", () -> world.party(World.BODY).answer(file, Optional.of(world.clock.instant()), "承認"));
    }

    @Test
    void aVendorsCodeIsItsOwn() {
        refused(
                "vendor-taken",
                () -> world.party(World.PROVIDER)
                        .open(new Step.AccreditationApplication(Role.VENDOR, Optional.of("acme"))));
        var walk = new Walk(world).upTo(Kind.PURCHASE_APPLICATION);
        var foreign = new Member.Device("other", "R-1", "1");
        refused(
                "vendor-differs",
                () -> walk.party(World.VENDOR).register(walk.file, foreign, walk.chip, World.DEVICE_CA));
    }

    /// Applied, withdrawn, applied again: one organisation cannot keep every good name from all others.
    @Test
    void aVendorsCodeThatWasNeverGrantedIsFreeAgain() {
        var squatter = World.STRANGER;
        var file = world.party(squatter)
                .open(new Step.AccreditationApplication(Role.VENDOR, Optional.of("good-name")))
                .file();
        var wanted = new Step.AccreditationApplication(Role.VENDOR, Optional.of("good-name"));
        refused("vendor-taken", () -> world.party(World.PROVIDER).open(wanted));
        world.party(squatter).next(file, new Step.AccreditationWithdrawal("取下げ"));
        var theirs = world.party(World.PROVIDER).open(wanted).file();
        // granted once, it is for good, withdrawn or not
        world.party(World.BODY).answer(theirs, Optional.of(world.clock.instant().plus(Duration.ofDays(9))), "審査済み");
        world.party(World.PROVIDER).next(theirs, new Step.AccreditationWithdrawal("返上"));
        refused("vendor-taken", () -> world.party(squatter).open(wanted));
    }

    @Test
    void nobodySignsForSomebodyElse() {
        var walk = new Walk(world);
        var now = walk.look();
        var place = Optional.of(new Act.Place(now.file(), now.last()));
        var clinic = walk.clinic();
        var act = clinic.act(place, walk.content(Kind.PURCHASE_APPLICATION));
        // another's key under one's own certificate
        var own = world.person(World.CLINIC);
        var other = world.person(World.CLINIC);
        var mixed = new Author(other.key(), own.chain());
        refused("signature-broken", () -> hand(mixed, act, World.CLINIC));
        // another person, another institution, a machine, a patient
        refused("act-signer", () -> hand(own, act, World.CLINIC));
        refused("act-signer", () -> hand(world.person(World.VENDOR), act, World.CLINIC));
        var machine = world.institution(World.CLINIC);
        var byMachine = world.party(machine).act(place, walk.content(Kind.PURCHASE_APPLICATION));
        refused("act-not-personal", () -> hand(machine, byMachine, World.CLINIC));
        var patient = world.enrolled(world.authority, new Member.Patient(PersonId.random(World.DIE)));
        refused("signer-not-of-an-institution", () -> hand(patient, act, World.CLINIC));
        // handed in by somebody else
        var signed = clinic.signed(act);
        refused("act-not-yours", () -> world.registry.of(World.PROVIDER).hand(signed));
        refused("record-malformed", () -> clinic.registry().hand(Bytes.utf8("no act")));
    }

    @Test
    void machinesCarryOutWhatPeopleDecided() {
        var walk = new Walk(world).upTo(Kind.DEVICE_REGISTRATION);
        world.party(world.institution(World.DEVICE_CA)).issue(walk.file);
        assertTrue(stands(walk.device));
    }

    @Test
    void anExpiredARevokedAndAForgedSignerAreRefused() {
        var walk = new Walk(world);
        var clinic = walk.clinic();
        refused("certificate-expired", () -> world.party(world.expired).open(walk.content(Kind.PURCHASE_APPLICATION)));
        // revoked a moment ago: the lists do not say so yet, the rows do
        var id = PersonId.random(World.DIE);
        var revoked = world.person(world.authority, World.CLINIC, id);
        world.revoke(new Member.Professional(id, "担当 者", World.CLINIC, World.name(World.CLINIC)));
        refused("certificate-revoked", () -> world.party(revoked).open(walk.content(Kind.PURCHASE_APPLICATION)));
        world.lists.refresh();
        refused("certificate-revoked", () -> world.party(revoked).open(walk.content(Kind.PURCHASE_APPLICATION)));
        // a region that somebody founded at home
        try (var home = world.authority(world.region("home"))) {
            var forged = world.person(home, World.CLINIC, PersonId.random(World.DIE));
            refused("certificate-untrusted", () -> world.party(forged).open(walk.content(Kind.PURCHASE_APPLICATION)));
        }
        assertEquals(1, clinic.look(walk.file).done().size());
    }

    @Test
    void thePeopleOfAnInstitutionThatWasExpelledAreRefused() {
        var gone = new InstitutionCode("1319900116");
        world.institution(gone);
        var party = world.party(gone);
        party.open(new Step.MembershipApplication(World.PROVIDER));
        world.revoke(new Member.Institution(gone, World.name(gone)));
        refused("institution-unknown", () -> party.open(new Step.MembershipApplication(World.PROVIDER)));
    }

    @Test
    void whatWasSignedLongAgoIsNotWantedToday() {
        var clinic = world.party(World.CLINIC);
        var drawer = clinic.signed(clinic.act(Optional.empty(), new Step.MembershipApplication(World.PROVIDER)));
        world.clock.move(Duration.ofHours(25));
        world.lists.refresh();
        refused("act-time", () -> clinic.registry().hand(drawer));
        var old = clinic.act(Optional.empty(), new Step.MembershipApplication(World.PROVIDER));
        var early = new Act(old.place(), old.by(), old.signer(), old.at().minusSeconds(301), old.nonce(), old.step());
        refused("act-time", () -> clinic.registry().hand(clinic.signed(early)));
    }

    @Test
    void aRegionWithoutAnAccreditationBodyAccreditsNobody() {
        var alone = new PostgresRegistry(
                world.database, world.authority.issuing(), world.ledger, world.acts, Optional.empty(), world.clock);
        var author = world.person(World.CLINIC);
        var party = new Party(alone.of(World.CLINIC), world.acts, author, world.stamps, world.clock, World.DIE);
        refused(
                "accreditation-body-missing",
                () -> party.open(new Step.AccreditationApplication(Role.PROVIDER, Optional.empty())));
    }

    @Test
    void aDossierThatLacksAnActIsNoticed() {
        var walk = new Walk(world).upTo(Kind.PURCHASE_APPLICATION);
        var papers = walk.clinic().registry().dossier(walk.file).papers();
        for (var bad : List.of(
                List.of(papers.get(0), papers.get(2)),
                List.of(papers.get(1), papers.get(2)),
                List.of(papers.get(1), papers.get(0), papers.get(2)),
                List.<Dossier.Paper>of())) {
            refused("dossier-broken", () -> new Dossier(walk.file, bad).read(world.acts));
        }
        assertEquals(3, new Dossier(walk.file, papers).read(world.acts).size());
    }

    private static Registry.Filed hand(Author author, Act act, InstitutionCode poster) {
        return world.registry.of(poster).hand(world.acts.sign(act, author, world.stamps));
    }
}
