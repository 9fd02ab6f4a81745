package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.pocket.HospitalLetter;
import org.mizuhiki.records.ReferralSample;
import org.mizuhiki.records.ReferralWriter;
import org.mizuhiki.wire.Json;

/// A gateway as a process of its own, killed with -9 while a hospital system hands letters in: what it
/// answered for is sent, once; what it did not, may be handed in again.
@Tag("V11")
class HospitalKilledTest {
    private static final String AT = "/referrals/letters/";
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void aLetterIsSentOnceWheneverTheGatewayIsKilled(@TempDir Path folder) throws Exception {
        try (var processes = new Processes();
                var played = Played.asProcesses(Files.createDirectory(folder.resolve("region")), processes)) {
            var doctor = played.cast.doctorA();
            var patient = played.cast.patient();
            doctor.pocket().relations().propose(patient.id(), Duration.ofDays(30));
            patient.pocket().relations().accept(doctor.id());
            var emr = HospitalVisitor.make(folder.resolve("emr"), "emr", played, "gateway-a")
                    .admitted(played, "gateway-a");
            var names = List.of("answered", "asked", "uploaded");
            for (int i = 0; i < names.size(); i++) {
                killed(played, processes, emr, names.get(i), i);
            }
            var desk = folder.resolve("region/gateway-a/referrals");
            Typed.done(doctor.folder(), "letter", "exchange", "--folder", desk.toString(), "--once");
            var letters = new HashSet<String>();
            for (var name : names) {
                var sent = emr.get(AT + name).json();
                assertEquals("SENT", sent.path("state").asString(), sent.toString());
                letters.add(sent.path("acknowledgement").path("letter").asString());
            }
            assertEquals(3, letters.size());
            assertEquals(3, patient.pocket().post().inbox(100, Long.MAX_VALUE).size(), "each sent once");
        }
    }

    private static void killed(Played played, Processes processes, HospitalVisitor emr, String name, int seed)
            throws Exception {
        upload(played, emr, name, seed);
        switch (name) {
            case "answered" -> {
                assertEquals("WAITING", emr.post(AT + name).json().path("state").asString());
                processes.kill("gateway-a"); // the answer is out; nobody has looked at the letter yet
                assertEquals("WAITING", back(emr, name));
            }
            case "asked" -> {
                var asking = emr.begin(
                        AT + name,
                        List.of(
                                "--cert", emr.folder().resolve("emr.pem").toString(),
                                "--key", emr.folder().resolve("emr.key").toString(),
                                "-X", "POST"));
                processes.kill("gateway-a"); // whatever it has done by now
                HospitalVisitor.ended(asking);
                back(emr, name);
                assertEquals("WAITING", emr.post(AT + name).json().path("state").asString());
            }
            default -> {
                processes.kill("gateway-a");
                assertEquals("OPEN", back(emr, name));
                assertEquals("WAITING", emr.post(AT + name).json().path("state").asString());
            }
        }
    }

    /// Its program list survived, too: the visitor is let in again.
    private static String back(HospitalVisitor emr, String name) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end) {
            var answer = emr.get(AT + name);
            if (answer.status() == 200) {
                return answer.json().path("state").asString();
            }
            Thread.sleep(Duration.ofMillis(200));
        }
        throw new AssertionError("the gateway never came back");
    }

    private static void upload(Played played, HospitalVisitor emr, String name, int seed) throws Exception {
        var referral = ReferralSample.at(OffsetDateTime.parse("2026-05-01T10:00:01+09:00"), new SplittableRandom(seed));
        var said = new HospitalLetter(played.cast.patient().id(), List.of(), Optional.empty());
        var document = ReferralWriter.write(referral, new SplittableRandom(seed));
        emr.put(AT + name + "/files/letter.json", emr.file("l", Json.write(said).toArray()));
        emr.put(AT + name + "/files/document.json", emr.file("d", document.toArray()));
    }
}
