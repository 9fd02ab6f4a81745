package org.mizuhiki.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.mail.Judged;
import org.mizuhiki.mail.ReadMail;
import org.mizuhiki.pocket.Kept;
import org.mizuhiki.seal.MailSeals.Form;
import org.mizuhiki.seal.Seals;

/// What is remembered of people elsewhere, and what is done when their certificate is suddenly another.
@Tag("V5")
class PartnersTest {
    private static final String TARO = "taro@hospital.example";
    private static final List<Bytes> FIRST = List.of(Bytes.utf8("first certificate"), Bytes.utf8("its CA"));
    private static final List<Bytes> OTHER = List.of(Bytes.utf8("another certificate"));

    @TempDir
    Path folder;

    private Partners partners;

    @BeforeEach
    void open() {
        var kept =
                new Kept(folder.resolve("mail"), Secret.taking(new byte[32]), new Seals(new SecureRandom()).streams());
        partners = new Partners(kept, Clock.systemUTC());
    }

    private static ReadMail mail(Judged signature, List<Bytes> certificates) {
        return new ReadMail(
                TARO,
                "me",
                "x",
                "",
                "",
                Optional.empty(),
                signature,
                Form.EVERYWHERE,
                certificates,
                List.of(),
                "",
                List.of(),
                List.of());
    }

    private static ReadMail believed(List<Bytes> certificates) {
        return mail(new Judged.Believed("CN=taro", "Hospital", certificates.getFirst()), certificates);
    }

    @Test
    void onlyABelievedSignatureTeachesACertificate() {
        assertTrue(partners.learn(TARO, mail(new Judged.Unsigned(), FIRST)).isEmpty());
        assertTrue(partners.learn(TARO, mail(new Judged.Broken(), FIRST)).isEmpty());
        assertTrue(partners.learn(TARO, mail(new Judged.Doubted("CN=taro", "stranger-no-root", "?", "?"), FIRST))
                .isEmpty());
        refused("partner-unknown", () -> partners.reader(TARO));
        assertTrue(partners.learn(TARO, believed(FIRST)).isPresent(), "its owner is told");
        assertTrue(partners.learn(TARO, believed(FIRST)).isEmpty(), "once");
        assertEquals(FIRST, partners.reader("Taro@Hospital.example").certificates());
    }

    @Test
    void afterAnotherCertificateNothingIsSentUntilItsOwnerAcceptedIt() {
        partners.learn(TARO, believed(FIRST));
        var note = partners.learn(TARO, believed(OTHER)).orElseThrow();
        assertTrue(note.english().contains(OTHER.getFirst().sha256().hex().substring(0, 16)), note.english());
        refused("partner-changed", () -> partners.reader(TARO));
        assertEquals(FIRST, partners.find(TARO).orElseThrow().certificates(), "the known one stays");
        partners.learn(TARO, believed(FIRST));
        refused("partner-changed", () -> partners.reader(TARO));
        assertEquals(OTHER, partners.accept(TARO).certificates());
        assertEquals(OTHER, partners.reader(TARO).certificates());
        refused("partner-unchanged", () -> partners.accept(TARO));
        refused("partner-unknown", () -> partners.accept("nobody@hospital.example"));
    }

    @Test
    void anotherCertificateFromAFileWaitsTooAndSurvivesARestart() {
        partners.keep(TARO, FIRST, Form.AUTHENTICATED);
        partners.keep(TARO, OTHER, Form.EVERYWHERE);
        var kept =
                new Kept(folder.resolve("mail"), Secret.taking(new byte[32]), new Seals(new SecureRandom()).streams());
        var again = new Partners(kept, Clock.systemUTC());
        refused("partner-changed", () -> again.reader(TARO));
        assertEquals(1, again.all().size());
        assertFalse(again.find("jiro@hospital.example").isPresent());
    }

    private static void refused(String code, Runnable deed) {
        assertEquals(code, assertThrows(Refusal.class, deed::run).code());
    }
}
