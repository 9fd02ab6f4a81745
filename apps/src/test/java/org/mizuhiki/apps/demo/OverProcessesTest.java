package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.apps.demo.Typed.done;
import static org.mizuhiki.apps.demo.Typed.found;
import static org.mizuhiki.apps.demo.Typed.refused;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.device.DeviceNationalCard;
import org.mizuhiki.keys.RemoteAccount;
import org.mizuhiki.keys.RemotePasswords;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.oprf.StockClient;
import org.mizuhiki.store.RemoteOwnShares;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// Ways into an account and its letters, as people type them, against servers that are real processes.
class OverProcessesTest {
    @TempDir
    private static Path folder;

    private static RealRegion real;
    private static Played played;

    @BeforeAll
    static void start() throws Exception {
        real = new RealRegion(folder);
        played = real.played;
    }

    @AfterAll
    static void stop() {
        real.close();
    }

    /// A terminal of doctor C's hospital.
    ///
    /// @param element as its maker tells it
    private record Desk(Path terminal, Path service, Path admission, String element) {
        String[] opening(String patient, Path card, String... more) {
            var all = new ArrayList<>(List.of(
                    "emergency",
                    "open",
                    "--patient",
                    patient,
                    "--reason",
                    "unconscious",
                    "--json",
                    "--terminal",
                    terminal.toString(),
                    "--service",
                    service.toString(),
                    "--admission",
                    admission.toString(),
                    "--simulated-card",
                    card.toString()));
            all.addAll(List.of(more));
            return all.toArray(String[]::new);
        }
    }

    private static String hospital() {
        return Objects.requireNonNull(OneMachine.SITES.get("gateway-b")).code();
    }

    private static Desk desk(Path institutions) {
        var terminal = folder.resolve("terminal");
        var service = folder.resolve("service");
        var admission = folder.resolve("admission.json");
        var made = done(Typed.run(
                "chip",
                "terminal",
                "make",
                "--terminal",
                terminal.toString(),
                "--service",
                service.toString(),
                "--json"));
        done(Typed.run(
                "chip",
                "terminal",
                "enrol",
                "--terminal",
                terminal.toString(),
                "--service",
                service.toString(),
                "--institution",
                hospital(),
                "--institutions",
                institutions.toString(),
                "--admission",
                admission.toString()));
        return new Desk(terminal, service, admission, found("\"element\":\"([^\"]+)\"", made));
    }

    @Test
    @Tag("F5")
    void aPatientsLettersAreOpenedInAnEmergencyAndThePatientSeesIt() throws Exception {
        var institutions = folder.resolve("institutions");
        var card = real.simulatedCard(institutions);
        var desk = desk(institutions);
        var patient = real.newPatient("emergency-patient");
        var id = patient.id().value();
        var doctor = played.cast.doctorC().folder();
        var letter = real.letter(patient).hex();
        refused("emergency-not-allowed", Typed.run(doctor, desk.opening(id, card)));
        var pin = real.file("1234\n").toString();
        var allow =
                new String[] {"emergency", "allow", "--simulated-card", card.toString(), "--pin-file", pin, "--json"};
        assertTrue(done(Typed.run(patient.folder(), allow)).contains("\"letters\":1"));
        refused("emergency-stands", Typed.run(patient.folder(), allow));

        // not at a terminal that nobody accredited, nor with another card
        refused("terminal-not-accredited", Typed.run(doctor, desk.opening(id, card)));
        played.machine
                .place()
                .operate("keys", "terminal-accredit", Map.of("element", desk.element(), "institution", hospital()));
        refused("card-of-other", Typed.run(doctor, desk.opening(id, real.simulatedCard(institutions))));
        refused(
                "card-not-permitted",
                Typed.run(doctor, desk.opening(id, real.simulatedCard(folder.resolve("other-root")))));
        refused("terminal-not-accredited", Typed.run(played.cast.doctorA().folder(), desk.opening(id, card)));

        var into = Files.createDirectory(folder.resolve("emergency"));
        var told = done(Typed.run(doctor, desk.opening(id, card, "--into", into.toString())));
        assertTrue(told.contains("\"letter\":\"" + letter + "\""), told);
        assertTrue(Files.size(into.resolve(letter).resolve("letter.json")) > 0);
        var opening = found("\"opening\":\"([0-9a-f]{64})\"", told);

        // the patient is told, and ends it
        assertTrue(done(Typed.run(patient.folder(), "notice", "list")).contains("EMERGENCY: unconscious"));
        var listed = done(Typed.run(patient.folder(), "emergency", "list", "--json"));
        assertTrue(listed.contains(opening) && listed.contains("\"open\":true"), listed);
        assertTrue(done(Typed.run(patient.folder(), "letter", "disclosures", letter, "--json"))
                .contains(played.cast.doctorC().id().value()));
        done(Typed.run(patient.folder(), "emergency", "end", opening));
        assertTrue(
                done(Typed.run(patient.folder(), "emergency", "list", "--json")).contains("\"open\":false"));

        // what comes later is covered by the next command; what is removed opens nothing
        real.letter(patient);
        assertTrue(done(Typed.run(patient.folder(), "emergency", "follow", "--json"))
                .contains("\"letters\":1"));
        assertTrue(done(Typed.run(doctor, desk.opening(id, card))).contains("\"letters\":2"));
        done(Typed.run(patient.folder(), "emergency", "remove"));
        refused("emergency-not-allowed", Typed.run(doctor, desk.opening(id, card)));
    }

    @Test
    @Tag("V4")
    @Tag("F11")
    void aForgottenPasswordIsSetAnewWithTheNationalIdCard() throws Exception {
        var institutions = folder.resolve("no-institutions");
        var card = real.simulatedCard(institutions);
        var pin = real.file(DeviceNationalCard.SIGNATURE_PIN + "\n").toString();
        var person = real.newPatient("card-patient");
        var first = real.file("the first password\n").toString();
        done(Typed.run(person.folder(), "account", "create", "--password-file", first));
        var withCard = List.of("--simulated-card", card.toString(), "--pin-file", pin);
        var wrongPin = real.file("WRONG9\n").toString();
        refused(
                "pin",
                Typed.run(
                        person.folder(),
                        "account",
                        "add-card",
                        "--simulated-card",
                        card.toString(),
                        "--pin-file",
                        wrongPin));
        done(Typed.run(person.folder(), with(List.of("account", "add-card"), withCard)));
        var listed = done(Typed.run(person.folder(), "account", "list", "--json"));
        var name = found("\"name\":\"(national-card[^\"]*|card[^\"]*)\"", listed);

        var second = real.file("the second password\n").toString();
        var recover = List.of(
                "account",
                "recover",
                "--id",
                person.id().value(),
                "--national-card",
                "--password-file",
                second,
                "--region",
                played.machine.regionFile().toString());
        var other = List.of("--simulated-card", real.simulatedCard(institutions).toString(), "--pin-file", pin);
        refused("way-in-unknown", Typed.run(with(recover, other, device("stranger"))));
        done(Typed.run(with(recover, withCard, device("phone"))));
        var logIn = List.of(
                "account",
                "login",
                "--id",
                person.id().value(),
                "--region",
                played.machine.regionFile().toString());
        done(Typed.run(with(logIn, List.of("--password-file", second), device("second"))));
        refused("login-failed", Typed.run(with(logIn, List.of("--password-file", first), device("third"))));

        // a card that was lost
        done(Typed.run(person.folder(), "account", "remove", name));
        refused("way-in-unknown", Typed.run(with(recover, withCard, device("thief"))));
    }

    private static List<String> device(String name) {
        return List.of("--device", folder.resolve("device-" + name).toString());
    }

    @SafeVarargs
    private static String[] with(List<String>... parts) {
        var all = new ArrayList<String>();
        for (var part : parts) {
            all.addAll(part);
        }
        return all.toArray(String[]::new);
    }

    @Test
    @Tag("F6")
    void aDelegateReadsUntilThePatientTakesItBack() throws Exception {
        var father = real.newPatient("father");
        var daughter = real.newPatient("daughter");
        var letter = real.letter(father);
        var open = new String[] {"letter", "open", letter.hex(), "--purpose", "family", "--json"};
        refused("letter-unknown", Typed.run(daughter.folder(), open));
        refused(
                "option-malformed",
                Typed.run(father.folder(), "delegate", "add", daughter.id().value()));
        var added =
                done(Typed.run(father.folder(), "delegate", "add", daughter.id().value(), "--everything", "--json"));
        assertTrue(added.contains("\"grants\":1"), added);
        assertTrue(done(Typed.run(daughter.folder(), open)).contains(father.id().value()));

        var later = real.letter(father).hex();
        refused("letter-unknown", Typed.run(daughter.folder(), "letter", "open", later));
        assertTrue(
                done(Typed.run(father.folder(), "delegate", "follow", "--json")).contains("\"grants\":1"));
        done(Typed.run(daughter.folder(), "letter", "open", later));
        var listed = done(Typed.run(father.folder(), "delegate", "list", "--json"));
        assertTrue(listed.contains(daughter.id().value()) && listed.contains("\"letters\":2"), listed);

        done(Typed.run(father.folder(), "delegate", "remove", daughter.id().value()));
        // the store lets go of it as well, so that it is not even fetched
        refused("blob-unknown", Typed.run(daughter.folder(), open));
        refused(
                "delegate-unknown",
                Typed.run(father.folder(), "delegate", "remove", daughter.id().value()));
    }

    @Test
    @Tag("F7")
    @Tag("F11")
    void aLostCardIsBlockedAndTheLettersOpenWithANewOne() throws Exception {
        var place = played.machine.place();
        var first =
                enrolled("first-phone", "first-card", place.operate("gateway-a", "ticket", Map.of("kind", "patient")));
        var id = found("(P-[0-9A-Z-]+)", first);
        var phone = folder.resolve("first-phone");
        var doctor = played.cast.doctorA();
        done(Typed.run(doctor.folder(), "relation", "propose", id));
        done(onCard(phone, "first-card", "relation", "accept", doctor.id().value()));
        var letter = real.sent(id).hex();
        done(onCard(phone, "first-card", "letter", "open", letter));
        refused("card-needed", Typed.run(phone, "letter", "list"));

        // blocked: who finds it, even with the phone, is nobody
        place.operate("gateway-a", "revoke", Map.of("id", id, "reason", "key-compromise"));
        var found = onCard(phone, "first-card", "letter", "open", letter);
        assertNotEquals(0, found.code(), found.out());

        // a new card for the same person, and the author seals again
        enrolled(
                "second-phone",
                "second-card",
                place.operate("gateway-a", "ticket", Map.of("kind", "patient", "id", id)));
        var second = folder.resolve("second-phone");
        refused("slot-swapped", onCard(second, "second-card", "letter", "open", letter));
        done(Typed.run(doctor.folder(), "letter", "reseal", "--patient", id));
        done(onCard(second, "second-card", "letter", "open", letter));
    }

    private static Typed onCard(Path phone, String card, String... arguments) {
        return Typed.run(
                phone,
                with(List.of(arguments), List.of("--card", folder.resolve(card).toString())));
    }

    private String enrolled(String device, String card, String slip) throws Exception {
        var phone = Files.createDirectory(folder.resolve(device));
        Files.writeString(phone.resolve("passphrase"), "a passphrase of one's own\n");
        return done(onCard(
                phone,
                card,
                "person",
                "enrol",
                "--ticket-file",
                real.file(slip).toString(),
                "--region",
                played.machine.regionFile().toString()));
    }

    @Test
    @Tag("V7")
    void aDoctorOpensWhatWasWrittenInATimeToAnother() throws Exception {
        var patient = real.newPatient("episode-patient");
        var letters = List.of(real.letter(patient).hex(), real.letter(patient).hex());
        var doctor = played.cast.doctorA().folder();
        var reader = played.cast.doctorC();
        var give = List.of(
                "grant", "give-episode", patient.id().value(), reader.id().value(), "--json");
        refused("letter-unknown", Typed.run(reader.folder(), "letter", "open", letters.getFirst()));
        var nobody = Typed.run(doctor, with(give, List.of("--before", "2020-01-01T00:00:00Z")));
        assertEquals("", nobody.out(), "nothing was written then");
        var given = done(Typed.run(doctor, with(give, List.of("--since", "2020-01-01T00:00:00Z"))));
        assertEquals(2, given.lines().count(), given);
        for (var letter : letters) {
            done(Typed.run(reader.folder(), "letter", "open", letter));
        }
    }

    private static Peer peer(String server, Identity identity) {
        return Peers.connect(URI.create(server), identity, Played.DIE);
    }

    @Test
    @Tag("V4")
    void theBrowsersStockClientSetsAPasswordAndLogsInAtTwoProcesses() throws Exception {
        assertNotEquals(real.processes.pid("keys"), real.processes.pid("store"));
        assertNotEquals(ProcessHandle.current().pid(), real.processes.pid("keys"));
        var region = played.machine.region();
        var roots = region.trust().roots();
        var patient = real.newPatient("stock-patient");
        var mine = patient.device().identity(roots);
        var password = StockClient.text("さくら さくら");
        try (var stock = StockClient.start()) {
            var device = new RemotePasswords(peer(region.keys(), mine), Optional.empty());
            var started = stock.call("startRegistration", password);
            var request = StockClient.decoded(started.get(1));
            var begun = device.begin(patient.id(), request);
            // as the page does: it asks the store itself and adds; the stock client sees one stock response
            var share = new RemoteOwnShares(peer(region.store(), mine), Optional.empty())
                    .begin(patient.id(), begun.registration(), request);
            var response = StockClient.encoded(OpaqueClient.withShare(begun.response(), share));
            var registered = stock.call("finishRegistration", password, started.get(0), response);
            device.set(patient.id(), begun.registration(), StockClient.decoded(registered.get(0)));

            var anybody = peer(region.keys(), Identity.anonymous(roots));
            var browser = new RemotePasswords(anybody, Optional.empty());
            var login = stock.call("startLogin", password);
            var answered = browser.answer(patient.id(), StockClient.decoded(login.get(1)));
            var in = stock.call("finishLogin", password, login.get(0), StockClient.encoded(answered.ke2()));
            assertEquals(registered.get(1), in.get(2), "the export key of registration");
            var session = browser.prove(answered.login(), StockClient.decoded(in.get(0)));
            assertEquals(0, new RemoteAccount(anybody).state(session.token()).number());

            var wrong = stock.call("startLogin", StockClient.text("うめ"));
            var other = browser.answer(patient.id(), StockClient.decoded(wrong.get(1)));
            assertEquals(
                    List.of("refused"),
                    stock.call("finishLogin", StockClient.text("うめ"), wrong.get(0), StockClient.encoded(other.ke2())));
        }
    }
}
