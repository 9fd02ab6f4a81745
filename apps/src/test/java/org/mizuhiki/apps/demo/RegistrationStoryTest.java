package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.wire.Json;

/// The story `registration` through real servers, and then the same by hand with the commands.
@Tag("D5")
class RegistrationStoryTest {
    @TempDir
    static Path folder;

    private static Played played;
    private static Path people;
    private static Path json;
    private static Digest file;

    @BeforeAll
    static void theStoryIsPlayed() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
        people = played.machine.place().folder().resolve("people");
        json = folder.resolve("out.json");
        var telling = Played.quietly(Optional.of(json));
        try (var staff = new Staff(played.machine.place(), played.casting, Played.CLOCK, Played.DIE)) {
            file = new RegistrationStory(telling, played.machine.place(), played.cast, Played.CLOCK, Played.DIE)
                    .tell(staff)
                    .file();
        }
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
            assertEquals("registration", told.story());
            assertTrue(told.ok(), line);
            steps.add(told.step());
        }
        assertEquals(
                List.of(
                        "parties",
                        "accreditation-provider",
                        "accreditation-vendor",
                        "accreditation-device-ca",
                        "accreditation-service-ca",
                        "a-membership",
                        "b-purchase",
                        "c-device-registered",
                        "d-device-certificate",
                        "e-device-loaded",
                        "f-device-received",
                        "g-use-application",
                        "h-service-requested",
                        "i-service-certificate",
                        "j-service-loaded",
                        "k-connection-application",
                        "l-service-provided",
                        "proof-ledger",
                        "proof-openssl",
                        "proof-stranger"),
                steps);
    }

    private static Typed run(String who, String... arguments) {
        return Typed.run(people.resolve(who), arguments);
    }

    private static Typed done(String who, String... arguments) {
        return Typed.done(people.resolve(who), arguments);
    }

    @Test
    void peopleDoTheSameByHand() {
        var chip = folder.resolve("router-2").toString();
        var opened =
                done("doctor-a", "register", "join", "1319900041", "--json").field("file");
        assertTrue(done("provider", "register", "waiting", "--json").out().contains(opened));
        var early = run("provider", "register", "provide", opened, "--json");
        assertEquals(Exit.REFUSED, early.code());
        assertTrue(early.err().contains("\"refused\":\"step-too-early\""), early.err());
        done("provider", "register", "approve", opened);
        done("doctor-a", "register", "buy", "1319900058", "--model", "R-1", "--file", opened);
        done(
                "vendor",
                "register",
                "device",
                opened,
                "--device-name",
                "mizu/R-1/0002",
                "--ca",
                "1319900066",
                "--chip",
                chip);
        done("device-ca", "register", "issue", opened);
        done("vendor", "register", "loaded", opened, "--chip", chip);
        done("doctor-a", "register", "received", opened);
        done("doctor-a", "register", "use", opened);
        done("provider", "register", "approve", opened);
        // a machine's step with the institution's own key
        var machine = people.resolve("provider");
        done(
                "provider",
                "register",
                "request",
                opened,
                "--chip",
                chip,
                "--ca",
                "1319900074",
                "--institution",
                machine.resolve("institution").toString());
        done("service-ca", "register", "issue", opened);
        done("provider", "register", "loaded", opened, "--chip", chip);
        done("doctor-a", "register", "connect", opened);
        done("provider", "register", "provide", opened);
        var shown = done("doctor-a", "register", "show", opened);
        assertTrue(shown.err().contains("利用中 / in service"), shown.err());
        assertTrue(shown.out().contains("結城 勝"), shown.out());
        assertTrue(done("doctor-a", "register", "list", "--json").out().contains("IN_SERVICE"));
        assertTrue(done("doctor-a", "register", "list").out().contains("利用中 / in service"));
        done("doctor-a", "register", "withdraw", opened, "--part", "device", "--reason", "移転のため");
        assertTrue(done("doctor-a", "register", "show", opened).err().contains("取消しにより終了 / withdrawn"));
        var stranger = run("doctor-b", "register", "show", opened);
        assertEquals(Exit.REFUSED, stranger.code());
        assertTrue(stranger.err().contains("file-unknown"), stranger.err());
    }

    @Test
    void accreditationIsAppliedForAndAnsweredByHand() {
        assertTrue(done("doctor-a", "accredit", "list").out().contains("みず電機"));
        var applied = done("vendor", "accredit", "apply", "provider", "--json").field("file");
        assertEquals(Exit.REFUSED, run("vendor", "accredit", "approve", applied).code());
        done("accreditation-body", "accredit", "refuse", applied, "--reason", "書類不足");
        var again = done("vendor", "accredit", "apply", "provider", "--json").field("file");
        done("accreditation-body", "accredit", "approve", again, "--days", "30");
        done("accreditation-body", "accredit", "withdraw", again, "--reason", "事業を行わないため");
        assertTrue(done("vendor", "register", "show", again).out().contains("認定の取消し"));
        assertEquals(Exit.USAGE, run("vendor", "accredit", "apply", "king").code());
        assertTrue(
                done("provider", "register", "show", file.hex(), "--json").out().contains("\"letter\":\"l\""));
    }
}
