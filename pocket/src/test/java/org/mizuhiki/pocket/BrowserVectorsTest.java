package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Account;
import org.mizuhiki.keys.KeyRoutes;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.LedgerRoutes;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.ledger.SignedCheckpoint;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.pocket.outbox.Outbox;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.store.Keyrings;
import org.mizuhiki.store.StoreRoutes;
import org.mizuhiki.trust.RegionTrust;
import org.mizuhiki.wire.Json;

/// One person's region, as servers answer it: what the portal's worker is tested with
/// (`portal/src/test/vectors.json`). All of it is synthetic. Made anew by
/// `mvn -pl pocket test -Dtest=BrowserVectorsTest -Dmizuhiki.vectors=write`.
@ExtendWith(World.Given.class)
@Tag("B4")
class BrowserVectorsTest {
    private static final Path FILE = Path.of("../portal/src/test/vectors.json");
    private static final String PASSWORD = "mizuhiki awaji musubi";

    /// @param exportKey what OPAQUE gives for the password
    /// @param about what is said of the letter before the owner opens it
    /// @param released what the key server gives for the owner's disclosure
    /// @param involving every statement that names the person, the opening included
    /// @param attachments closed, by digest
    record Vectors(
            String now,
            String person,
            Bytes exportKey,
            RegionFile region,
            Account.State state,
            Keyrings.Kept keyring,
            String caList,
            Map<String, Bytes> certificates,
            Map<String, Bytes> crls,
            StoreRoutes.Inbox inbox,
            Digest letter,
            Bytes body,
            KeyRoutes.FiledList about,
            KeyServer.Release released,
            KeyRoutes.FiledList involving,
            Map<String, LedgerRoutes.EvidenceBody> evidence,
            Digest document,
            Map<String, Bytes> attachments) {}

    @Test
    @EnabledIfSystemProperty(named = "mizuhiki.vectors", matches = "write")
    void aRegionIsWrittenDown(World world, @TempDir Path folder) throws Exception {
        var patient = world.patient();
        var letter = opened(world, folder);
        var about = new KeyRoutes.FiledList(world.region.keys().aboutLetter(patient.id(), letter));
        var desk = desk(world);
        var disclosure = new Statement.Disclosure(
                patient.id(), patient.id(), letter, Optional.empty(), "own", desk.now(), desk.nonce());
        var released = world.region.keys().release(patient.id(), desk.sign(disclosure));
        var account = account(world);
        var body = Bytes.of(Files.readAllBytes(world.region.store().fetch(patient.id(), letter)));
        var inbox = world.region.store().inbox(patient.id(), 100, Long.MAX_VALUE);
        var attachments = new LinkedHashMap<String, Bytes>();
        for (var object : inbox.getFirst().objects()) {
            attachments.put(
                    object.hex(),
                    Bytes.of(Files.readAllBytes(world.region.store().fetch(patient.id(), object))));
        }
        var involving = new KeyRoutes.FiledList(world.region.keys().involving(patient.id(), 200, Long.MAX_VALUE));
        var certificates = named(world.authority.published()::certificate);
        var crls = named(world.authority.published()::crl);
        var evidence = new LinkedHashMap<String, LedgerRoutes.EvidenceBody>();
        for (var filed : involving.statements()) {
            var leaf = Desk.entry(
                            world.region.statements().check(filed.signed()).statement())
                    .leaf();
            evidence.put(leaf.hex(), form(world.ledger.evidence(leaf)));
        }
        var vectors = new Vectors(
                world.clock.instant().toString(),
                patient.id().value(),
                account.exportKey(),
                region(world),
                account.state(),
                account.kept(),
                world.authority.published().caList().orElseThrow().encode().asUtf8(),
                certificates,
                crls,
                new StoreRoutes.Inbox(inbox),
                letter,
                body,
                about,
                released,
                involving,
                evidence,
                Letters.document(2).sha256(),
                attachments);
        Files.createDirectories(FILE.toAbsolutePath().getParent());
        Files.write(FILE, Json.write(vectors).toArray());
    }

    /// A letter with attachments, which doctor B has opened.
    private static Digest opened(World world, Path folder) throws Exception {
        var patient = world.patient();
        var a = world.doctorA();
        var b = world.doctorB();
        world.relate(a, patient);
        var letter = a.pocket()
                .post()
                .send(Letters.draft(a.pocket(), Letters.full(patient.id(), folder)))
                .letter();
        a.pocket().grants().give(letter, b.id(), Duration.ofDays(30), "referral");
        b.pocket().reading().open(letter, "treatment");
        return letter;
    }

    /// What the authority publishes of each CA.
    static Map<String, Bytes> named(Function<String, Bytes> of) {
        var found = new LinkedHashMap<String, Bytes>();
        for (var name : List.of("root", "person", "institution", "server", "device", "service")) {
            found.put(name, of.apply(name));
        }
        return found;
    }

    private record Reached(Bytes exportKey, Account.State state, Keyrings.Kept kept) {}

    private static Reached account(World world) {
        var servers = world.accountServers();
        var client = OpaqueClient.stock(world.die);
        var accounts = new Accounts(servers, client, world.seals, world.clock);
        var patient = world.patient();
        try (var keyring = patient.device().keyring().encode();
                var made = accounts.create(patient.id(), secret(), keyring, false)) {
            var passwords = servers.passwords().apply(Optional.empty());
            try (var login = client.login(secret())) {
                var answered = passwords.answer(patient.id(), login.request());
                var in = login.finish(answered.ke2());
                var session = passwords.prove(answered.login(), in.ke3());
                return new Reached(
                        in.exportKey().lend(Bytes::of),
                        servers.account().state(session.token()),
                        servers.keyrings().fetchOwn(made.person()));
            }
        }
    }

    private static Secret secret() {
        return Secret.taking(Bytes.utf8(PASSWORD).toArray());
    }

    private static Desk desk(World world) {
        var device = world.patient().device();
        var outbox = new Outbox(device.folder(), device.local(), world.seals.streams());
        return new Desk(device, world.region, world.seals, world.clock, world.die, outbox, new ConcurrentHashMap<>());
    }

    /// As the ledger's route writes it.
    private static LedgerRoutes.EvidenceBody form(Evidence evidence) {
        return new LedgerRoutes.EvidenceBody(
                new LedgerRoutes.EntryBody(
                        evidence.entry().kind(), evidence.entry().record().hex(), ""),
                evidence.index(),
                evidence.path().stream().map(Digest::hex).toList(),
                new LedgerRoutes.CheckpointBody(
                        evidence.checkpoint().note(),
                        evidence.checkpoint().stamp().asBase64()));
    }

    static RegionFile region(World world) {
        var trust = new RegionTrust(
                "test",
                world.accreditation.roots(),
                Optional.of(world.accreditation.quantumSafeRoot()),
                world.region.trust().log());
        var nowhere = URI.create("https://localhost:1").toString();
        return RegionFile.of(trust, nowhere, nowhere, nowhere, nowhere);
    }

    @Test
    void aDeviceStillReadsWhatTheBrowserIsTestedWith() throws Exception {
        var vectors = Json.read(Bytes.of(Files.readAllBytes(FILE)), Vectors.class);
        var seals = new Seals(new SecureRandom());
        var trust = vectors.region().trust();
        var check = new OfflineEvidenceCheck(seals.stamps(), new PinnedStampRoots(trust.roots()));

        for (var filed : vectors.involving().statements()) {
            var record = seals.records().verify(filed.signed()).record();
            var entry = new Entry(record.get("kind"), record.digest());
            var shown =
                    Objects.requireNonNull(vectors.evidence().get(entry.leaf().hex()));
            var checkpoint = new SignedCheckpoint(
                    shown.checkpoint().note(), Bytes.base64(shown.checkpoint().stamp()));
            var path = shown.path().stream().map(Digest::new).toList();
            var at = check.check(new Evidence(entry, shown.index(), path, checkpoint), trust.log());
            assertTrue(at.isBefore(Instant.parse(vectors.now()).plusSeconds(60)));
        }
        assertEquals(
                vectors.letter(),
                new SealedLetter(vectors.body(), List.of(vectors.released().slot())).id());
        assertTrue(vectors.involving().statements().size() >= 6);
    }
}
