package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.pocket.Acknowledgement;
import org.mizuhiki.pocket.HospitalLetter;
import org.mizuhiki.records.ReferralSample;
import org.mizuhiki.records.ReferralWriter;
import org.mizuhiki.wire.Json;

/// `mizuhiki letter exchange` and `verify-print` as two institutions type them.
@Tag("V11")
class HospitalCommandsTest {
    @TempDir
    private Path folder;

    @Test
    void aLetterGoesFromOneHospitalSystemToAnotherAndOntoPaper() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf")), "a Japanese font");
        try (var played = Played.inProcess(Files.createDirectory(folder.resolve("region")))) {
            var a = played.cast.doctorA().folder();
            var b = played.cast.doctorB().folder();
            var patient = played.cast.patient();
            Typed.done(a, "relation", "propose", patient.id().value());
            Typed.done(
                    patient.folder(),
                    "relation",
                    "accept",
                    played.cast.doctorA().id().value());
            var document = handIn(played);

            Typed.done(a, "letter", "exchange", "--folder", at("a").toString(), "--once");

            var ack = Json.read(Bytes.of(Files.readAllBytes(at("a").resolve("ack/ref-1.json"))), Acknowledgement.class);
            Typed.done(b, "letter", "exchange", "--folder", at("b").toString(), "--once", "--open", "treatment");
            var arrived = at("b").resolve("in").resolve(ack.letter().hex());
            assertEquals(document, Bytes.of(Files.readAllBytes(arrived.resolve("document.json"))));

            var scan = scanned(arrived.resolve("letter.pdf"));
            var party = Typed.done(b, "letter", "verify-print", "--qr", scan.toString(), "--json");
            assertEquals(ack.letter().hex(), party.field("letter"));
            assertEquals(played.cast.doctorA().id().value(), party.field("author"));
            var stranger = Typed.done(
                    played.cast.doctorC().folder(), "letter", "verify-print", "--qr", scan.toString(), "--json");
            assertEquals("", stranger.field("author"));
            assertEquals(ack.statement().hex(), stranger.field("statement"));

            var nothing = Typed.run(a, "letter", "exchange", "--folder", at("a").toString(), "--once", "--every", "0");
            assertEquals(Exit.USAGE, nothing.code());
        }
    }

    private Path at(String institution) {
        return folder.resolve("exchange-" + institution);
    }

    private Bytes handIn(Played played) throws Exception {
        var referral = ReferralSample.at(OffsetDateTime.parse("2026-05-01T10:00:01+09:00"), new SplittableRandom(5));
        var document = ReferralWriter.write(referral, new SplittableRandom(5));
        var to = new HospitalLetter.To(played.cast.doctorB().id(), 30, "referral");
        var said = new HospitalLetter(played.cast.patient().id(), List.of(to), Optional.empty());
        var unfinished = Files.createDirectories(at("a").resolve("out/ref-1.tmp"));
        Files.write(unfinished.resolve("letter.json"), Json.write(said).toArray());
        Files.write(unfinished.resolve("document.json"), document.toArray());
        Files.move(unfinished, at("a").resolve("out/ref-1"));
        return document;
    }

    /// The first page as a scanner of 200 dpi sees it.
    private Path scanned(Path pdf) throws Exception {
        var picture = folder.resolve("scan.png");
        try (var document = Loader.loadPDF(pdf.toFile())) {
            assertTrue(document.getNumberOfPages() >= 1);
            ImageIO.write(new PDFRenderer(document).renderImageWithDPI(0, 200), "png", picture.toFile());
        }
        return picture;
    }
}
