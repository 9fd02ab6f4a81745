package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.slf4j.LoggerFactory;

@Tag("V9")
@Tag("V11")
class NationalProfilesTest {
    private static @Nullable ProfileValidator loaded;

    @BeforeAll
    static void load() {
        loaded = ProfileValidator.over(SharedData.find("jp-clins")).warm();
    }

    @AfterAll
    static void close() {
        if (loaded != null) {
            loaded.close();
        }
    }

    private static LetterCheck check(Bytes letter) {
        return Objects.requireNonNull(loaded).check(letter);
    }

    @Test
    void theNationalExampleIsAccepted() throws IOException {
        var example = SharedData.find("jp-clins/examples/Bundle-Bundle-CLINS-Referral-Example-01.json");
        var answer = check(Bytes.of(Files.readAllBytes(example)));
        var accepted = assertInstanceOf(LetterCheck.Accepted.class, answer, () -> errors(answer));
        assertEquals("牧野 爛漫", accepted.summary().patient().name());
        assertEquals("港診療所", accepted.summary().from().institution());
    }

    @Test
    void ourOwnReferralsHaveNoErrors() {
        for (int seed = 0; seed < 2; seed++) {
            var referral = Samples.referral(seed)
                    .with(List.of(new Attachment("ct.dcm", Attachment.MediaType.DICOM, 9, Digest.of((byte) seed))));
            var answer = check(ReferralWriter.write(referral, new Random(seed)));
            assertInstanceOf(LetterCheck.Accepted.class, answer, () -> errors(answer));
        }
    }

    @Test
    void whatTheProfilesMissIsExplainedInJapaneseAndGrouped() {
        var letter = Samples.letter(1).asUtf8().replace(ReferralResources.INSURANCE, "urn:oid:2.999");
        var answer = assertInstanceOf(LetterCheck.Rejected.class, check(Bytes.utf8(letter)));
        var constraint = answer.findings().stream()
                .filter(finding -> finding.code().equals("profile-constraint"))
                .findFirst()
                .orElseThrow();
        assertTrue(constraint.japanese().contains("valid-system-insurance-patientIdentifier"));
        assertTrue(constraint.english().contains("R1012"), constraint.english());
        assertTrue(constraint.path().contains("Patient"), constraint.path());
        assertEquals(
                answer.findings().size(),
                answer.findings().stream().map(Finding::line).distinct().count());
        assertTrue(answer.findings().stream().anyMatch(f -> f.japanese().contains("同様の指摘が計2件")));
    }

    @Test
    void fullValidationFetchesNothing() throws IOException {
        try (var trap = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var address = "http://127.0.0.1:" + trap.getLocalPort() + "/";
            var letter = Samples.letter(1).asUtf8();
            var luring = letter.replace("http://jpfhir.jp/fhir/eCS/", address)
                    .replace("http://medis.or.jp/", address)
                    .replace("http://terminology.hl7.org/CodeSystem/organization-type", address + "type");
            assertInstanceOf(LetterCheck.Rejected.class, check(Bytes.utf8(luring)));
            trap.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, trap::accept);
        }
    }

    @Test
    void fullValidationLogsNothing() {
        var root = assertInstanceOf(Logger.class, LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME));
        var seen = new ListAppender<ILoggingEvent>();
        root.addAppender(seen);
        seen.start();
        try {
            check(Bytes.utf8(Samples.letter(1).asUtf8().replace(ReferralResources.INSURANCE, "urn:oid:2.999")));
        } finally {
            root.detachAppender(seen);
        }
        assertEquals(List.of(), seen.list.stream().map(Object::toString).toList());
    }

    static String errors(LetterCheck answer) {
        var lines = answer.findings().stream()
                .filter(Finding::isError)
                .map(Finding::line)
                .toList();
        assertTrue(lines.size() < 1000);
        return String.join("\n", lines);
    }
}
