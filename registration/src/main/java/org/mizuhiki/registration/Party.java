package org.mizuhiki.registration;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;

/// One institution at work, through one signer: reads a file, checks it, makes the next act, signs it and
/// hands it in. Whatever else it is refused is the authority's to say.
public final class Party {
    private final Registry registry;
    private final SignedActs acts;
    private final Author author;
    private final StampAuthority stamps;
    private final Clock clock;
    private final SecureRandom die;
    private final Member signer;
    private final InstitutionCode by;

    /// @param author a professional of the institution, or the institution itself
    /// @throws Refusal `signer-not-of-an-institution`
    public Party(
            Registry registry, SignedActs acts, Author author, StampAuthority stamps, Clock clock, SecureRandom die) {
        this.registry = registry;
        this.acts = acts;
        this.author = author;
        this.stamps = stamps;
        this.clock = clock;
        this.die = die;
        this.signer = Member.of(author.certificate());
        this.by = Affiliation.of(signer).code();
    }

    public InstitutionCode code() {
        return by;
    }

    public X509Certificate certificate() {
        return author.certificate();
    }

    public Registry registry() {
        return registry;
    }

    /// All acts of a file with their signers, every signature and the chain checked.
    public List<SignedAct> papers(Digest file) {
        return registry.dossier(file).check(acts);
    }

    List<Done> read(Digest file) {
        return registry.dossier(file).read(acts);
    }

    /// @throws Refusal `file-unknown`, also for an accreditation
    public Case look(Digest file) {
        var done = read(file);
        if (done.getFirst().act().kind() == Kind.ACCREDITATION_APPLICATION) {
            throw CaseRules.unknown();
        }
        return Case.checked(done);
    }

    /// Opens a file: an application for accreditation, or step a) or b).
    public Registry.Filed open(Step step) {
        return hand(Optional.empty(), step);
    }

    /// The next act of a file.
    public Registry.Filed next(Digest file, Step step) {
        return next(read(file), step);
    }

    /// The next act at a place that is known; whether it still is the newest, the authority says.
    public Registry.Filed next(Act.Place place, Step step) {
        return hand(Optional.of(place), step);
    }

    private Registry.Filed next(List<Done> done, Step step) {
        var opening = done.getFirst().act();
        return next(new Act.Place(opening.file(), done.getLast().act().id()), step);
    }

    private Registry.Filed next(Case file, Step step) {
        return next(file.done(), step);
    }

    private Registry.Filed hand(Optional<Act.Place> place, Step step) {
        return registry.hand(signed(act(place, step)));
    }

    Bytes signed(Act act) {
        return acts.sign(act, author, stamps);
    }

    Act act(Optional<Act.Place> place, Step step) {
        var nonce = new byte[16];
        die.nextBytes(nonce);
        var at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Act(place, by, signer.identity(), at, HexFormat.of().formatHex(nonce), step);
    }

    /// The accreditation body's answer.
    ///
    /// @param until absent: no
    public Registry.Filed answer(Digest licence, Optional<Instant> until, String reason) {
        return next(licence, new Step.AccreditationAnswer(until.map(u -> u.truncatedTo(ChronoUnit.SECONDS)), reason));
    }

    /// a) or g): the provider's answer to whichever application waits.
    public Registry.Filed answer(Digest file, boolean approved, String reason) {
        var now = look(file);
        return next(
                now,
                isMyTurn(now, Kind.USE_ANSWER)
                        ? new Step.UseAnswer(approved, reason)
                        : new Step.MembershipAnswer(approved, reason));
    }

    /// Says no to what waits for this institution: to an application as an answer, else as a declination.
    public Registry.Filed refuse(Digest file, String reason) {
        var now = look(file);
        boolean answers = isMyTurn(now, Kind.USE_ANSWER) || isMyTurn(now, Kind.MEMBERSHIP_ANSWER);
        return answers ? answer(file, false, reason) : next(now, new Step.Declination(reason));
    }

    /// c) Has the chip make its key and registers the device.
    public Registry.Filed register(Digest file, Member.Device device, Chip chip, InstitutionCode deviceCa) {
        var now = look(file);
        mustBeMyTurn(now, Kind.DEVICE_REGISTRATION);
        return next(now, new Step.DeviceRegistration(device, request(chip, Chip.Tier.DEVICE), deviceCa));
    }

    /// d) or i): has the certificate issued that waits for this CA.
    public Registry.Filed issue(Digest file) {
        var now = look(file);
        if (isMyTurn(now, Kind.SERVICE_CERTIFICATE)) {
            var request = now.request().orElseThrow().request();
            return next(now, new Step.ServiceCertificate(request.sha256()));
        }
        mustBeMyTurn(now, Kind.DEVICE_CERTIFICATE);
        return next(
                now,
                new Step.DeviceCertificate(
                        now.registration().orElseThrow().request().sha256()));
    }

    /// e) or j): loads the certificate that was issued into its tier and lets the chip sign for it.
    public Registry.Filed load(Digest file, Chip chip) {
        var now = look(file);
        if (isMyTurn(now, Kind.SERVICE_LOADING)) {
            var digest = load(now, Kind.SERVICE_CERTIFICATE, now.service().orElseThrow(), chip, Chip.Tier.SERVICE);
            return next(
                    now,
                    new Step.ServiceLoading(
                            digest,
                            receipt(chip, Chip.Tier.SERVICE, now, digest),
                            receipt(chip, Chip.Tier.DEVICE, now, digest),
                            renewed(now, chip)));
        }
        mustBeMyTurn(now, Kind.DEVICE_LOADING);
        var digest = load(now, Kind.DEVICE_CERTIFICATE, now.device().orElseThrow(), chip, Chip.Tier.DEVICE);
        return next(now, new Step.DeviceLoading(digest, receipt(chip, Chip.Tier.DEVICE, now, digest)));
    }

    /// f)
    public Registry.Filed receive(Digest file) {
        var now = look(file);
        mustBeMyTurn(now, Kind.DEVICE_RECEIPT);
        return next(now, new Step.DeviceReceipt(now.device().orElseThrow()));
    }

    /// g)
    public Registry.Filed use(Digest file, String service) {
        var now = look(file);
        mustBeMyTurn(now, Kind.USE_APPLICATION);
        return next(now, new Step.UseApplication(now.device().orElseThrow(), service));
    }

    /// h) Has the chip make the key of its second tier and asks for its certificate.
    public Registry.Filed request(Digest file, Chip chip, InstitutionCode serviceCa) {
        var now = look(file);
        mustBeMyTurn(now, Kind.SERVICE_REQUEST);
        if (chip.loaded(Chip.Tier.SERVICE).isPresent()) {
            chip.clear(Chip.Tier.SERVICE); // of a service that ended: no other has a turn here
        }
        return next(now, new Step.ServiceRequest(request(chip, Chip.Tier.SERVICE), serviceCa));
    }

    /// k)
    public Registry.Filed connect(Digest file) {
        var now = look(file);
        mustBeMyTurn(now, Kind.CONNECTION_APPLICATION);
        return next(
                now, new Step.ConnectionApplication(now.service().orElseThrow().name()));
    }

    /// l)
    public Registry.Filed provide(Digest file) {
        var now = look(file);
        mustBeMyTurn(now, Kind.SERVICE_PROVISION);
        return next(now, new Step.ServiceProvision(now.service().orElseThrow().name()));
    }

    private static Bytes request(Chip chip, Chip.Tier tier) {
        return EnrolmentRequests.of(chip.generate(tier), content -> chip.sign(tier, content));
    }

    /// A CA that certified somebody else under this file would have them loaded here: only what the file
    /// names, for this chip's key, goes in.
    private Digest load(Case now, Kind issuing, Member named, Chip chip, Chip.Tier tier) {
        List<X509Certificate> chain = now.standing(issuing).orElseThrow().issued();
        if (!acts.validator()
                .check(chain, Validator.Purpose.TLS_CLIENT, clock.instant())
                .equals(named)) {
            throw Refusal.of(
                    "certificate-not-mine",
                    "発行された証明書は、この手続きの機器・サービスのものではありません",
                    "What was issued is not for this file's device or service");
        }
        chip.load(tier, chain);
        return KeyFiles.encoded(chain.getFirst()).sha256();
    }

    /// What the chip's device certificate was renewed to since d).
    private static Optional<Bytes> renewed(Case now, Chip chip) {
        var first = now.standing(Kind.DEVICE_CERTIFICATE).orElseThrow().certificate();
        return chip.loaded(Chip.Tier.DEVICE)
                .map(KeyFiles::encoded)
                .filter(c -> !c.sha256().equals(first));
    }

    private static Bytes receipt(Chip chip, Chip.Tier tier, Case now, Digest certificate) {
        return chip.sign(tier, ChipReceipt.content(tier, now.last(), certificate));
    }

    private boolean isMyTurn(Case now, Kind kind) {
        return now.turns().contains(new Turn(kind, by));
    }

    /// Said here as the authority would say it, before a chip makes keys for nothing.
    private void mustBeMyTurn(Case now, Kind kind) {
        if (!isMyTurn(now, kind)) {
            throw CaseRules.notInTurn(now, kind);
        }
    }
}
