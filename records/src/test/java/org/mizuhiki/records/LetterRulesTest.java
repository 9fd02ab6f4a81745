package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

@Tag("V9")
@Tag("V11")
class LetterRulesTest {
    private final LetterForm rules = new DocumentRules();

    @Test
    void aWrittenReferralIsAcceptedAndSummarised() {
        var referral = Samples.referral(7);
        var answer = assertInstanceOf(LetterCheck.Accepted.class, rules.check(Samples.letter(7)));
        var summary = answer.summary();
        assertEquals("診療情報提供書", summary.title());
        assertEquals("2026-11-20T10:15:30+09:00", summary.date());
        assertEquals(referral.patient().name().written(), summary.patient().name());
        assertEquals(referral.patient().name().kana(), summary.patient().kana().orElseThrow());
        assertEquals(
                referral.patient().birthDate().toString(), summary.patient().birthDate());
        assertEquals(referral.patient().sex(), summary.patient().sex());
        assertEquals(referral.from().institution(), summary.from().institution());
        assertEquals(referral.to().doctor().written(), summary.to().doctor().orElseThrow());
        assertEquals(
                referral.to().code().value(), summary.to().institutionCode().orElseThrow());
        assertEquals(referral.story().purpose(), summary.purpose());
        assertEquals(List.of(), answer.warnings());
    }

    @Test
    void noMadeUpPatientBearsADoctorsName() {
        var doctors = List.of(ReferralSample.REFERRING.written(), ReferralSample.REFERRED_TO.written());
        for (int seed = 0; seed < 500; seed++) {
            assertFalse(doctors.contains(Samples.referral(seed).patient().name().written()), "seed " + seed);
        }
    }

    @Test
    void theSameDieWritesTheSameLetter() {
        assertEquals(Samples.letter(3), Samples.letter(3));
        assertNotEquals(Samples.letter(3), Samples.letter(4));
    }

    @Test
    void aLetterMayBeWrittenAtAFullHour() {
        var hour = OffsetDateTime.parse("2026-01-05T09:00Z");
        var letter = ReferralWriter.write(ReferralSample.at(hour, new Random(1)), new Random(1));
        var answer = assertInstanceOf(LetterCheck.Accepted.class, rules.check(letter));
        assertEquals("2026-01-05T09:00:00+00:00", answer.summary().date());
    }

    @Test
    void aLetterNamesItsAttachmentsByHash() {
        var attachment = new Attachment("胸部CT.dcm", Attachment.MediaType.DICOM, 1234, Digest.of((byte) 1));
        var letter = ReferralWriter.write(Samples.referral(1).with(List.of(attachment)), new Random(1));
        assertTrue(letter.asUtf8().contains(attachment.uri()));
        var answer = assertInstanceOf(LetterCheck.Accepted.class, rules.check(letter));
        assertEquals(List.of(), answer.warnings());
    }

    @Test
    void theSampleInTheRepositoryIsAccepted() throws IOException {
        var sample = Bytes.of(Files.readAllBytes(Repository.root().resolve("samples/referral.json")));
        assertInstanceOf(LetterCheck.Accepted.class, rules.check(sample));
        assertEquals(Samples.letter(20), sample, "samples/referral.json is what ReferralWriter writes");
    }

    @Test
    void theNationalExampleIsAccepted() throws IOException {
        var example = SharedData.find("jp-clins/examples/Bundle-Bundle-CLINS-Referral-Example-01.json");
        var answer = rules.check(Bytes.of(Files.readAllBytes(example)));
        assertInstanceOf(LetterCheck.Accepted.class, answer, () -> String.valueOf(answer.findings()));
    }

    @Test
    void whatTheFormDemandsIsDemanded() {
        rejects("bundle-not-document", text -> text.replace("\"type\": \"document\"", "\"type\": \"collection\""));
        rejects("composition-type", text -> text.replace("57133-1", "18842-5"));
        rejects("composition-status", text -> text.replace("\"status\": \"final\"", "\"status\": \"preliminary\""));
        rejects("composition-title", text -> text.replace("\"title\": \"診療情報提供書\"", "\"title\": \"手紙\""));
        rejects("section-missing", text -> text.replace("\"code\": \"910\"", "\"code\": \"911\""));
        rejects("section-missing", text -> text.replace("\"code\": \"950\"", "\"code\": \"951\""));
        rejects("section-doubled", text -> text.replace("\"code\": \"370\"", "\"code\": \"360\""));
        rejects("bundle-identifier", text -> text.replace("clins/bundle-identifier", "clins/other"));
        rejects("fhir-unknown", text -> text.replace("\"birthDate\"", "\"birthday\""));
        rejects("fhir-invalid-value", text -> text.replaceFirst("\"gender\": \"[a-z]+\"", "\"gender\": \"robot\""));
        rejects("letter-not-bundle", text -> "{\"resourceType\": \"Patient\"}");
        rejects("fhir-unreadable", text -> "{\"resourceType\": \"Horoscope\"}");
        rejects("bundle-composition-first", text -> "{\"resourceType\": \"Bundle\", \"type\": \"document\"}");
    }

    @Test
    void aReferenceThatLeavesTheLetterIsRefused() {
        var letter = Samples.letter(1).asUtf8();
        var subject = letter.substring(letter.indexOf("\"subject\""));
        var target = subject.substring(subject.indexOf("urn:uuid:"), subject.indexOf("urn:uuid:") + 45);
        var answer = rules.check(Bytes.utf8(letter.replace(
                "\"subject\": {\n        \"reference\": \"" + target,
                "\"subject\": {\n        \"reference\": \"https://elsewhere.example/Patient/1")));
        assertEquals(
                List.of("reference-outside", "composition-subject"),
                codes(answer).stream().distinct().toList());
    }

    @Test
    void nothingThatALetterNamesIsFetched() throws IOException {
        try (var trap = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var address = "http://127.0.0.1:" + trap.getLocalPort() + "/";
            var letter = Samples.letter(1).asUtf8();
            var luring = letter.replace("http://jpfhir.jp/fhir/eCS/", address)
                    .replaceFirst("<p>", "<!DOCTYPE p SYSTEM '" + address + "dtd'><img src='" + address + "'/><p>")
                    .replaceFirst("\"reference\": \"urn:uuid:", "\"reference\": \"" + address + "Patient/");
            assertInstanceOf(LetterCheck.Rejected.class, rules.check(Bytes.utf8(luring)));
            assertInstanceOf(LetterCheck.Accepted.class, rules.check(Bytes.utf8(letter)));
            trap.setSoTimeout(1);
            Assertions.assertThrows(SocketTimeoutException.class, trap::accept);
        }
    }

    @Test
    void scriptsInANarrativeAreRefused() {
        for (var attack : List.of(
                "<script>alert(1)</script>",
                "<p onclick='x()'>a</p>",
                "<a href='javascript:x()'>a</a>",
                "<iframe src='https://e.example'></iframe>",
                "<img src='https://e.example/seen.png'/>",
                "<p style='background: url(https://e.example)'>a</p>")) {
            var letter = Samples.letter(2).asUtf8().replaceFirst("<p>", attack.replace("'", "\\\\\"") + "<p>");
            var answer = rules.check(Bytes.utf8(letter));
            assertInstanceOf(LetterCheck.Rejected.class, answer, attack);
        }
    }

    @Test
    void whatIsNotJsonIsRefusedInWords() {
        assertEquals(
                List.of("letter-xml"), codes(rules.check(Bytes.utf8("\n<Bundle xmlns=\"http://hl7.org/fhir\"/>"))));
        assertEquals(List.of("json-malformed"), codes(rules.check(Bytes.utf8(""))));
        assertEquals(List.of("json-not-utf8"), codes(rules.check(Bytes.of((byte) 0x82, (byte) 0xa0))));
        assertEquals(List.of("json-too-deep"), codes(rules.check(Bytes.utf8("[".repeat(100_000)))));
        assertEquals(
                List.of("json-doubled-name"),
                codes(rules.check(
                        Bytes.utf8("{\"resourceType\":\"Bundle\",\"type\":\"document\",\"t\\u0079pe\":\"batch\"}"))));
        assertEquals(List.of("letter-too-large"), codes(rules.check(Bytes.of(new byte[LetterForm.MAX_BYTES + 1]))));
    }

    @Test
    void aLetterCutOffAnywhereIsRefused() {
        var letter = Samples.letter(5).toArray();
        for (int length = 0; length < letter.length - 1; length += 97) {
            var cut = Bytes.of(Arrays.copyOf(letter, length));
            assertInstanceOf(LetterCheck.Rejected.class, rules.check(cut));
        }
    }

    @Test
    void noDamageMakesTheCheckThrow() {
        var letter = Samples.letter(5).toArray();
        var die = new Random(5);
        for (int i = 0; i < 400; i++) {
            var damaged = letter.clone();
            damaged[die.nextInt(damaged.length)] = (byte) die.nextInt(32, 127);
            Assertions.assertDoesNotThrow(() -> rules.check(Bytes.of(damaged)));
        }
    }

    @Test
    void findingsSayWhatToDoInTwoLanguages() {
        var answer =
                rules.check(Bytes.utf8(Samples.letter(1).asUtf8().replace("\"code\": \"910\"", "\"code\": \"911\"")));
        var finding = answer.findings().getFirst();
        assertTrue(finding.japanese().contains("紹介先情報"));
        assertTrue(finding.english().contains("910"));
        assertFalse(
                finding.remedyJapanese().isBlank() || finding.remedyEnglish().isBlank());
        assertEquals(Finding.Severity.ERROR, finding.severity());
    }

    private void rejects(String code, UnaryOperator<String> damage) {
        var good = Samples.letter(1).asUtf8();
        var bad = damage.apply(good);
        assertNotEquals(good, bad, code);
        var answer = assertInstanceOf(LetterCheck.Rejected.class, rules.check(Bytes.utf8(bad)), code);
        assertTrue(codes(answer).contains(code), () -> code + " in " + answer.findings());
    }

    private static List<String> codes(LetterCheck answer) {
        return answer.findings().stream().map(Finding::code).toList();
    }
}
