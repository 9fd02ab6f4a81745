package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.MailSeals.Form;

@Tag("V5")
class MailSealsTest {
    private static final TestPki PKI = new TestPki();
    private static final MailSeals MAIL = new Seals(PKI.die).mail();
    private static final Bytes LETTER = Bytes.utf8("Content-Type: text/plain; charset=utf-8\r\n\r\n紹介状をお送りします。\r\n");
    private static final MailSeals.Key EC = key("Reader", TestPki.ec());
    private static final MailSeals.Key RSA = key("Old reader", TestPki.rsa(2048));

    @TempDir
    Path dir;

    private static MailSeals.Key key(String name, KeyPair pair) {
        var made = PKI.foreign(name, pair);
        return new MailSeals.Key(made.certificate(), made.key());
    }

    private static void refused(String code, Runnable deed) {
        assertEquals(code, assertThrows(Refusal.class, deed::run).code());
    }

    private Bytes openssl(String... arguments) throws Exception {
        var words = new ArrayList<>(List.of("cms"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("-binary", "-out", "out"));
        var ran = OpenSsl.run(dir, words.toArray(String[]::new));
        assertEquals(0, ran.code(), ran.output());
        return Bytes.of(Files.readAllBytes(dir.resolve("out")));
    }

    private void give(MailSeals.Key key) throws Exception {
        OpenSsl.pem(dir.resolve("crt"), key.certificate());
        OpenSsl.pem(dir.resolve("key"), key.secret());
        OpenSsl.pem(dir.resolve("root"), PKI.root);
    }

    @Test
    void opensslOpensAndVerifiesWhatIsSentForRsaAndForEcReaders() throws Exception {
        var author = PKI.author("Dr A");
        for (var reader : List.of(EC, RSA)) {
            for (var form : Form.values()) {
                give(reader);
                var signed = MAIL.sign(LETTER, author);
                Files.write(
                        dir.resolve("mail"),
                        MAIL.close(signed, List.of(reader.certificate()), form).toArray());
                var opened = openssl("-decrypt", "-inform", "DER", "-in", "mail", "-recip", "crt", "-inkey", "key");
                assertEquals(signed, opened);
                Files.write(dir.resolve("signed"), opened.toArray());
                assertEquals(LETTER, openssl("-verify", "-inform", "DER", "-in", "signed", "-CAfile", "root"));
            }
        }
    }

    @Test
    void whatOpensslSignsAndEncryptsIsOpenedAndVerified() throws Exception {
        give(EC);
        Files.write(dir.resolve("letter"), LETTER.toArray());
        var signed = openssl(
                "-sign",
                "-nodetach",
                "-outform",
                "DER",
                "-in",
                "letter",
                "-signer",
                "crt",
                "-inkey",
                "key",
                "-certfile",
                "root");
        Files.write(dir.resolve("signed"), signed.toArray());
        for (var cipher : List.of("-aes256", "-aes128", "-aes-256-gcm", "-des3")) {
            var closed = openssl("-encrypt", "-outform", "DER", cipher, "-in", "signed", "-recip", "crt");
            assertTrue(MAIL.isFor(closed, EC.certificate()));
            assertFalse(MAIL.isFor(closed, RSA.certificate()));
            var opened = MAIL.open(closed, List.of(RSA, EC));
            assertEquals(cipher.endsWith("gcm"), opened.authenticated());
            var verified = MAIL.verify(opened.content());
            assertEquals(LETTER, verified.content());
            assertEquals(
                    Bytes.of(EC.certificate().getEncoded()),
                    verified.certificates().getFirst());
            assertEquals(Form.EVERYWHERE, verified.reads());
        }
        var beside = openssl("-sign", "-outform", "DER", "-in", "letter", "-signer", "crt", "-inkey", "key");
        assertEquals(LETTER, MAIL.verify(beside, LETTER).content());
        refused("signature-broken", () -> MAIL.verify(beside, Bytes.utf8("another letter")));
    }

    @Test
    void signaturesThatProveNothingAreRefused() throws Exception {
        give(EC);
        var other = key("Second", TestPki.ec());
        OpenSsl.pem(dir.resolve("crt2"), other.certificate());
        OpenSsl.pem(dir.resolve("key2"), other.secret());
        Files.write(dir.resolve("letter"), LETTER.toArray());
        var base = List.of("-sign", "-nodetach", "-outform", "DER", "-in", "letter", "-signer", "crt", "-inkey", "key");
        for (var odd : List.of(
                List.of("-md", "sha1"),
                List.of("-noattr"),
                List.of("-nocerts"),
                List.of("-signer", "crt2", "-inkey", "key2"),
                List.of("-econtent_type", "1.2.840.113549.1.9.16.1.4"))) {
            var words = new ArrayList<>(base);
            words.addAll(odd);
            var signed = openssl(words.toArray(String[]::new));
            refused("signature-broken", () -> MAIL.verify(signed));
        }
        // a content inside and another one beside: one of the two would be shown unsigned
        var inside = openssl(base.toArray(String[]::new));
        assertEquals(LETTER, MAIL.verify(inside).content());
        refused("signature-broken", () -> MAIL.verify(inside, LETTER));
    }

    @Test
    void anAuthenticatedEnvelopeWithAnyBitChangedIsRefused() {
        var closed = MAIL.close(LETTER, List.of(EC.certificate()), Form.AUTHENTICATED);
        for (int at = 0; at < closed.size(); at++) {
            for (int bit = 0; bit < 8; bit++) {
                var bent = closed.toArray();
                bent[at] ^= (byte) (1 << bit);
                try {
                    // nobody's signature covers algorithm names' spare encodings; the content never changes
                    assertEquals(LETTER, MAIL.open(Bytes.of(bent), List.of(EC)).content());
                } catch (Refusal expected) {
                    assertFalse(expected.code().isEmpty());
                }
            }
        }
    }

    @Test
    void aSignatureWithAnyBitChangedNeverVouchesForAnotherContent() {
        var signed = MAIL.sign(LETTER, PKI.author("Dr A"));
        assertEquals(Form.AUTHENTICATED, MAIL.verify(signed).reads());
        for (int at = 0; at < signed.size(); at++) {
            var bent = signed.toArray();
            bent[at] ^= 1;
            try {
                assertEquals(LETTER, MAIL.verify(Bytes.of(bent)).content());
            } catch (Refusal expected) {
                assertFalse(expected.code().isEmpty());
            }
        }
    }

    /// Two bytes on the wire would be an object each: refused before a parser makes one.
    @Test
    void millionsOfTinyElementsAreRefusedBeforeTheyCostMemory() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        for (int type : new int[] {2, 3}) {
            var bomb = bomb(type, 12 << 20);
            long before = threads.getCurrentThreadAllocatedBytes();
            refused("seal-malformed", () -> MAIL.isFor(bomb, EC.certificate()));
            refused("seal-malformed", () -> MAIL.open(bomb, List.of(EC)));
            refused("seal-malformed", () -> MAIL.verify(bomb));
            refused("seal-malformed", () -> MAIL.verify(bomb, LETTER));
            long cost = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(cost < 6L * bomb.size(), cost + " bytes");
        }
    }

    /// ContentInfo of indefinite length, full of NULLs.
    private static Bytes bomb(int type, int size) {
        var out = java.nio.ByteBuffer.allocate(size);
        out.put(new byte[] {0x30, (byte) 0x80, 6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 7, (byte) type
        });
        out.put(new byte[] {(byte) 0xa0, (byte) 0x80, 0x30, (byte) 0x80});
        while (out.remaining() > 6) {
            out.put((byte) 5).put((byte) 0);
        }
        return Bytes.of(out.array());
    }

    @Test
    void aMailOfManyMebibytesInChunksIsOpened() throws Exception {
        give(EC);
        var large = Bytes.utf8("x".repeat(6 << 20));
        Files.write(dir.resolve("large"), large.toArray());
        var closed = openssl("-encrypt", "-stream", "-aes256", "-outform", "DER", "-in", "large", "-recip", "crt");
        assertEquals(large, MAIL.open(closed, List.of(EC)).content());
    }

    @Test
    void anEnvelopeForSomebodyElseSaysSo() {
        var closed = MAIL.close(LETTER, List.of(RSA.certificate()), Form.EVERYWHERE);
        refused("seal-not-for-you", () -> MAIL.open(closed, List.of(EC)));
        refused("seal-malformed", () -> MAIL.open(Bytes.utf8("no envelope"), List.of(EC)));
        refused("readers-missing", () -> MAIL.close(LETTER, List.of(), Form.EVERYWHERE));
        refused(
                "reader-key-malformed",
                () -> MAIL.close(LETTER, List.of(key("Weak", TestPki.rsa(1024)).certificate()), Form.EVERYWHERE));
    }

    @Test
    void anotherKeyUnderTheReadersNameOpensNothing() {
        var closed = MAIL.close(LETTER, List.of(EC.certificate()), Form.EVERYWHERE);
        var thief = new MailSeals.Key(EC.certificate(), TestPki.ec().getPrivate());
        assertNotEquals(thief.secret(), EC.secret());
        refused("seal-broken", () -> MAIL.open(closed, List.of(thief)));
    }

    @FuzzTest(maxDuration = "60s")
    void anEnvelopeIsRefusedOrOpened(byte[] input) {
        try {
            MAIL.open(Bytes.of(input), List.of(EC));
        } catch (Refusal expected) {
            assertFalse(expected.code().isEmpty());
        }
    }

    @FuzzTest(maxDuration = "60s")
    void aMailsSignatureIsRefusedOrVerified(byte[] input) {
        try {
            MAIL.verify(Bytes.of(input));
        } catch (Refusal expected) {
            assertFalse(expected.code().isEmpty());
        }
    }
}
