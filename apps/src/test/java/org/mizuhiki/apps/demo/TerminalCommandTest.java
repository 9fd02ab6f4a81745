package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Exit;

/// A person's card, and the terminal that it opens as its administrator's.
@Tag("H5")
class TerminalCommandTest {
    private static final String NONCE = "5a".repeat(32);

    @TempDir
    static Path folder;

    private static Played played;
    private static String card = "";

    private String terminal = "";
    private String service = "";

    @BeforeAll
    static void aPersonKeepsTheSigningKeyOnACard() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
        var slip = folder.resolve("slip");
        Files.writeString(
                slip,
                played.machine.place().operate("gateway-a", "ticket", Map.of("kind", "professional", "name", "葛城 蓮")));
        var passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse battery\n")
                .toString();
        var region = played.machine.place().folder().resolve("region.json").toString();
        var device = folder.resolve("laptop").toString();
        card = folder.resolve("card").toString();
        done(
                "person",
                "enrol",
                "--device",
                device,
                "--passphrase-file",
                passphrase,
                "--region",
                region,
                "--ticket-file",
                slip.toString(),
                "--card",
                card);
        assertTrue(done("chip", "show", "--chip", card).out().contains("葛城 蓮"));
    }

    @AfterAll
    static void regionGoesDown() throws Exception {
        played.close();
    }

    private static Typed done(String... arguments) {
        var said = Typed.run(arguments);
        assertEquals(Exit.OK, said.code(), String.join(" ", arguments) + "\n" + said.err());
        return said;
    }

    private static void refused(String code, String... arguments) {
        var asked = new ArrayList<>(List.of(arguments));
        asked.add("--json");
        var said = Typed.run(asked.toArray(String[]::new));
        assertEquals(Exit.REFUSED, said.code(), said.err());
        assertTrue(said.err().contains("\"refused\":\"" + code + "\""), said.err());
    }

    private Typed at(String verb, String... more) {
        var all = new ArrayList<>(List.of("chip", "terminal", verb, "--terminal", terminal));
        all.addAll(List.of(more));
        all.add("--json");
        return Typed.run(all.toArray(String[]::new));
    }

    private Typed well(String verb, String... more) {
        var said = at(verb, more);
        assertEquals(Exit.OK, said.code(), said.err());
        return said;
    }

    private void no(String code, String verb, String... more) {
        var said = at(verb, more);
        assertEquals(Exit.REFUSED, said.code(), said.err());
        assertTrue(said.err().contains("\"refused\":\"" + code + "\""), said.err());
    }

    @BeforeEach
    void aTerminalOfAClinic() throws Exception {
        var own = Files.createTempDirectory(folder, "site");
        terminal = own.resolve("terminal").toString();
        service = own.resolve("service").toString();
        well("make", "--service", service);
        well("enrol", "--service", service, "--institution", "1311234567");
    }

    private static String certificate() throws Exception {
        var pem = folder.resolve("administrator.pem").toString();
        var content = Files.writeString(folder.resolve("content"), "x").toString();
        done(
                "chip",
                "sign",
                "--chip",
                card,
                "--slot",
                "1",
                "--out",
                folder.resolve("sig").toString(),
                "--certificates",
                pem,
                content);
        return pem;
    }

    @Test
    void whatIsSealedBeforeItIsMovedOnlyItsServiceOpens() throws Exception {
        var administrator = certificate();
        well("administrator", "--service", service, "--certificate", administrator);
        no("terminal-sealed", "open", "--card", card, "--certificate", administrator);
        var opened = well("open", "--service", service);
        assertTrue(opened.out().contains("\"sealed\":false,\"opened\":\"by service\""), opened.out());
        var byCard = well("open", "--card", card, "--certificate", administrator);
        assertTrue(byCard.out().contains("\"opened\":\"by administrator\""), byCard.out());
        // before it is moved, and after: its own word, not its host's
        var sealed = well("seal", "--nonce", NONCE);
        var element = sealed.field("element");
        var statement = sealed.field("statement");
        var checked =
                done("chip", "terminal", "check", "--element", element, "--nonce", NONCE, "--statement", statement);
        assertTrue(checked.out().contains("sealed"), checked.out());
        refused(
                "statement-forged",
                "chip",
                "terminal",
                "check",
                "--element",
                element,
                "--nonce",
                "5b".repeat(32),
                "--statement",
                statement);
        no("terminal-sealed", "open", "--card", card, "--certificate", administrator);
        var stranger = folder.resolve("stranger").toString();
        no("signer-key-missing", "open", "--service", stranger);
        Typed.run(
                "chip",
                "terminal",
                "make",
                "--terminal",
                folder.resolve("other").toString(),
                "--service",
                stranger);
        no("terminal-not-permitted", "open", "--service", stranger);
        assertTrue(well("show").out().contains("\"sealed\":true"));
        well("open", "--service", service);
        assertTrue(well("show").out().contains("\"sealed\":false,\"opened\":\"closed\""), "the power went");
    }

    /// The terminal waits with its fresh challenge while its service, elsewhere, signs.
    @Test
    void aServiceFarAwayOpensATerminalAndSignsNothingElse() throws Exception {
        var element = well("show").field("element");
        var input = System.in;
        try (var answers = new PipedOutputStream();
                var waiting = new PipedInputStream(answers)) {
            System.setIn(waiting);
            var opening = Typed.begun("chip", "terminal", "open", "--terminal", terminal);
            var order = opening.await("--order ([A-Za-z0-9+/=]+)");
            var sign = List.of("chip", "terminal", "sign", "--element", element, "--service", service, "--order");
            refused(
                    "terminal-order-other",
                    with(sign, java.util.Base64.getEncoder().encodeToString(new byte[59])));
            var signature = done(with(sign, order)).out().strip();
            answers.write((signature + "\n").getBytes(StandardCharsets.US_ASCII));
            answers.flush();
            assertEquals(Exit.OK, opening.ended().code());
        } finally {
            System.setIn(input);
        }
        assertTrue(well("show").out().contains("\"sealed\":false"));
    }

    private static String[] with(List<String> first, String... more) {
        var all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void withoutTheCardNothingIsOpened() {
        var device = folder.resolve("laptop").toString();
        var passphrase = folder.resolve("passphrase").toString();
        refused("card-needed", "letter", "list", "--device", device, "--passphrase-file", passphrase);
        done("letter", "list", "--device", device, "--passphrase-file", passphrase, "--card", card);
        var router = folder.resolve("no-card").toString();
        refused(
                "card-missing",
                "letter",
                "list",
                "--device",
                device,
                "--passphrase-file",
                passphrase,
                "--card",
                router);
        done("chip", "make", "--chip", router, "--information", "acme/R-9/0003", "--services", "1");
        refused(
                "card-not-personal",
                "letter",
                "list",
                "--device",
                device,
                "--passphrase-file",
                passphrase,
                "--card",
                router);
    }
}
