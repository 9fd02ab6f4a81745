package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.NationalCard.Credential.SIGNATURE;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;

/// OpenSC, unmodified, takes the simulator for a national ID card.
@Tag("V4")
class OpenScTest {
    @TempDir
    private Path folder;

    static X509Certificate pem(String text) throws Exception {
        var from = text.indexOf("-----BEGIN");
        assertTrue(from >= 0, text);
        var bytes = text.substring(from).getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    @Test
    void itFindsEveryObjectAndTheTries() {
        var room = PcscRoom.open();
        try (var _ = room.insert(NationalCard.ATR, Town.card())) {
            assertTrue(room.opensc("opensc-tool", "--name").text().contains("jpki"));
            var dump = room.opensc("pkcs15-tool", "-D");
            assertEquals(0, dump.code(), dump.text());
            for (var part : new String[] {
                "User Authentication PIN",
                "Digital Signature PIN",
                "User Authentication Key",
                "Digital Signature Key",
                "User Authentication Certificate CA",
                "Digital Signature Certificate CA",
                "Tries left     : 3",
                "Tries left     : 5"
            }) {
                assertTrue(dump.text().contains(part), part + " in\n" + dump.text());
            }
        }
    }

    @Test
    void itReadsCertificatesTheOwnersNameWithThePinOnly() throws Exception {
        var room = PcscRoom.open();
        var line = Town.card();
        var card = NationalCard.on(line);
        card.verify(SIGNATURE, Town.signaturePin());
        var authentication = card.certificate(AUTHENTICATION);
        var signature = card.certificate(SIGNATURE);
        try (var _ = room.insert(NationalCard.ATR, line)) {
            var one = room.opensc("pkcs15-tool", "--read-certificate", "1");
            assertEquals(authentication, pem(one.text()));
            var three = room.opensc("pkcs15-tool", "--read-certificate", "3");
            assertEquals(Town.JPKI.issuer(AUTHENTICATION), pem(three.text()));
            var closed = room.opensc("pkcs15-tool", "--read-certificate", "2");
            assertFalse(closed.text().contains("BEGIN CERTIFICATE"), closed.text());
            var opened = room.opensc(
                    "pkcs15-tool", "--read-certificate", "2", "--verify-pin", "--auth-id", "02", "--pin", "ABC123");
            assertEquals(signature, pem(opened.text()));
        }
    }

    @Test
    void itSignsThroughPkcs11WithThePinAndCountsWrongOnes() throws Exception {
        var room = PcscRoom.open();
        var line = Town.card();
        var certificate = NationalCard.on(line).certificate(AUTHENTICATION);
        var content = Bytes.utf8("signed by an ordinary program");
        var in = Files.write(folder.resolve("in"), content.toArray());
        var out = folder.resolve("out");
        try (var _ = room.insert(NationalCard.ATR, line)) {
            var right = sign(room, "1234", in, out);
            assertEquals(0, right.code(), right.text());
            assertTrue(NationalCardTest.signs(certificate, content, Bytes.of(Files.readAllBytes(out))));
            for (int left = 2; left >= 0; left--) {
                var wrong = sign(room, "0000", in, out);
                assertNotEquals(0, wrong.code(), wrong.text());
                var dump = room.opensc("pkcs15-tool", "--list-pins").text();
                assertTrue(dump.contains("Tries left     : " + left), dump);
            }
            assertNotEquals(0, sign(room, "1234", in, out).code(), "blocked");
        }
        assertEquals(0, NationalCard.on(line).tries(AUTHENTICATION));
    }

    private static PcscRoom.Said sign(PcscRoom room, String pin, Path in, Path out) {
        return room.opensc(
                "pkcs11-tool",
                "--sign",
                "--mechanism",
                "SHA256-RSA-PKCS",
                "--id",
                "01",
                "--login",
                "--pin",
                pin,
                "--input-file",
                in.toString(),
                "--output-file",
                out.toString());
    }
}
