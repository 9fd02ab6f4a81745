package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.apps.demo.thief.MarkerSearch;
import org.mizuhiki.apps.demo.thief.Rows;
import org.mizuhiki.apps.role.RestoreCommand;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.usage.Month;
import org.mizuhiki.usage.RemoteUsage;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peers;
import picocli.CommandLine;

/// A region as the non-profit that runs it sees it: what was used, who pays, what a backup has in it.
@Tag("V11")
class NonProfitTest {
    private static final Duration LIFE = Duration.ofDays(30);
    private static final OneMachine.Site CLINIC = Objects.requireNonNull(OneMachine.SITES.get("gateway-a"));
    private static final OneMachine.Site HOSPITAL = Objects.requireNonNull(OneMachine.SITES.get("gateway-b"));

    @TempDir
    static Path folder;

    private static Played played;
    private static String month;

    @BeforeAll
    static void aClinicSendsTwoLettersAndTheHospitalOpensOne() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
        played.machine.startOffice();
        month = Month.of(Played.CLOCK.instant()).toString();
        var cast = played.cast;
        cast.doctorA().pocket().relations().propose(cast.patient().id(), LIFE);
        cast.patient().pocket().relations().accept(cast.doctorA().id());
        var papers = played.papers();
        var first = send(papers);
        send(papers);
        cast.doctorA().pocket().grants().give(first, cast.doctorB().id(), LIFE, "referral");
        cast.doctorB().pocket().reading().open(first, "referral");
        // patients' own reading is nobody's usage
        cast.patient().pocket().reading().open(first, "own-record");
        operate(
                "office",
                "issuer-set",
                Map.of("name", "NPO法人みずひき", "address", "洲本市", "registration", "T7000012050002", "pay-to", "あわじ銀行"));
        operate(
                "office",
                "plan-add",
                Map.of(
                        "name", "clinic", "title", "診療所", "base", "3000", "tax", "10", "letters", "1/1/15", "open",
                        "yes"));
        for (var site : List.of(CLINIC, HOSPITAL)) {
            operate(
                    "office",
                    "account-open",
                    Map.of("code", site.code(), "name", site.name(), "plan", "clinic", "from", month));
        }
    }

    @AfterAll
    static void regionGoesDown() {
        played.close();
    }

    private static Digest send(SamplePapers papers) {
        var letter = new NewLetter(
                played.cast.patient().id(),
                papers.papers().document(),
                papers.papers().files(),
                new DocumentRules(),
                AttachmentReading::check);
        var post = played.cast.doctorA().pocket().post();
        return post.send(((Written.Drafted) post.write(letter)).draft().id()).letter();
    }

    private static String operate(String server, String operation, Map<String, String> asked) {
        return played.machine.place().operate(server, operation, asked);
    }

    private static String refused(String server, String operation, Map<String, String> asked) {
        return assertThrows(Refusal.class, () -> operate(server, operation, asked))
                .code();
    }

    @Test
    void usageIsWhatTheServersTrulyDidForEachInstitution() throws Exception {
        var csv = operate("office", "usage", Map.of("month", month));
        var cells = row(csv, CLINIC.code());
        assertEquals("2", cells.get(3), csv);
        assertTrue(Long.parseLong(cells.get(4)) > 100_000, "bytes with the image: " + csv);
        assertEquals("1", cells.get(5), "grants: " + csv);
        assertEquals("0", cells.get(6), "openings: " + csv);
        assertEquals("1", row(csv, HOSPITAL.code()).get(6), "openings: " + csv);
        assertEquals("2", row(csv, HOSPITAL.code()).get(9), "doctors B and C: " + csv);
        var file = folder.resolve("usage.csv").toString();
        assertEquals(file, operate("office", "usage", Map.of("month", month, "to", file)));
        assertTrue(Files.readString(Path.of(file)).startsWith("\uFEFF"));
        // no person stands in any of the office's rows
        var backup = folder.resolve("office-alone");
        operate("office", "backup", Map.of("to", backup.toString()));
        var search = new MarkerSearch();
        for (var player : played.cast.all()) {
            search.add(player.id().value(), player.id().value());
        }
        assertEquals(
                java.util.Set.of(),
                java.util.Set.copyOf(search.search(List.of(backup)).found()));
    }

    private static List<String> row(String csv, String code) {
        return csv.lines()
                .filter(line -> line.startsWith(code + ","))
                .map(line -> List.of(line.split(",", -1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anInstitutionServesItselfByItsGateway() {
        operate("office", "usage", Map.of("month", month));
        assertTrue(operate("gateway-a", "dues", Map.of()).contains(CLINIC.code()));
        assertTrue(operate("gateway-a", "dues-usage", Map.of("month", month))
                .contains("\"measure\":\"LETTERS\",\"amount\":2"));
        assertFalse(operate("gateway-b", "dues-usage", Map.of("month", month)).contains("LETTERS"));
        assertTrue(operate("gateway-a", "dues-contact", Map.of("department", "事務部"))
                .contains("事務部"));
        assertTrue(operate("gateway-a", "dues-plan", Map.of("plan", "clinic")).contains("clinic"));
        assertEquals("plan-unknown", refused("gateway-a", "dues-plan", Map.of("plan", "none")));
        assertTrue(operate("gateway-a", "dues-invoices", Map.of()).contains("none"));
        assertEquals("usage-not-complete", refused("office", "invoice-issue", Map.of("month", month)));
        var to = folder.toString();
        assertEquals("invoice-unknown", refused("gateway-a", "dues-invoice", Map.of("number", "1", "to", to)));
        assertEquals("ok", operate("office", "invoice-check", Map.of()));
    }

    @Test
    void onlyTheOfficeMayAskForNumbers() {
        var region = played.machine.region();
        for (var server : List.of(
                region.store(),
                region.keys(),
                region.authority(),
                region.centre().orElseThrow())) {
            for (var role : List.of("web", "witness", "gateway-a")) {
                var peer = Peers.connect(URI.create(server), () -> identity(role), Patience.once(), Played.DIE);
                var no = assertThrows(Refusal.class, () -> new RemoteUsage(peer).of(Month.parse(month)));
                assertEquals("access-denied", no.code(), server + " asked by " + role);
            }
            var office = Peers.connect(URI.create(server), () -> identity("office"), Patience.once(), Played.DIE);
            assertEquals(
                    "month-malformed",
                    assertThrows(Refusal.class, () -> office.getBytes("/v1/usage?month=2026-13"))
                            .code());
        }
    }

    private static Identity identity(String server) {
        var tls = played.machine.place().folder().resolve(server).resolve("tls");
        return new Identity(
                KeyFiles.readKey(tls.resolve("key.pem")),
                KeyFiles.readChain(tls.resolve("chain.pem")),
                played.machine.region().trust().roots());
    }

    /// Whoever finds one backup has one half: of slots and bodies, of a password's key, of an account.
    @Test
    @Tag("V3")
    void noBackupOfOneServerHasTheOthersHalf() throws Exception {
        var patient = played.cast.otherPatient();
        var accounts =
                Region.accounts(played.machine.region(), Optional.of(patient.device()), Played.CLOCK, Played.DIE);
        var passphrase =
                Files.readString(patient.folder().resolve("passphrase")).strip();
        try (var account =
                DeviceAccount.create(patient.device(), accounts, secret("とても長い合言葉2026"), secret(passphrase), false)) {
            account.addRecoveryCode().close();
        }
        var backups = new HashMap<String, Path>();
        for (var server : List.of("keys", "store", "authority", "centre", "office")) {
            var to = folder.resolve("half-" + server);
            operate(server, "backup", Map.of("to", to.toString()));
            backups.put(server, to);
        }
        var ofKeys = halves(Objects.requireNonNull(backups.get("keys")), List.of("slots", "password", "account_slot"));
        var ofStore = halves(Objects.requireNonNull(backups.get("store")), List.of("password_share", "keyring"));
        ofStore.addAll(blobs(Objects.requireNonNull(backups.get("store")).resolve("files/blobs")));
        assertTrue(ofKeys.size() >= 6, "slots of two letters, a password, two ways in: " + ofKeys.size());
        assertTrue(ofStore.size() >= 4, "two letters with objects, a share, a keyring: " + ofStore.size());
        for (var backup : backups.entrySet()) {
            boolean isStore = backup.getKey().equals("store");
            boolean isKeys = backup.getKey().equals("keys");
            assertEquals(isKeys, finds(backup.getValue(), ofKeys), backup.getKey() + " and the key server's half");
            assertEquals(isStore, finds(backup.getValue(), ofStore), backup.getKey() + " and the store's half");
        }
    }

    private static boolean finds(Path backup, List<Bytes> halves) throws Exception {
        var search = new MarkerSearch();
        for (int i = 0; i < halves.size(); i++) {
            search.add("half " + i, halves.get(i));
        }
        return !search.search(List.of(backup)).found().isEmpty();
    }

    private static List<Bytes> halves(Path backup, List<String> tables) throws IOException {
        var all = new ArrayList<Bytes>();
        for (var table : tables) {
            var rows = Rows.of(backup, table);
            assertFalse(rows.all().isEmpty(), table + " has rows");
            for (int column = 0; column < rows.all().getFirst().size(); column++) {
                rows.bytes(column).stream()
                        .filter(value -> value.size() >= 32)
                        .map(NonProfitTest::middle)
                        .forEach(all::add);
            }
        }
        return all;
    }

    /// Not the head, which all of one form share.
    private static Bytes middle(Bytes value) {
        int from = value.size() / 2;
        return Bytes.of(Arrays.copyOfRange(value.toArray(), from, Math.min(value.size(), from + 64)));
    }

    private static List<Bytes> blobs(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            var all = new ArrayList<Bytes>();
            for (var file : files.filter(Files::isRegularFile).toList()) {
                all.add(middle(Bytes.of(Files.readAllBytes(file))));
            }
            return all;
        }
    }

    /// The office is brought back from its own backup and goes on; the region never needed it.
    @Test
    void theOfficeComesBackFromItsOwnBackupAlone() throws Exception {
        var backup = folder.resolve("office-backup");
        operate("office", "backup", Map.of("to", backup.toString()));
        var region = played.machine.place().folder();
        var fresh = folder.resolve("region").resolve("office-anew");
        Files.createDirectory(fresh);
        var config = Files.readString(region.resolve("office/config.yaml"));
        Files.writeString(fresh.resolve("config.yaml"), config.replaceAll("port: \\d+", "port: 0"));
        copy(region.resolve("office/tls"), fresh.resolve("tls"));
        var restore = Exit.prepare(new CommandLine(new RestoreCommand()));
        assertEquals(
                0, restore.execute("--config", fresh.resolve("config.yaml").toString(), "--from", backup.toString()));
        try (var running = new InProcess(Played.CLOCK, Played.DIE)) {
            running.launch("office", "office", fresh.resolve("config.yaml"));
            var accounts = org.mizuhiki.apps.role.Roles.operate(fresh, "accounts", Map.of("month", month));
            assertTrue(accounts.contains(CLINIC.code()) && accounts.contains(HOSPITAL.code()), accounts);
            var csv = org.mizuhiki.apps.role.Roles.operate(fresh, "usage", Map.of("month", month));
            assertEquals("2", row(csv, CLINIC.code()).get(3), csv);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static Secret secret(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.UTF_8));
    }
}
