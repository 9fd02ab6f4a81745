package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.lab.SoftTokens;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Json;

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

    private static String done(String... arguments) {
        var said = Typed.run(arguments);
        assertEquals(Exit.OK, said.code(), String.join(" ", arguments) + "\n" + said.err());
        return said.out();
    }

    private static void refused(String code, String... arguments) {
        var asked = new ArrayList<>(List.of(arguments));
        asked.add("--json");
        var said = Typed.run(asked.toArray(String[]::new));
        assertEquals(Exit.REFUSED, said.code(), said.err());
        assertTrue(said.err().contains("\"refused\":\"" + code + "\""), said.err());
    }

    private static String ticket(String name, Map<String, String> asked) throws Exception {
        var file = folder.resolve(name);
        Files.writeString(file, " \n" + played.machine.place().operate("authority", "ticket", asked) + "\r\n\n");
        return file.toString();
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

    @Test
    void aRoutersKeyIsMadeInATokenBesideItsChip() throws Exception {
        assumeTrue(SoftTokens.possible(), SoftTokens.MISSING);
        var tokens = SoftTokens.make(folder.resolve("hsm"), 1, Played.DIE);
        tokens.intoEnvironment();
        var pin = tokens.pins().getFirst().toString();
        var place = played.machine.place();
        var chip = folder.resolve("router-3").toString();
        var region = place.folder().resolve("region.json").toString();
        var provider = place.folder().resolve("gateway-b/institution/chain.pem").toString();
        var maker = folder.resolve("maker-3").toString();
        var known = Map.of("vendor", "toku", "key", done("chip", "maker", maker).strip());
        done("chip", "make", "--chip", chip, "--information", "toku/R-3/0001", "--maker", maker);
        place.operate("authority", "chip-maker-accept", known);
        var device = ticket("device-3", Map.of("kind", "device", "device", "toku/R-3/0001"));
        done("chip", "enrol", "--chip", chip, "--region", region, "--ticket-file", device);
        done("chip", "install", "--chip", chip, "vpn", "--provider", provider);
        var library = tokens.library().toString();
        var slot = "0x" + Long.toHexString(tokens.slots().getFirst()); // as pkcs11-tool tells it
        var asked = List.of(with(
                List.of("chip", "router-key", "--chip", chip, "--region", region, "--module", library),
                "--token-slot",
                slot));
        var mine = List.of(with(asked, "--slot", "1", "--pin-file", pin));
        refused("chip-empty", with(mine));
        var service =
                Map.of("service", "vpn", "subscriber", "1312345678", "device", "toku/R-3/0001", "kind", "service");
        var ticket = List.of("--ticket-file", ticket("vpn-3", service));
        refused("token-not-expected", with(mine, with(ticket)));
        place.operate(
                "authority",
                "chip-maker-accept",
                Map.of("vendor", "toku", "key", known.getOrDefault("key", ""), "tokens", "yes"));
        var wrong = Files.writeString(folder.resolve("wrong-pin"), "0000\n").toString();
        refused("chip-code-wrong", with(asked, with(ticket, "--slot", "1", "--pin-file", wrong)));
        refused("chip-slot-free", with(asked, with(ticket, "--slot", "2", "--pin-file", pin)));
        var devices = with(asked, with(ticket, "--slot", "0", "--pin-file", pin));
        assertEquals(Exit.USAGE, Typed.run(devices).code());
        var certificates = folder.resolve("tunnel.pem");
        done(with(mine, with(ticket, "--certificates", certificates.toString())));
        assertTrue(done(with(mine)).contains("not due"));
        signedByAnotherProgram(tokens, certificates);
        place.operate("authority", "revoke", service);
        refused("certificate-revoked", with(mine));
        done("chip", "remove", "--chip", chip, "1");
        refused("chip-slot-free", with(mine));
    }

    private static void signedByAnotherProgram(SoftTokens tokens, Path certificates) throws Exception {
        var content = Bytes.utf8("to be signed");
        var digest = Files.write(folder.resolve("digest"), content.sha256().toArray());
        var signature = folder.resolve("tunnel.sig");
        var command = "pkcs11-tool --token-label token-0 --login --sign --mechanism ECDSA --signature-format openssl"
                + " --id 6d697a7568696b692d31 --module %s --pin %s --input-file %s --output-file %s"
                        .formatted(tokens.library(), tokens.pin(0), digest, signature);
        var said = tokens.run("", Map.of(), command.split(" ", -1));
        assertTrue(Files.exists(signature), said);
        mustVerify(certificates, content, signature);
    }

    private static void mustVerify(Path certificates, Bytes content, Path signature) throws Exception {
        var key = KeyFiles.readChain(certificates).getFirst().getPublicKey();
        assertTrue(Crypto.verifies(key, content, Bytes.of(Files.readAllBytes(signature))));
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
        var said = Typed.run("chip", "renew", "--chip", chip, "--region", region);
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
                Typed.run("chip", "make", "--chip", chip + "x", "--information", "a", "--services", "17")
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
        mustVerify(certificates, Bytes.utf8("to be signed"), Path.of(signature));
        assertEquals(
                Exit.REFUSED,
                Typed.run("chip", "sign", "--chip", chip, "--out", folder + "/nowhere/sig", content.toString())
                        .code());
        assertEquals(
                Exit.USAGE,
                Typed.run("chip", "sign", "--chip", chip, "--out", content.toString(), content.toString())
                        .code());
        assertEquals("to be signed", Files.readString(content));
        assertEquals(
                Exit.USAGE, Typed.run("chip", "remove", "--chip", chip, "0").code());
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
