package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.apps.demo.Typed.done;
import static org.mizuhiki.apps.demo.Typed.found;
import static org.mizuhiki.apps.demo.Typed.refused;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.qr.QrReader;

/// `mizuhiki account …` as people type it, on devices of their own, against a region in this process.
@Tag("V4")
@Tag("F11")
class AccountCommandsTest {
    @TempDir
    private static Path folder;

    private static Played played;
    private int named;

    @BeforeAll
    static void start() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
    }

    @AfterAll
    static void stop() {
        played.close();
    }

    private Path file(String content) throws Exception {
        return Files.writeString(
                Files.createFile(folder.resolve("file-" + System.nanoTime() + "-" + named++)), content);
    }

    /// On a device that nobody enrolled: its passphrase is the password.
    private static Typed fresh(Path device, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--device",
                device.toString(),
                "--region",
                played.machine.regionFile().toString()));
        return Typed.run(all.toArray(String[]::new));
    }

    private Path phone() throws Exception {
        return Files.createTempDirectory(folder, "phone");
    }

    @Test
    void aPersonMakesAnAccountAndComesBackToItWhateverIsLost() throws Exception {
        var person = played.cast.patient();
        var id = person.id().value();
        var home = person.folder();
        var first = file("the first password\n").toString();
        refused("login-failed", fresh(phone(), "account", "login", "--id", id, "--password-file", first));
        refused("account-not-here", Typed.run(home, "account", "list"));
        done(Typed.run(home, "account", "create", "--password-file", first));
        refused("account-exists", Typed.run(home, "account", "create", "--password-file", first));
        var ways = done(Typed.run(home, "account", "list", "--json"));
        assertTrue(ways.contains("\"kind\":\"password\""), ways);

        // a sheet, for its owner's eyes only, and never over another file
        var sheet = folder.resolve("sheet.svg");
        var added = done(Typed.run(home, "account", "add-code", "--sheet", sheet.toString(), "--json"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(sheet)));
        refused("file-exists", Typed.run(home, "account", "add-code", "--sheet", sheet.toString()));
        onPaper(home);
        var code = file(found(">([0-9A-Z]{4}(?:[- ][0-9A-Z]{4}){6})<", Files.readString(sheet)) + "\n");

        var phone = phone();
        onAnotherDevice(home, phone, id, first);
        forgotten(phone, id, code);
        stolen(home, phone(), id, code, added);
    }

    /// As PDF: the text and the QR code say the same code.
    private void onPaper(Path home) throws Exception {
        var sheet = folder.resolve("sheet.pdf");
        var added = done(Typed.run(home, "account", "add-code", "--sheet", sheet.toString(), "--json"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(sheet)));
        try (var printed = Loader.loadPDF(sheet.toFile())) {
            var text = new PDFTextStripper().getText(printed);
            var code = found("([0-9A-Z]{4}(?:[- ][0-9A-Z]{4}){6})", text);
            assertTrue(text.contains("写真を撮らず"), text);
            var photograph = folder.resolve("recovery.png");
            ImageIO.write(new PDFRenderer(printed).renderImageWithDPI(0, 150), "png", photograph.toFile());
            assertTrue(QrReader.read(photograph).endsWith(code));
        }
        done(Typed.run(home, "account", "remove", found("\"name\":\"(recovery-code-[0-9a-f]{8})\"", added)));
        // a sheet that cannot be written is no way in
        var before = done(Typed.run(home, "account", "list", "--json"));
        refused("file-unwritable", Typed.run(home, "account", "add-code", "--sheet", "/proc/none/sheet.pdf"));
        assertEquals(before, done(Typed.run(home, "account", "list", "--json")));
    }

    /// With nothing but ID and password; then another password.
    private void onAnotherDevice(Path home, Path phone, String id, String first) throws Exception {
        var wrong = file("not the password\n").toString();
        refused("login-failed", fresh(phone, "account", "login", "--id", id, "--password-file", wrong));
        done(fresh(phone, "account", "login", "--id", id, "--password-file", first));
        var second = file("the second password\n").toString();
        done(Typed.run(home, "account", "password", "--password-file", second));
        refused("login-failed", fresh(phone(), "account", "login", "--id", id, "--password-file", first));
    }

    /// The password is forgotten; what the device saw before is not.
    private void forgotten(Path phone, String id, Path code) throws Exception {
        var third = file("the third password\n").toString();
        var seen = Files.readAllBytes(phone.resolve("account.seen"));
        Files.write(
                phone.resolve("account.seen"),
                ByteBuffer.allocate(16).putLong(99).putLong(99).array());
        var recover = recovering(id, code, third);
        refused("account-rolled-back", fresh(phone, recover));
        Files.write(phone.resolve("account.seen"), seen);
        done(fresh(phone, recover));
        done(fresh(phone(), "account", "login", "--id", id, "--password-file", third));
    }

    private static String[] recovering(String id, Path code, String password) {
        return new String[] {
            "account", "recover", "--id", id, "--code-file", code.toString(), "--password-file", password
        };
    }

    /// The sheet with the code.
    private void stolen(Path home, Path thief, String id, Path code, String added) throws Exception {
        refused(
                "way-last",
                Typed.run(
                        home,
                        "account",
                        "remove",
                        found(
                                "\"name\":\"(password-[0-9a-f]{8})\"",
                                done(Typed.run(home, "account", "list", "--json")))));
        done(Typed.run(home, "account", "remove", found("\"name\":\"(recovery-code-[0-9a-f]{8})\"", added)));
        var next = file("a thief's password\n").toString();
        refused("way-in-unknown", fresh(thief, recovering(id, code, next)));
    }

    @Test
    void twoGuardiansBringAPersonBackAndAVetoStopsAThief() throws Exception {
        var person = played.cast.otherPatient();
        var id = person.id().value();
        var home = person.folder();
        var guardians = List.of(played.cast.doctorA(), played.cast.doctorB(), played.cast.doctorC());
        var first = file("the first password\n").toString();
        done(Typed.run(home, "account", "create", "--password-file", first));
        done(Typed.run(
                home,
                "account",
                "add-guardians",
                guardians.get(0).id().value(),
                guardians.get(1).id().value(),
                guardians.get(2).id().value()));

        // a thief asks, the person ends it, and the guardians hear of that
        var thief = phone();
        done(fresh(thief, "account", "ask", "--id", id));
        assertTrue(Typed.run(home, "account", "list").err().contains("account veto"));
        done(Typed.run(home, "account", "veto"));
        var second = file("the second password\n").toString();
        var recover = new String[] {"account", "recover", "--id", id, "--guardians", "--password-file", second};
        refused("recovery-over", fresh(thief, recover));

        // the person asks
        var phone = phone();
        refused("option-missing", fresh(phone, recover));
        var asked = done(fresh(phone, "account", "ask", "--id", id, "--json"));
        var recovery = found("\"recovery\":\"([0-9a-f]{64})\"", asked);
        var code = found("\"code\":\"([^\"]+)\"", asked);
        var guarding = done(Typed.run(guardians.get(0).folder(), "account", "guarding", "--json"));
        assertTrue(guarding.contains(recovery), guarding);
        refused(
                "recovery-code-differs",
                Typed.run(guardians.get(0).folder(), "account", "approve", recovery, "--code", "0000-0000-0000-0000"));
        for (var guardian : guardians.subList(0, 2)) {
            done(Typed.run(guardian.folder(), "account", "approve", recovery, "--code", code));
        }
        for (int i = 0; i < 600 && fresh(phone, recover).code() != 0; i++) {
            Thread.sleep(100);
        }
        done(fresh(phone(), "account", "login", "--id", id, "--password-file", second));
    }
}
