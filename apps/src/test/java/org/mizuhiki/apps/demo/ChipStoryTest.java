package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Commands;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The story `chip` with real servers, and then the same by hand with the commands.
@Tag("N7")
@Tag("D16")
class ChipStoryTest {
    @TempDir
    static Path folder;

    private static Played played;
    private static Path json;

    @BeforeAll
    static void theStoryIsPlayed() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
        json = folder.resolve("out.json");
        var telling = Played.quietly(Optional.of(json));
        new ChipStory(telling, played.machine.place(), Played.CLOCK, Played.DIE).tell();
        assertTrue(telling.allHeld());
    }

    @AfterAll
    static void regionGoesDown() throws Exception {
        played.close();
    }

    @Test
    void everyStepAndEveryProofIsTold() throws Exception {
        var steps = new ArrayList<String>();
        for (var line : Files.readAllLines(json)) {
            var told = Json.read(Bytes.utf8(line), Telling.Line.class);
            assertTrue(told.story().equals("chip") && told.ok(), line);
            steps.add(told.step());
        }
        assertEquals(
                List.of(
                        "initial-registration",
                        "tier-1",
                        "tier-2-medical-vpn",
                        "tier-2-image-exchange",
                        "proof-tls",
                        "proof-openssl",
                        "proof-isolation",
                        "removal",
                        "proof-kept"),
                steps);
    }

    @Command(name = "mizuhiki")
    private static final class Root {}

    private record Said(int code, String out, String err) {}

    private static Said run(String... arguments) {
        var line = new CommandLine(new Root());
        Commands.all().forEach(line::addSubcommand);
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Exit.prepare(line)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Said(code, out.toString(), err.toString());
    }

    private static String done(String... arguments) {
        var said = run(arguments);
        assertEquals(Exit.OK, said.code(), String.join(" ", arguments) + "\n" + said.err());
        return said.out();
    }

    private static void refused(String code, String... arguments) {
        var asked = new ArrayList<>(List.of(arguments));
        asked.add("--json");
        var said = run(asked.toArray(String[]::new));
        assertEquals(Exit.REFUSED, said.code(), said.err());
        assertTrue(said.err().contains("\"refused\":\"" + code + "\""), said.err());
    }

    private static String ticket(String name, Map<String, String> asked) throws Exception {
        var file = folder.resolve(name);
        Files.writeString(file, " \n" + played.machine.place().operate("authority", "ticket", asked) + "\r\n\n");
        return file.toString();
    }

    @Test
    void aPersonKeepsTheSigningKeyOnACard() throws Exception {
        var slip = folder.resolve("slip");
        Files.writeString(
                slip,
                played.machine.place().operate("gateway-a", "ticket", Map.of("kind", "professional", "name", "葛城 蓮")));
        var passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse battery\n")
                .toString();
        var region = played.machine.place().folder().resolve("region.json").toString();
        var device = folder.resolve("laptop").toString();
        var card = folder.resolve("card").toString();
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
        assertTrue(done("chip", "show", "--chip", card).contains("葛城 蓮"));
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

    @Test
    void anAdministratorDoesTheSameByHand() throws Exception {
        var chip = folder.resolve("router").toString();
        var region = played.machine.place().folder().resolve("region.json").toString();
        var root = folder.resolve("root.pem");
        KeyFiles.writeChain(root, played.machine.place().region().trust().roots());
        var provider = played.machine.place().folder().resolve("gateway-b/institution/chain.pem");
        var key = made(chip);
        var device = Map.of("kind", "device", "device", "acme/R-9/0001");
        var first = ticket("device", device);
        refused(
                "chip-empty",
                "chip",
                "enrol",
                "--chip",
                chip,
                "--region",
                region,
                "--slot",
                "1",
                "--ticket-file",
                first);
        refused("maker-unknown", "chip", "enrol", "--chip", chip, "--region", region, "--ticket-file", first);
        played.machine.place().operate("authority", "chip-maker-accept", Map.of("vendor", "acme", "key", key));
        done("chip", "enrol", "--chip", chip, "--region", region, "--ticket-file", first);
        refused(
                "chip-slot-unknown",
                "chip",
                "enrol",
                "--chip",
                chip,
                "--region",
                region,
                "--slot",
                "9",
                "--ticket-file",
                first);
        refused("chip-loaded", "chip", "enrol", "--chip", chip, "--region", region, "--ticket-file", first);
        refused("provider-key-unfit", "chip", "install", "--chip", chip, "vpn", "--provider", root.toString());
        fromFarAway(chip, region, provider);
        refused("chip-service-exists", "chip", "install", "--chip", chip, "vpn", "--provider", provider.toString());
        done("chip", "install", "--chip", chip, "mail", "--provider", provider.toString());
        refused("chip-slots-taken", "chip", "install", "--chip", chip, "third", "--provider", provider.toString());
        var service = ticket(
                "service",
                Map.of("kind", "service", "device", "acme/R-9/0001", "service", "vpn", "subscriber", "1312345678"));
        done("chip", "enrol", "--chip", chip, "--region", region, "--slot", "1", "--ticket-file", service);
        assertTrue(done("chip", "renew", "--chip", chip, "--region", region).contains("not due"));
        var shown = done("chip", "show", "--chip", chip, "--json");
        assertTrue(shown.contains("\"slot\":1,\"state\":\"CERTIFIED\""), shown);
        sign(chip);
        done("chip", "resume", "--chip", chip, "1");
        done("chip", "remove", "--chip", chip, "1");
        assertTrue(shown.contains("service 1312345678/vpn/acme/R-9/0001"), shown);
        assertFalse(done("chip", "show", "--chip", chip).contains("1312345678"));
        refused("chip-slot-unknown", "chip", "remove", "--chip", chip, "7");
        revoked(chip, region);
    }

    /// Its own slot, while the other one is as good as before.
    private static void revoked(String chip, String region) throws Exception {
        var strange = ticket("another", Map.of("kind", "device", "device", "acme/R-9/0009"));
        refused(
                "ticket-not-of-service",
                "chip",
                "enrol",
                "--chip",
                chip,
                "--region",
                region,
                "--slot",
                "2",
                "--ticket-file",
                strange);
        var service = ticket(
                "mail",
                Map.of("kind", "service", "device", "acme/R-9/0001", "service", "mail", "subscriber", "1312345678"));
        done("chip", "enrol", "--chip", chip, "--region", region, "--slot", "2", "--ticket-file", service);
        played.machine
                .place()
                .operate(
                        "authority",
                        "revoke",
                        Map.of("kind", "device", "device", "acme/R-9/0001", "reason", "affiliation-changed"));
        var said = run("chip", "renew", "--chip", chip, "--region", region);
        assertEquals(Exit.REFUSED, said.code());
        assertTrue(said.err().contains("slot 0") && said.err().contains("certificate-revoked"), said.err());
        assertTrue(said.out().contains("slot 2") && said.out().contains("not due"), said.out());
    }

    /// @return its manufacturer's key, as the operator is told it
    private static String made(String chip) {
        refused("chip-missing", "chip", "show", "--chip", chip);
        var maker = folder.resolve("maker").toString();
        var key = done("chip", "maker", maker).strip();
        assertEquals(key, done("chip", "maker", maker).strip(), "it is made once");
        done("chip", "make", "--chip", chip, "--information", "acme/R-9/0001", "--services", "2", "--maker", maker);
        refused("chip-exists", "chip", "make", "--chip", chip, "--information", "acme/R-9/0002");
        assertEquals(
                Exit.USAGE,
                run("chip", "make", "--chip", chip + "x", "--information", "a", "--services", "17")
                        .code());
        return key;
    }

    /// The manager is elsewhere, and so is the provider.
    private static void fromFarAway(String chip, String region, Path provider) {
        var own = provider.resolveSibling("").toString();
        List<String> order = List.of(
                "chip",
                "order",
                "--institution",
                own,
                "--region",
                region,
                "--device-name",
                "acme/R-9/0001",
                "--slot",
                "1");
        var install = with(order, "install", "vpn", "--provider", provider.toString(), "--manager", chip);
        refused("chip-not-heard", install);
        done("chip", "sync", "--chip", chip, "--region", region);
        done(install);
        assertTrue(done("chip", "sync", "--chip", chip, "--region", region).contains("done"));
        done(with(order, "suspend", "vpn")); // in the provider's own name
        done(with(order, "resume", "vpn"));
        refused("order-signer", with(order, "unblock", "vpn"));
        done("chip", "sync", "--chip", chip, "--region", region);
        var told = done(
                "chip", "orders", "--institution", own, "--region", region, "--device-name", "acme/R-9/0001", "--json");
        assertEquals(3, told.split("\"state\":\"DONE\"", -1).length - 1, told);
    }

    private static String[] with(List<String> first, String... more) {
        var all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static void sign(String chip) throws Exception {
        var content = Files.writeString(folder.resolve("content"), "to be signed");
        var signature = folder.resolve("signature").toString();
        var certificates = folder.resolve("certificates.pem");
        done(
                "chip",
                "sign",
                "--chip",
                chip,
                "--slot",
                "1",
                "--out",
                signature,
                "--certificates",
                certificates.toString(),
                content.toString());
        var verifier = java.security.Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(KeyFiles.readChain(certificates).getFirst());
        verifier.update(Files.readAllBytes(content));
        assertTrue(verifier.verify(Files.readAllBytes(Path.of(signature))));
        assertEquals(
                Exit.REFUSED,
                run("chip", "sign", "--chip", chip, "--out", folder + "/nowhere/sig", content.toString())
                        .code());
        assertEquals(
                Exit.USAGE,
                run("chip", "sign", "--chip", chip, "--out", content.toString(), content.toString())
                        .code());
        assertEquals("to be signed", Files.readString(content));
        assertEquals(Exit.USAGE, run("chip", "remove", "--chip", chip, "0").code());
        done("chip", "suspend", "--chip", chip, "1");
        refused(
                "chip-slot-suspended",
                "chip",
                "sign",
                "--chip",
                chip,
                "--slot",
                "1",
                "--out",
                signature,
                content.toString());
    }
}
