package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.pocket.HospitalLetter;
import org.mizuhiki.records.ReferralSample;
import org.mizuhiki.records.ReferralWriter;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Json;

/// Two hospital systems with curl, at the doors of two running gateways; those who sign beside them.
@Tag("V11")
class HospitalApiTest {
    private static final String DESK = "/referrals";

    @TempDir
    static Path folder;

    private static Played played;
    private static HospitalVisitor emr;
    private static HospitalVisitor ward;

    @BeforeAll
    static void regionComesUp() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
        emr = HospitalVisitor.make(folder.resolve("emr"), "emr", played, "gateway-a")
                .admitted(played, "gateway-a");
        ward = HospitalVisitor.make(folder.resolve("ward"), "ward", played, "gateway-b")
                .admitted(played, "gateway-b");
        Typed.done(
                played.cast.doctorA().folder(),
                "relation",
                "propose",
                played.cast.patient().id().value());
        Typed.done(
                played.cast.patient().folder(),
                "relation",
                "accept",
                played.cast.doctorA().id().value());
    }

    @AfterAll
    static void regionGoesDown() {
        played.close();
    }

    private static Bytes document(long seed) {
        var referral = ReferralSample.at(OffsetDateTime.parse("2026-05-01T10:00:01+09:00"), new SplittableRandom(seed));
        return ReferralWriter.write(referral, new SplittableRandom(seed));
    }

    /// As a hospital system does it: its files, then the letter itself.
    private static void upload(String letter, long seed) throws Exception {
        var to = new HospitalLetter.To(played.cast.doctorB().id(), 30, "referral");
        var said = new HospitalLetter(played.cast.patient().id(), List.of(to), Optional.empty());
        var at = DESK + "/letters/" + letter + "/files/";
        assertEquals(
                200,
                emr.put(
                                at + "letter.json",
                                emr.file("letter.json", Json.write(said).toArray()))
                        .status());
        assertEquals(
                200,
                emr.put(
                                at + "document.json",
                                emr.file("document.json", document(seed).toArray()))
                        .status());
    }

    private static void signed() {
        var desk = folder.resolve("region/gateway-a/referrals");
        Typed.done(played.cast.doctorA().folder(), "letter", "exchange", "--folder", desk.toString(), "--once");
    }

    private static String state(String letter) throws Exception {
        return emr.get(DESK + "/letters/" + letter).json().path("state").asString();
    }

    @Test
    void aLetterGoesFromOneHospitalSystemToAnotherByCurl() throws Exception {
        upload("ref-1", 5);
        assertEquals("OPEN", state("ref-1"));
        assertEquals(
                "WAITING",
                emr.post(DESK + "/letters/ref-1").json().path("state").asString());
        assertEquals("letter-waits", emr.delete(DESK + "/letters/ref-1").code());

        signed();

        var sent = emr.get(DESK + "/letters/ref-1").json();
        assertEquals("SENT", sent.path("state").asString());
        var letter = sent.path("acknowledgement").path("letter").asString();
        assertTrue(sent.path("acknowledgement").path("ledger").path("index").asLong(-1) >= 0);
        assertTrue(emr.get("")
                .json()
                .path("desks")
                .path(0)
                .path("looked")
                .asString()
                .startsWith("20"));

        var at = folder.resolve("region/gateway-b/referrals");
        Typed.done(
                played.cast.doctorB().folder(),
                "letter",
                "exchange",
                "--folder",
                at.toString(),
                "--once",
                "--open",
                "treatment");
        var arrived = ward.get(DESK + "/arrivals")
                .json()
                .path("arrivals")
                .valueStream()
                .filter(a -> a.path("letter").asString().equals(letter))
                .findFirst()
                .orElseThrow();
        assertEquals(
                played.cast.doctorA().id().value(),
                arrived.path("arrived").path("from").asString());
        var one = DESK + "/arrivals/" + letter;
        assertEquals(document(5).asUtf8(), ward.get(one + "/document").body());
        assertTrue(ward.get(one + "/print").body().startsWith("%PDF-"));
        assertEquals(200, ward.curl(one + "/document", "-I").status(), "HEAD");
        assertEquals("arrival-unknown", ward.get(one + "/attachments/none.pdf").code());

        assertEquals(204, ward.delete(one).status());
        assertEquals(204, ward.delete(one).status(), "taken twice is taken");
        assertEquals("arrival-unknown", ward.get(one).code());

        assertEquals(204, emr.delete(DESK + "/letters/ref-1").status());
        assertEquals("CLEARED", state("ref-1"));
        upload("ref-1", 6);
        assertEquals("letter-taken", emr.post(DESK + "/letters/ref-1").code(), "a name is one letter for ever");
    }

    @Test
    void aRepeatedOrDoubledLetterIsSentOnce() throws Exception {
        upload("twice", 7);
        var both = List.of(hands("twice"), hands("twice"), hands("twice"));
        for (var one : both) {
            assertEquals(
                    "WAITING", HospitalVisitor.ended(one).json().path("state").asString());
        }
        upload("twice", 7);
        assertEquals(
                "WAITING",
                emr.post(DESK + "/letters/twice").json().path("state").asString());
        signed();
        var first = emr.get(DESK + "/letters/twice").json().path("acknowledgement");
        upload("twice", 7);
        var again = emr.post(DESK + "/letters/twice").json();
        assertEquals("SENT", again.path("state").asString());
        assertEquals(first, again.path("acknowledgement"));
    }

    private static Process hands(String letter) throws Exception {
        return emr.begin(
                DESK + "/letters/" + letter,
                List.of(
                        "--cert", emr.folder().resolve("emr.pem").toString(),
                        "--key", emr.folder().resolve("emr.key").toString(),
                        "-X", "POST"));
    }

    @Test
    void aRefusedLetterSaysWhyAndMayBeMendedUnderItsName() throws Exception {
        upload("mend", 8);
        var wrong = emr.file("wrong.json", "{\"resourceType\":\"Bundle\"}".getBytes(StandardCharsets.UTF_8));
        emr.put(DESK + "/letters/mend/files/document.json", wrong);
        assertEquals(
                "WAITING", emr.post(DESK + "/letters/mend").json().path("state").asString());
        signed();
        var refused = emr.get(DESK + "/letters/mend").json();
        assertEquals("letter-rejected", refused.path("refused").path("code").asString());
        assertTrue(refused.path("refused").path("findings").size() > 0);
        upload("mend", 8);
        assertEquals(
                "WAITING", emr.post(DESK + "/letters/mend").json().path("state").asString());
        signed();
        assertEquals("SENT", state("mend"));
    }

    @Test
    void nobodyComesInWhomTheOperatorDidNotLetIn() throws Exception {
        assertEquals("certificate-required", emr.anybody("", List.of()).code());
        // a member of the region, and a program that nobody let in: no handshake
        var doctor = played.cast.doctorA().device().author();
        KeyFiles.writeChain(emr.folder().resolve("doctor.pem"), doctor.chain());
        KeyFiles.writeKey(emr.folder().resolve("doctor.key"), doctor.key());
        assertEquals(
                0,
                new HospitalVisitor(emr.folder(), "doctor", emr.door()).get("").status());
        var late = HospitalVisitor.make(folder.resolve("late"), "late", played, "gateway-a");
        assertEquals(0, late.get("").status());
        assertEquals(200, late.admitted(played, "gateway-a").get("").status());
        // another program's letters are not there
        upload("mine", 9);
        assertEquals("letter-unknown", late.get(DESK + "/letters/mine").code());
        assertEquals("desk-unknown", late.get("/others/letters/mine").code());
        assertEquals("1 ended", operate("program-end", Map.of("program", "late")));
        assertEquals(0, late.get("").status());
        // one whose certificate was signed with a key that was let in is not let in by that
        var child = emr.signing("child");
        assertTrue(List.of(0, 403).contains(child.get("").status()), "signed by a program, under its name");
        // who was ended comes back with a certificate that is let in anew
        assertEquals(
                200,
                HospitalVisitor.make(folder.resolve("late2"), "late", played, "gateway-a")
                        .admitted(played, "gateway-a")
                        .get("")
                        .status());
    }

    private static String operate(String operation, Map<String, String> asked) {
        return played.machine.place().operate("gateway-a", operation, asked);
    }

    @Test
    void whatIsWrongIsSaidAtOnceAndNothingStays() throws Exception {
        var at = DESK + "/letters/bad";
        assertEquals("letter-unknown", emr.post(at).code());
        var small = emr.file("small.pdf", "%PDF-".getBytes(StandardCharsets.UTF_8));
        for (var trick : List.of("..%2f..%2fx", "%2e%2e", "a%5cb", "a%00b", "..")) {
            assertTrue(
                    List.of("path-unknown", "request-malformed", "method-not-allowed")
                            .contains(emr.put(at + "/files/" + trick, small).code()),
                    trick);
        }
        for (var name : List.of(".hidden", "a%E2%80%AEfdp.exe")) {
            assertEquals(
                    "attachment-name", emr.put(at + "/files/" + name, small).code(), name);
        }
        assertEquals(
                "path-unknown",
                emr.put(DESK + "/letters/../../x/files/a.pdf", small).code());
        assertEquals(
                "letter-name-malformed",
                emr.put(DESK + "/letters/a.tmp/files/a.pdf", small).code());
        var large = emr.file("large.json", new byte[(1 << 20) + 1]);
        assertEquals("drop-too-large", emr.put(at + "/files/letter.json", large).code());
        // half a body, then silence and a closed connection
        assertEquals(
                0,
                emr.curl(
                                at + "/files/half.pdf",
                                "-X",
                                "PUT",
                                "-H",
                                "Content-Length: 1000",
                                "--data-binary",
                                "%PDF-",
                                "--max-time",
                                "2")
                        .status());
        assertEquals("letter-unknown", emr.get(at).code(), "nothing of all that stays");

        emr.put(at + "/files/scan.pdf", small);
        assertEquals("drop-incomplete", emr.post(at).code());
        emr.put(at + "/files/letter.json", emr.file("odd.json", "{\"patient\":1}".getBytes(StandardCharsets.UTF_8)));
        assertEquals(400, emr.post(at).status());
        assertEquals(204, emr.delete(at).status());
        assertEquals("letter-unknown", emr.get(at).code());
        assertEquals("digest-malformed", emr.get(DESK + "/arrivals/..x").code());
        assertEquals("path-unknown", emr.get(DESK + "/arrivals/../../x").code());
    }
}
