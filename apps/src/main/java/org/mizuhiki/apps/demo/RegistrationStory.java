package org.mizuhiki.apps.demo;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.apps.demo.Staff.Office;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.registration.Act;
import org.mizuhiki.registration.Case;
import org.mizuhiki.registration.Kind;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry.Filed;
import org.mizuhiki.registration.Role;
import org.mizuhiki.registration.Step;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;

/// The registration procedure of seed 003, D.6: four organisations are accredited, a clinic becomes a
/// subscriber by the steps a) to l), then the proof of every claim.
final class RegistrationStory {
    static final String NAME = "registration";
    private static final Duration ACCREDITED = Duration.ofDays(365);
    static final String VENDOR_CODE = "mizu";

    private static final OneMachine.Site PROVIDER = OneMachine.PROVIDER;
    private static final OneMachine.Site VENDOR = new OneMachine.Site("1319900058", "みず電機");
    private static final OneMachine.Site DEVICE_CA = new OneMachine.Site("1319900066", "機器証明センター");
    private static final OneMachine.Site SERVICE_CA = new OneMachine.Site("1319900074", "サービス証明センター");

    private final Telling telling;
    private final Place place;
    private final Cast cast;
    private final Clock clock;
    private final SecureRandom die;

    RegistrationStory(Telling telling, Place place, Cast cast, Clock clock, SecureRandom die) {
        this.telling = telling;
        this.place = place;
        this.cast = cast;
        this.clock = clock;
        this.die = die;
    }

    /// All who take part.
    ///
    /// @param clinic the subscriber: a person of the clinic
    record Parties(
            Office body,
            Office provider,
            Office vendor,
            Office deviceCa,
            Office serviceCa,
            Party clinic,
            Party stranger) {}

    /// What stands at the end.
    ///
    /// @param file the case's name
    record Registered(Parties parties, Digest file) {}

    /// @param staff stays the caller's to close, for stories that go on with the same organisations
    Registered tell(Staff staff) throws Exception {
        telling.chapter("VPN機器の登録と接続申請（手順 a〜l）", "Registration of a VPN device, steps a) to l)");
        var parties = enrol(staff);
        accredit(parties);
        try (var router = DeviceChip.make(place.folder().resolve("devices/router-1"), "R-1 0001", 4, die)) {
            var chip = router.tiers(
                    () -> Procedure.SERVICE, parties.provider().machine().certificate());
            var device = new Member.Device(VENDOR_CODE, "R-1", "0001");
            var file = new Procedure(parties, parties.clinic(), device, chip, this::act).play();
            prove(parties, file);
            return new Registered(parties, file);
        }
    }

    private Parties enrol(Staff staff) throws Exception {
        return telling.step(
                NAME,
                "parties",
                "認定機関・提供者・機器提供者・2つの発行機関が地域に加わる",
                "Accreditation body, provider, vendor and two CA operators join the region",
                () -> new Told<>(
                        new Parties(
                                staff.office("accreditation-body", OneMachine.ACCREDITATION, "認定 花子"),
                                staff.office("provider", PROVIDER, "結城 勝"),
                                staff.office("vendor", VENDOR, "水野 流"),
                                staff.office("device-ca", DEVICE_CA, "機器 真"),
                                staff.office("service-ca", SERVICE_CA, "有馬 証"),
                                staff.person(cast.doctorA().device()),
                                staff.person(cast.doctorB().device())),
                        "5 organisations, a named person each"));
    }

    private void accredit(Parties parties) throws Exception {
        accredit(parties.body(), parties.provider(), Role.PROVIDER, Optional.empty(), PROVIDER);
        accredit(parties.body(), parties.vendor(), Role.VENDOR, Optional.of(VENDOR_CODE), VENDOR);
        accredit(parties.body(), parties.deviceCa(), Role.DEVICE_CA, Optional.empty(), DEVICE_CA);
        accredit(parties.body(), parties.serviceCa(), Role.SERVICE_CA, Optional.empty(), SERVICE_CA);
    }

    private void accredit(Office body, Office applicant, Role role, Optional<String> vendor, OneMachine.Site site)
            throws Exception {
        telling.step(
                NAME,
                "accreditation-" + role.text(),
                role.japanese() + "が申請し、登録認定機関の担当者が認定する",
                "Accreditation as " + role.text() + ": applied for, approved by a named person",
                () -> {
                    var file = applicant
                            .person()
                            .open(new Step.AccreditationApplication(role, vendor))
                            .file();
                    body.person().answer(file, Optional.of(clock.instant().plus(ACCREDITED)), "書類・実地審査済み");
                    return new Told<>(file, site.name() + " " + site.code());
                });
    }

    private Filed act(String step, String japanese, String english, Procedure.Acting acting) throws Exception {
        return telling.step(NAME, step, japanese, english, () -> {
            var filed = acting.act();
            return new Told<>(filed, "act " + filed.act().hex().substring(0, 16) + "…");
        });
    }

    private void prove(Parties parties, Digest file) throws Exception {
        telling.chapter("主張の証明", "Proof of the claims");
        telling.step(
                NAME,
                "proof-ledger",
                "全ての手順の署名が正しく、台帳にある",
                "Every act's signature holds and its inclusion in the ledger is proven",
                () -> {
                    var region = parties.body().region();
                    var papers = parties.clinic().papers(file);
                    for (var paper : papers) {
                        var evidence =
                                region.ledger().evidence(paper.act().entry().leaf());
                        region.evidenceCheck().check(evidence, region.trust().log());
                    }
                    var now = parties.clinic().look(file);
                    expect(now.state() == Case.State.IN_SERVICE, "the case is in service");
                    return new Told<>("", papers.size() + " acts, " + now.state());
                });
        telling.step(
                NAME,
                "proof-openssl",
                "opensslが機器証明書とサービス証明書を検証する",
                "openssl verify accepts device and service certificate",
                () -> new Told<>("", openssl(parties.clinic().look(file))));
        refused(parties, file);
    }

    private String openssl(Case now) throws Exception {
        var folder = Files.createDirectories(place.folder().resolve("devices").resolve("proof"));
        KeyFiles.writeChain(folder.resolve("root.pem"), place.region().trust().roots());
        var said = new ArrayList<String>();
        for (var kind : List.of(Kind.DEVICE_CERTIFICATE, Kind.SERVICE_CERTIFICATE)) {
            var chain = now.standing(kind).orElseThrow().issued();
            KeyFiles.writeChain(folder.resolve(kind.text() + ".pem"), chain);
            said.add(Witness.in(
                    folder,
                    "openssl",
                    "verify",
                    "-CAfile",
                    "root.pem",
                    "-untrusted",
                    kind.text() + ".pem",
                    kind.text() + ".pem"));
        }
        return String.join(", ", said);
    }

    private void refused(Parties parties, Digest file) throws Exception {
        telling.step(
                NAME, "proof-stranger", "当事者でない病院の手続きは断られる", "An act of a hospital that is no party is refused", () -> {
                    var last = parties.clinic().look(file).last();
                    try {
                        parties.stranger()
                                .next(
                                        new Act.Place(file, last),
                                        new Step.Withdrawal(Step.Withdrawal.Part.DEVICE, "横取り"));
                    } catch (Refusal refusal) {
                        expect(refusal.code().equals("file-unknown"), "refused for what it is: " + refusal.code());
                        expect(parties.clinic().look(file).last().equals(last), "nothing changed");
                        return new Told<>("", refusal.code());
                    }
                    throw new IllegalStateException("a stranger's act was accepted");
                });
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }
}
