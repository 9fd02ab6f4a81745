package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;

@Tag("V2")
class OpenSslTest {
    private static final TestPki PKI = new TestPki();
    private static final Seals SEALS = new Seals(PKI.die);
    private static final Author AUTHOR = PKI.author("Dr A");
    private static final Bytes CONTENT = Bytes.utf8("紹介状");
    private static final Canonical METADATA = Canonical.of(Map.of("kind", "referral"));

    @TempDir
    Path dir;

    private void opens(KeyPair keys) throws Exception {
        var foreign = PKI.foreign("Foreign", keys);
        var ours = SEALS.newReaderKey();
        var letter = SEALS.letters()
                .close(
                        CONTENT,
                        METADATA,
                        AUTHOR,
                        PKI.stamps(),
                        List.of(new Reader.XWing(ours.publicKey()), new Reader.Foreign(foreign.certificate())));
        Files.write(dir.resolve("letter.der"), SEALS.letters().encode(letter).toArray());
        assertEquals(CONTENT, SEALS.letters().open(letter, foreign).content());
        assertEquals(CONTENT, SEALS.letters().open(letter, ours).content());
        OpenSsl.pem(dir.resolve("reader.crt"), foreign.certificate());
        OpenSsl.pem(dir.resolve("reader.key"), foreign.key());
        OpenSsl.pem(dir.resolve("root.crt"), PKI.root);
        var decrypted = OpenSsl.run(
                dir,
                "cms",
                "-decrypt",
                "-binary",
                "-inform",
                "DER",
                "-in",
                "letter.der",
                "-recip",
                "reader.crt",
                "-inkey",
                "reader.key",
                "-out",
                "signed.der");
        assertEquals(0, decrypted.code(), decrypted.output());
        var verified = OpenSsl.run(
                dir,
                "cms",
                "-verify",
                "-binary",
                "-inform",
                "DER",
                "-in",
                "signed.der",
                "-CAfile",
                "root.crt",
                "-cades",
                "-no_check_time",
                "-out",
                "content.txt");
        assertEquals(0, verified.code(), verified.output());
        assertArrayEquals(CONTENT.toArray(), Files.readAllBytes(dir.resolve("content.txt")));
    }

    @Test
    void openSslOpensAndVerifiesALetterForAnRsaReader() throws Exception {
        opens(TestPki.rsa(2048));
    }

    @Test
    void openSslOpensAndVerifiesALetterForAnEcReader() throws Exception {
        opens(TestPki.ec());
    }

    @Test
    void openSslVerifiesTheStampOfALetter() throws Exception {
        var ours = SEALS.newReaderKey();
        var letter = SEALS.letters()
                .close(CONTENT, METADATA, AUTHOR, PKI.stamps(), List.of(new Reader.XWing(ours.publicKey())));
        var signature = SEALS.letters().open(letter, ours).signature();
        Files.write(dir.resolve("token.der"), signature.token().toArray());
        Files.write(dir.resolve("value.bin"), signature.value().toArray());
        OpenSsl.pem(dir.resolve("root.crt"), PKI.root);
        var stamped = OpenSsl.run(
                dir,
                "ts",
                "-verify",
                "-token_in",
                "-in",
                "token.der",
                "-data",
                "value.bin",
                "-CAfile",
                "root.crt",
                "-no_check_time");
        assertEquals(0, stamped.code(), stamped.output());
        assertTrue(stamped.output().contains("Verification: OK"));
    }

    @Test
    void asn1parseFindsTheStructureOfTheRfcs() throws Exception {
        var ours = SEALS.newReaderKey();
        var letter = SEALS.letters()
                .close(CONTENT, METADATA, AUTHOR, PKI.stamps(), List.of(new Reader.XWing(ours.publicKey())));
        Files.write(dir.resolve("letter.der"), SEALS.letters().encode(letter).toArray());
        var parsed = OpenSsl.run(dir, "asn1parse", "-inform", "DER", "-in", "letter.der");
        assertEquals(0, parsed.code(), parsed.output());
        for (var name : List.of(
                "id-smime-ct-authEnvelopedData",
                "1.2.840.113549.1.9.16.13.3",
                "1.3.6.1.4.1.62253.25722",
                "1.2.840.113549.1.9.16.3.28",
                "id-aes256-wrap",
                "aes-256-gcm")) {
            assertTrue(parsed.output().contains(name), name + " in\n" + parsed.output());
        }
    }
}
