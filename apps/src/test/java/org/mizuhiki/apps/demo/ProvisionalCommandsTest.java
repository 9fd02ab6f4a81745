package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.apps.demo.Typed.done;
import static org.mizuhiki.apps.demo.Typed.found;
import static org.mizuhiki.apps.demo.Typed.refused;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `mizuhiki provisional …` as registrar, patient, supervisor and another institution type it.
@Tag("V8")
@Tag("V10")
class ProvisionalCommandsTest {
    @TempDir
    private Path folder;

    private static void accredit(Played played, Cast.Player registrar, Cast.Player supervisor) {
        var site = Objects.requireNonNull(OneMachine.SITES.get("gateway-a"));
        var place = played.machine.place();
        place.operate(
                "authority", "registrar-ca-create", Map.of("code", site.code(), "name", site.name(), "quota", "10"));
        place.operate(
                "authority",
                "registrar-accredit",
                Map.of(
                        "person",
                        registrar.id().value(),
                        "supervisor",
                        supervisor.id().value(),
                        "quota",
                        "5"));
    }

    @Test
    void aPatientIsRegisteredActivatedConfirmedAndSuspended() throws Exception {
        try (var played = Played.inProcess(Files.createDirectory(folder.resolve("region")))) {
            var a = played.cast.doctorA();
            var supervisor = played.casting.supervisor();
            accredit(played, a, supervisor);
            var picture = folder.resolve("both.png");
            ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
            var sheet = folder.resolve("sheet.svg");
            var register = new String[] {
                "provisional", "register", "--picture", picture.toString(), "--svg", sheet.toString(), "--json"
            };
            refused(
                    "option-missing",
                    Typed.run(a.folder(), "provisional", "register", "--picture", picture.toString()));
            refused("registrar-not-accredited", Typed.run(played.cast.doctorB().folder(), register));
            var told = done(Typed.run(a.folder(), register));
            var id = found("\"patient\":\"(P-[^\"]+)\"", told);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(sheet)));
            refused("file-exists", Typed.run(a.folder(), register));
            refused(
                    "not-activated",
                    Typed.run(played.cast.doctorB().folder(), "provisional", "confirm", id, "--code", "123456"));

            var phone = activated(played, sheet);
            confirmed(played, phone, id);
            supervised(played, supervisor, id);
            refused("activated-already", Typed.run(supervisor.folder(), "provisional", "lapse", id));
            var suspended = done(Typed.run(supervisor.folder(), "provisional", "suspend", id, "--json"));
            assertTrue(suspended.contains("SUSPENDED"), suspended);
            scannedFromPaper(played, a, picture);
            lapsed(played, a, supervisor, picture);
        }
    }

    /// The sheet as PDF, printed, photographed, and its QR code read.
    private void scannedFromPaper(Played played, Cast.Player registrar, Path picture) throws Exception {
        var pdf = folder.resolve("sheet.pdf");
        var told = done(Typed.run(
                registrar.folder(),
                "provisional",
                "register",
                "--picture",
                picture.toString(),
                "--pdf",
                pdf.toString(),
                "--json"));
        var id = found("\"patient\":\"(P-[^\"]+)\"", told);
        var photograph = folder.resolve("photograph.png");
        try (var printed = Loader.loadPDF(pdf.toFile())) {
            ImageIO.write(new PDFRenderer(printed).renderImageWithDPI(0, 150), "png", photograph.toFile());
        }
        var phone = Files.createDirectory(folder.resolve("scanning"));
        Files.writeString(phone.resolve("passphrase"), "a passphrase of one's own\n");
        var region = played.machine.regionFile().toString();
        refused(
                "qr-unreadable",
                Typed.run(phone, "provisional", "activate", "--qr", picture.toString(), "--region", region));
        var activated = done(Typed.run(
                phone, "provisional", "activate", "--qr", photograph.toString(), "--region", region, "--json"));
        assertTrue(activated.contains(id), activated);
    }

    /// A sheet that was lost before anybody used it.
    private void lapsed(Played played, Cast.Player registrar, Cast.Player supervisor, Path picture) throws Exception {
        var sheet = folder.resolve("lost.svg");
        var told = done(Typed.run(
                registrar.folder(),
                "provisional",
                "register",
                "--picture",
                picture.toString(),
                "--svg",
                sheet.toString(),
                "--json"));
        var id = found("\"patient\":\"(P-[^\"]+)\"", told);
        refused("registration-unknown", Typed.run(played.cast.patient().folder(), "provisional", "lapse", id));
        var lapsed = done(Typed.run(supervisor.folder(), "provisional", "lapse", id, "--json"));
        assertTrue(lapsed.contains("SUSPENDED"), lapsed);
        var phone = Files.createDirectory(folder.resolve("too-late"));
        Files.writeString(phone.resolve("passphrase"), "a passphrase of one's own\n");
        var words = Files.writeString(folder.resolve("lost-words"), words(Files.readString(sheet)) + "\n");
        var late = Typed.run(
                phone,
                "provisional",
                "activate",
                "--words-file",
                words.toString(),
                "--region",
                played.machine.regionFile().toString());
        assertEquals(1, late.code(), late.err());
    }

    private Path activated(Played played, Path sheet) throws Exception {
        var words = Files.writeString(folder.resolve("words"), words(Files.readString(sheet)) + "\n");
        var phone = Files.createDirectory(folder.resolve("phone"));
        Files.writeString(phone.resolve("passphrase"), "a passphrase of one's own\n");
        var activate = List.of(
                "provisional",
                "activate",
                "--words-file",
                words.toString(),
                "--region",
                played.machine.regionFile().toString());
        done(Typed.run(phone, activate.toArray(String[]::new)));
        assertFalse(Files.exists(phone.resolve("activation.pending")));
        var late = Files.createDirectory(folder.resolve("late"));
        Files.writeString(late.resolve("passphrase"), "somebody else's device\n");
        refused("activation-used", Typed.run(late, activate.toArray(String[]::new)));
        return phone;
    }

    /// Three lines of three; the sheet has them twice.
    private static String words(String svg) {
        return Pattern.compile(">        ([^<]+)<")
                .matcher(svg)
                .results()
                .limit(3)
                .map(line -> line.group(1).replaceAll("\\s+", " "))
                .collect(Collectors.joining(" "));
    }

    private static void confirmed(Played played, Path phone, String id) {
        var code = found("\"code\":\"([0-9]{6})\"", done(Typed.run(phone, "provisional", "code", "--json")));
        var b = played.cast.doctorB().folder();
        refused(
                "code-differs",
                Typed.run(b, "provisional", "confirm", id, "--code", code.equals("000000") ? "1" : "000000"));
        assertTrue(
                done(Typed.run(b, "provisional", "confirm", id, "--code", code)).contains("CONFIRMED"));
        assertTrue(
                done(Typed.run(b, "provisional", "confirm", id, "--code", code)).contains("CONFIRMED"));
    }

    private void supervised(Played played, Cast.Player supervisor, String id) throws Exception {
        var list = done(Typed.run(supervisor.folder(), "provisional", "list", "--json"));
        assertTrue(list.contains(id) && list.contains("\"others\":1"), list);
        var evidence = found("\"picture\":\"([0-9a-f]{64})\"", list);
        var shown = folder.resolve("shown.png");
        done(Typed.run(supervisor.folder(), "provisional", "picture", evidence, "--to", shown.toString()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(shown)));
        assertEquals(64, ImageIO.read(shown.toFile()).getWidth());
        refused(
                "file-exists",
                Typed.run(supervisor.folder(), "provisional", "picture", evidence, "--to", shown.toString()));
        refused(
                "letter-unknown",
                Typed.run(
                        played.cast.doctorC().folder(),
                        "provisional",
                        "picture",
                        evidence,
                        "--to",
                        folder.resolve("none").toString()));
    }
}
