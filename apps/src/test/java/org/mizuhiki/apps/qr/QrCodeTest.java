package org.mizuhiki.apps.qr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;

@Tag("F11")
class QrCodeTest {
    private static final String TEXT = "https://portal.example.jp/enrol#1." + "aB3_".repeat(20) + ".1700000000";

    @TempDir
    Path folder;

    @Test
    void aPictureIsReadBack() throws Exception {
        var png = Files.write(folder.resolve("qr.png"), QrCode.of(TEXT).png().toArray());
        assertEquals(TEXT, QrReader.read(png));
    }

    /// As a phone's camera sees it: smaller, with something around it, as JPEG.
    @Test
    void aPhotographIsReadBack() throws Exception {
        var code = ImageIO.read(
                new java.io.ByteArrayInputStream(QrCode.of(TEXT).png().toArray()));
        var photograph = new BufferedImage(900, 700, BufferedImage.TYPE_INT_RGB);
        var brush = photograph.createGraphics();
        brush.setColor(java.awt.Color.GRAY);
        brush.fillRect(0, 0, 900, 700);
        brush.rotate(0.05, 450, 350);
        brush.drawImage(code, 250, 150, 400, 400, null);
        brush.dispose();
        var jpeg = folder.resolve("qr.jpg");
        ImageIO.write(photograph, "jpg", jpeg.toFile());
        assertEquals(TEXT, QrReader.read(jpeg));
    }

    @Test
    void whatATerminalShowsIsTheSamePicture() throws Exception {
        var lines = QrCode.of(TEXT)
                .terminal()
                .replaceAll("\u001b\\[[0-9;]*m", "")
                .lines()
                .toList();
        int width = lines.getFirst().length();
        var image = new BufferedImage(width * 4, lines.size() * 8, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                char half = lines.get(y / 8).charAt(x / 4);
                boolean light = half == '█' || half == (y % 8 < 4 ? '▀' : '▄');
                image.setRGB(x, y, light ? 0xffffff : 0);
            }
        }
        var screen = folder.resolve("screen.png");
        ImageIO.write(image, "png", screen.toFile());
        assertEquals(TEXT, QrReader.read(screen));
        assertTrue(QrCode.of(TEXT).svg().asUtf8().startsWith("<svg "));
    }

    @Test
    void aPictureWithoutACodeAndAHugeOneAreRefused() throws Exception {
        var blank = folder.resolve("blank.png");
        ImageIO.write(new BufferedImage(100, 100, BufferedImage.TYPE_INT_RGB), "png", blank.toFile());
        var huge = folder.resolve("huge.png");
        ImageIO.write(new BufferedImage(20_000, 1, BufferedImage.TYPE_BYTE_BINARY), "png", huge.toFile());
        var text = Files.writeString(folder.resolve("text.png"), "no picture");
        for (var bad : new Path[] {blank, huge, text}) {
            assertEquals(
                    "qr-unreadable",
                    assertThrows(Refusal.class, () -> QrReader.read(bad)).code());
        }
        assertEquals(
                "file-unreadable",
                assertThrows(Refusal.class, () -> QrReader.read(folder.resolve("nowhere")))
                        .code());
    }

    @FuzzTest
    void anyBytesAreAPictureWithACodeOrRefused(byte[] picture) throws IOException {
        var file = Files.createTempFile("qr", ".png");
        try {
            QrReader.read(Files.write(file, picture));
        } catch (Refusal refusal) {
            assertEquals("qr-unreadable", refusal.code());
        } finally {
            Files.delete(file);
        }
    }
}
