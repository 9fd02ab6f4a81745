package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.KeysFile;
import org.mizuhiki.ledger.LogFollower;
import org.mizuhiki.ledger.LogSource;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.ledger.SignedCheckpoint;
import org.mizuhiki.trust.Directory;
import org.mizuhiki.trust.Directory.Listing;
import org.mizuhiki.trust.DirectoryWatch;
import org.mizuhiki.trust.DirectoryWatch.Own;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Revocation;
import org.mizuhiki.trust.WatchAlarm;
import org.mizuhiki.trust.WatchEvidence;
import org.mizuhiki.trust.WatchMemory;

/// The monitor of the directory, against an honest region and against every way to cheat it.
@Tag("F3")
class DirectoryWatchTest {
    private static final MovableClock CLOCK = new MovableClock();
    private static Duration passed = Duration.ZERO;
    private static World world;
    private static OfflineEvidenceCheck offline;

    @BeforeAll
    static void regionComesUp() throws Exception {
        world = new World(CLOCK);
        offline = new OfflineEvidenceCheck(
                world.seals.stamps(), new PinnedStampRoots(world.region.trust().roots()));
    }

    @AfterAll
    static void regionGoesDown() throws Exception {
        world.close();
    }

    private static DirectoryWatch watch(Directory directory, LogSource log) {
        var follower = new LogFollower(log, offline, world.region.trust().log());
        return new DirectoryWatch(Optional.of(directory), world.region.directoryCheck(), follower, world.ledger);
    }

    private static DirectoryWatch honest() {
        return watch(world.region.directory(), world.ledger);
    }

    private static List<String> codes(List<WatchAlarm> alarms) {
        return alarms.stream().map(a -> a.why().code()).toList();
    }

    /// Renews the certificate when its time has come.
    private static Device renewed(Device device) {
        passed = passed.plus(Duration.ofDays(250));
        CLOCK.shift(passed);
        world.revocations.refresh();
        return world.renewed(device);
    }

    private static World.Player somebody() {
        return world.somebody(world.newPatient());
    }

    @Test
    void anHonestRenewalIsToldAndIsNoAlarm() {
        var patient = somebody();
        var ids = Set.of(patient.id());
        var first = honest().look(
                        WatchMemory.empty(), ids, Optional.of(patient.device().own()));
        assertEquals(List.of(), first.alarms());
        assertEquals(
                List.of(true),
                first.news().stream().map(DirectoryWatch.News::first).toList());
        assertEquals(
                List.of(), honest().look(first.memory(), ids, Optional.empty()).news());

        var device = renewed(patient.device());
        var second = honest().look(first.memory(), ids, Optional.of(device.own()));
        assertEquals(List.of(), second.alarms());
        assertEquals(
                List.of(false),
                second.news().stream().map(DirectoryWatch.News::first).toList());
        // a new monitor, which reads the ledger from its beginning, comes to the same
        var fresh = honest().look(WatchMemory.empty(), ids, Optional.of(device.own()));
        assertEquals(List.of(), fresh.alarms());
        assertEquals(second.memory().entries(), fresh.memory().entries());
        assertEquals(List.of(), honest().compare(second.memory(), fresh.memory()));
        assertEquals(List.of(), honest().compare(first.memory(), fresh.memory()));
        // and so does one without a certificate, as far as it goes
        var follower =
                new LogFollower(world.ledger, offline, world.region.trust().log());
        var bare = new DirectoryWatch(Optional.empty(), world.region.directoryCheck(), follower, world.ledger);
        assertEquals(
                2, bare.look(WatchMemory.empty(), ids, Optional.empty()).news().size());
    }

    /// The authority turns bad: it enters keys of its own for the victim and shows them to others only.
    @Test
    void keysThatOthersAreShownAreFoundByTheirOwner(@TempDir Path folder) throws Exception {
        var victim = somebody();
        var real = world.region.directory().find(victim.id());
        var before = honest().look(WatchMemory.empty(), Set.of(victim.id()), Optional.empty());
        var forged = enterKeysFor(victim, folder);
        // others believe them: certified, entered in the ledger, witnessed
        assertEquals(forged, world.region.directory().find(victim.id()));
        world.region.directoryCheck().check(victim.id(), forged);

        // the victim is shown what was there before
        var twoFaced = new Answers().finding(victim.id(), real);
        var hidden = watch(twoFaced, world.ledger)
                .look(
                        before.memory(),
                        Set.of(victim.id()),
                        Optional.of(victim.device().own()));
        assertEquals(1, hidden.news().size());
        assertTrue(
                codes(hidden.alarms()).contains("entry-hidden"),
                codes(hidden.alarms()).toString());
        // shown as they are, they are not the victim's own
        var shown = honest().look(
                        before.memory(),
                        Set.of(victim.id()),
                        Optional.of(victim.device().own()));
        assertEquals(List.of("key-not-yours"), codes(shown.alarms()));
        assertEquals(List.of(forged), shown.alarms().getFirst().listings());
        // unless the victim says so
        var accepting = before.memory().accepting(List.of(forged.record().digest()));
        assertEquals(
                List.of(),
                codes(honest().look(
                                accepting,
                                Set.of(victim.id()),
                                Optional.of(victim.device().own()))
                        .alarms()));

        // an auditor sees it from the file alone
        var file = folder.resolve("evidence.json");
        WatchEvidence.of(CLOCK.instant(), hidden.alarms()).write(file);
        var trust = world.region.trust();
        var findings = WatchEvidence.open(file).check(offline, new KeysFile(trust.log(), trust.roots()));
        assertTrue(findings.stream().anyMatch(f -> f.alarm().equals("entry-hidden") && f.proven()));
    }

    private static Listing enterKeysFor(World.Player victim, Path folder) {
        world.authority.revocation(new Registrar.Operator()).revoke(victim.member(), Revocation.Reason.SUPERSEDED);
        Device.create(
                        folder.resolve("attacker"),
                        world.region,
                        world.ticket(victim.member()),
                        World.passphrase(),
                        world.seals,
                        CLOCK)
                .close();
        return world.region.directory().find(victim.id());
    }

    @Test
    void aSubstitutedKeyIsAnAlarm() {
        var victim = somebody();
        var other = world.region.directory().find(somebody().id());
        var real = world.region.directory().find(victim.id());
        var substituted = new Listing(
                real.member(), real.place(), real.signing(), other.sealing(), real.binding(), real.evidence());
        var round = watch(new Answers().finding(victim.id(), substituted), world.ledger)
                .look(WatchMemory.empty(), Set.of(victim.id()), Optional.empty());
        assertEquals(List.of("listing-forged", "entry-not-in-ledger", "entry-hidden"), codes(round.alarms()));
        // an offline check tells what the file proves from what it only says
        var trust = world.region.trust();
        var findings = WatchEvidence.of(CLOCK.instant(), round.alarms())
                .check(offline, new KeysFile(trust.log(), trust.roots()));
        assertTrue(findings.stream().anyMatch(f -> f.english().contains("not issued to this person")));
    }

    private static WatchEvidence.Finding finding(PersonId about, Listing answered) {
        var alarm = new WatchAlarm(
                Refusal.of("entry-hidden", "", ""), Optional.of(about), List.of(answered), List.of(), Optional.empty());
        var trust = world.region.trust();
        return WatchEvidence.of(CLOCK.instant(), List.of(alarm))
                .check(offline, new KeysFile(trust.log(), trust.roots()))
                .getFirst();
    }

    /// Whoever writes the file can change whatever is in it: that must prove nothing about the authority.
    @Test
    void anHonestAnswerThatTheReporterChangedProvesNothing() {
        var patient = somebody();
        var other = somebody();
        var real = world.region.directory().find(patient.id());
        var theirs = world.region.directory().find(other.id());
        assertTrue(finding(patient.id(), real).proven());
        assertFalse(finding(other.id(), real).proven(), "an answer about somebody else");
        var bits = real.binding().toArray();
        bits[bits.length / 2] ^= 1;
        for (var changed : List.of(
                with(real, real.member(), real.signing(), real.sealing(), Bytes.of(bits), real.evidence()),
                with(real, real.member(), real.signing(), real.sealing(), real.binding(), theirs.evidence()),
                with(real, real.member(), real.signing(), theirs.sealing(), real.binding(), real.evidence()),
                with(real, theirs.member(), real.signing(), real.sealing(), real.binding(), real.evidence()))) {
            var finding = finding(patient.id(), changed);
            assertFalse(finding.proven(), finding.english());
        }
    }

    /// Entered in the ledger by somebody who may write there, but certified by nobody: a chain that only
    /// verifies hop by hop, a stamp authority's or another person's name on it, is none.
    @Test
    void keysThatNoAuthorityCertifiedProveNothing() {
        var patient = somebody();
        var other = somebody();
        var real = world.region.directory().find(patient.id());
        var theirs = world.region.directory().find(other.id());
        for (var made : List.of(
                // the other's keys under the patient's name
                with(real, real.member(), theirs.signing(), theirs.sealing(), theirs.binding(), real.evidence()),
                // a person's certificate that is not for signing, at the place of the signing one
                with(real, real.member(), sealingFirst(real), real.sealing(), real.binding(), real.evidence()))) {
            world.ledger.append(Directory.entry(made.record()));
            var proof = world.ledger.evidence(Directory.entry(made.record()).leaf());
            var entered = with(made, made.member(), made.signing(), made.sealing(), made.binding(), proof);
            var finding = finding(patient.id(), entered);
            assertFalse(finding.proven(), finding.english());
        }
    }

    private static List<X509Certificate> sealingFirst(Listing listing) {
        var chain = new ArrayList<>(listing.signing());
        chain.set(0, listing.sealing());
        return chain;
    }

    private static Listing with(
            Listing of,
            Member member,
            List<X509Certificate> signing,
            X509Certificate sealing,
            Bytes binding,
            Evidence evidence) {
        return new Listing(member, of.place(), signing, sealing, binding, evidence);
    }

    @Test
    void aPastEntryThatIsLeftOutIsAnAlarm() {
        var patient = somebody();
        var device = renewed(renewed(patient.device()));
        var directory = world.region.directory();
        var past = directory.past(patient.id());
        assertEquals(2, past.size());
        world.region.directoryCheck().history(patient.id(), past);
        Refused.with(
                "history-incomplete",
                () -> world.region.directoryCheck().history(patient.id(), List.of(past.getFirst())));
        for (int left = 0; left < 2; left++) {
            var kept = List.of(past.get(1 - left));
            var round = watch(new Answers().past(patient.id(), kept), world.ledger)
                    .look(WatchMemory.empty(), Set.of(patient.id()), Optional.of(device.own()));
            assertEquals(List.of("history-incomplete", "entry-hidden"), codes(round.alarms()));
        }
    }

    @Test
    void aLedgerThatWasRolledBackIsAnAlarmAndNothingIsForgotten() {
        var early = somebody();
        world.region.directory().find(early.id()); // its proof needs a checkpoint
        var old = world.ledger.checkpoint();
        var late = somebody();
        var seen = honest().look(WatchMemory.empty(), Set.of(late.id()), Optional.empty());
        var rolledBack = Tampered.with(
                LogSource.class, world.ledger, (method, _, call) -> method.equals("checkpoint") ? old : call.call());
        var round =
                watch(world.region.directory(), rolledBack).look(seen.memory(), Set.of(late.id()), Optional.empty());
        assertEquals(List.of("ledger-rolled-back"), codes(round.alarms()));
        assertEquals(seen.memory(), round.memory());
    }

    @Test
    void aCheckpointThatNoWitnessSignedIsAnAlarm() {
        var patient = somebody();
        world.region.directory().find(patient.id());
        var signed = world.ledger.checkpoint();
        var alone = signed.note().replaceAll("(?m)^— witness.test .*\\n", "");
        var unwitnessed = Tampered.with(
                LogSource.class,
                world.ledger,
                (method, _, call) ->
                        method.equals("checkpoint") ? new SignedCheckpoint(alone, signed.stamp()) : call.call());
        var round = watch(world.region.directory(), unwitnessed)
                .look(WatchMemory.empty(), Set.of(patient.id()), Optional.empty());
        assertEquals(List.of("witness-missing"), codes(round.alarms()));
        assertEquals(WatchMemory.empty(), round.memory());
    }

    @Test
    void twoMonitorsThatRememberOneLedgerDifferentlyAreTold(@TempDir Path folder) throws Exception {
        var patient = somebody();
        var mine = honest().look(WatchMemory.empty(), Set.of(patient.id()), Optional.empty())
                .memory();
        var file = folder.resolve("watch.json");
        mine.write(file);
        assertEquals(mine, WatchMemory.open(file));
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                world.region
                                        .directory()
                                        .find(patient.id())
                                        .record()
                                        .digest()
                                        .hex(),
                                "0".repeat(64)));
        assertEquals(List.of("watch-states-differ"), codes(honest().compare(mine, WatchMemory.open(file))));
        Files.writeString(file, Files.readString(file).replace("\"size\":", "\"size\":1"));
        Refused.with("watch-memory-damaged", () -> WatchMemory.open(file));
    }

    @Test
    void aDeviceKnowsTheKeysThatWereMadeOnIt() {
        var patient = somebody();
        var before = patient.device().own();
        var device = renewed(patient.device());
        assertEquals(1, before.keys().size());
        assertEquals(2, device.own().keys().size());
        assertTrue(device.own().keys().containsAll(before.keys()));
        assertFalse(new Own(patient.id(), Set.<Digest>of()).equals(before));
    }

    /// The real directory, with some answers replaced.
    private static final class Answers implements Directory {
        private final LinkedHashMap<PersonId, Listing> found = new LinkedHashMap<>();
        private final LinkedHashMap<PersonId, List<Listing>> before = new LinkedHashMap<>();

        /// Answers with this, and with no past.
        Answers finding(PersonId id, Listing listing) {
            found.put(id, listing);
            before.put(id, List.of());
            return this;
        }

        Answers past(PersonId id, List<Listing> listings) {
            before.put(id, listings);
            return this;
        }

        @Override
        public Listing find(PersonId id) {
            return Optional.ofNullable(found.get(id))
                    .orElseGet(() -> world.region.directory().find(id));
        }

        @Override
        public List<Listing> past(PersonId id) {
            return Optional.ofNullable(before.get(id))
                    .orElseGet(() -> world.region.directory().past(id));
        }

        @Override
        public List<Listing> professionals(String text) {
            return world.region.directory().professionals(text);
        }
    }
}
