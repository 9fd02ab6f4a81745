package org.mizuhiki.apps.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.qr.QrCode;
import org.mizuhiki.apps.role.Founding;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Ticket;

/// What lies on the stick or stands in the QR code of a router's first boot.
@Tag("D16")
class FirstBootTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Instant UNTIL = Instant.ofEpochSecond(1_800_000_000L);
    private static final String ROUTER = "1319900017/medical-vpn/acme/R-9/0001";

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static FirstBootTerms terms;

    @SuppressWarnings("NullAway.Init")
    private static FirstBootLink link;

    @BeforeAll
    static void made() {
        var at = URI.create("https://authority.example:8443");
        var servers = new Founding.Addresses(
                at, at, at, at, Optional.of(URI.create("https://centre.example:8443")), Optional.empty());
        var region = new Founding(
                        folder.resolve("region"),
                        "test",
                        URI.create("http://authority.example"),
                        Map.of("w", Bytes.of(new byte[32])),
                        servers)
                .hold(Clock.systemUTC(), DIE);
        terms = new FirstBootTerms(
                FirstBootTerms.FORM,
                ROUTER,
                region,
                "1319900041",
                Optional.of("203.0.113.1"),
                List.of("ntp1.example", "ntp2.example:1123"));
        link = new FirstBootLink(
                terms.encode().sha256(),
                Optional.of(new FirstBootLink.Tickets(ticket(), ticket())),
                UNTIL,
                URI.create("https://centre.example:8443/v1/vpn/first-boot/"
                        + terms.encode().sha256().hex()));
    }

    private static Ticket ticket() {
        var secret = new byte[16];
        DIE.nextBytes(secret);
        return new Ticket("0123456789abcdef", Secret.taking(secret));
    }

    private static String refused(org.junit.jupiter.api.function.Executable deed) {
        return assertThrows(Refusal.class, deed).code();
    }

    @Test
    void aLinkIsReadBackFromThePictureThatAClinicScans() throws Exception {
        var png = Files.write(
                folder.resolve("qr.png"), QrCode.of(link.revealed()).png().toArray());
        var read = FirstBootDocument.find(png).orElseThrow();
        assertEquals(link, read.link());
        assertTrue(read.terms().isEmpty(), "the region's roots are larger than a code holds");
        assertEquals(terms, FirstBootTerms.of(read.link(), terms.encode()));
    }

    @Test
    void aStickHoldsAllThatIsNeededAsOneFileAndAScannerMayTypeTheLink() throws Exception {
        var stick = Files.createDirectory(folder.resolve("stick"));
        assertTrue(FirstBootDocument.find(stick).isEmpty());
        var document = new FirstBootDocument(link, Optional.of(terms.encode()));
        Files.write(stick.resolve(FirstBootDocument.FILE), document.encode().toArray());
        assertEquals(document, FirstBootDocument.find(stick).orElseThrow());
        var typed = Files.writeString(folder.resolve("typed.txt"), link.revealed() + "\r\n");
        assertEquals(link, FirstBootDocument.find(typed).orElseThrow().link());
        var without = new FirstBootLink(link.terms(), Optional.empty(), UNTIL, link.address());
        assertEquals(without, FirstBootLink.parse(without.revealed()));
    }

    @Test
    void everyBitOfALinkCounts() {
        flipped(link.revealed().getBytes(StandardCharsets.US_ASCII), bent -> {
            var text = new String(bent, StandardCharsets.ISO_8859_1);
            assertEquals("first-boot-malformed", refused(() -> FirstBootLink.parse(text)), text);
        });
    }

    /// A bit of each: the link has its own check, the terms have the link's digest.
    @Test
    void everyByteOfADocumentCounts() {
        var whole = new FirstBootDocument(link, Optional.of(terms.encode()))
                .encode()
                .toArray();
        for (int i = 0; i < whole.length; i++) {
            var bent = whole.clone();
            bent[i] ^= (byte) (1 << i % 8);
            var code = refused(() -> {
                var read = FirstBootDocument.decode(Bytes.of(bent));
                FirstBootTerms.of(read.link(), read.terms().orElse(Bytes.of()));
            });
            assertTrue(List.of("first-boot-malformed", "first-boot-altered").contains(code), code);
        }
    }

    private interface Bent {
        void with(byte[] bytes);
    }

    private static void flipped(byte[] bytes, Bent bent) {
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes[i] ^= (byte) (1 << bit);
                bent.with(bytes);
                bytes[i] ^= (byte) (1 << bit);
            }
        }
    }

    @Test
    void termsThatCannotBeMeantAreRefused() {
        var said = terms.encode().asUtf8();
        var odd = new ArrayList<>(List.of(
                said.replace("mizuhiki-first-boot-1", "mizuhiki-first-boot-2"),
                said.replace(ROUTER, "1319900017/medical-vpn"),
                said.replace("1319900041", "131990004"),
                said.replace("https://centre.example", "http://centre.example"),
                said.replace("203.0.113.1", "203.0.113.1\\nrole: web"),
                said.replace("ntp1.example", "ntp1 example"),
                said.replace("\"form\"", "\"library\":\"/tmp/evil.so\",\"form\""),
                "null",
                "[]",
                ""));
        odd.add("{\"a\":" + "[".repeat(FirstBootTerms.MOST));
        for (var bad : odd) {
            assertEquals("first-boot-malformed", refused(() -> FirstBootTerms.decode(Bytes.utf8(bad))));
        }
    }

    @Test
    void whatLiesOnAStickIsNotFollowedAndNotReadForever() throws Exception {
        var odd = Files.createDirectory(folder.resolve("odd"));
        var file = odd.resolve(FirstBootDocument.FILE);
        Files.createSymbolicLink(file, Path.of("/etc/passwd"));
        assertEquals("first-boot-malformed", refused(() -> FirstBootDocument.find(odd)));
        Files.delete(file);
        Files.createDirectory(file);
        assertEquals("first-boot-malformed", refused(() -> FirstBootDocument.find(odd)));
        Files.delete(file);
        Files.writeString(file, "{" + " ".repeat(1 << 20));
        assertEquals("first-boot-malformed", refused(() -> FirstBootDocument.find(odd)));
        Files.writeString(file, "holiday pictures");
        assertEquals("qr-unreadable", refused(() -> FirstBootDocument.find(odd)));
    }

    @FuzzTest
    void anyTextIsALinkThatIsWrittenTheSameOrRefused(FuzzedDataProvider data) {
        var text = data.consumeRemainingAsString();
        try {
            assertEquals(text.strip(), FirstBootLink.parse(text).revealed());
        } catch (Refusal refused) {
            assertEquals("first-boot-malformed", refused.code());
        }
    }

    @FuzzTest
    void anyBytesAreADocumentOrRefused(byte[] bytes) {
        try {
            FirstBootDocument.decode(Bytes.of(bytes));
        } catch (Refusal refused) {
            assertEquals("first-boot-malformed", refused.code());
        }
        try {
            FirstBootTerms.decode(Bytes.of(bytes));
        } catch (Refusal refused) {
            assertEquals("first-boot-malformed", refused.code());
        }
    }
}
