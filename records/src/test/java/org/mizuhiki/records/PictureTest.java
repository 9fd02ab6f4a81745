package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

@Tag("V8")
class PictureTest {
    private static final String PLACE = "GPSLatitude 35.6895";

    private static byte[] image(String format) throws IOException {
        var image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 64; x++) {
            for (int y = 0; y < 48; y++) {
                image.setRGB(x, y, x * 1000 + y * 40_000);
            }
        }
        var out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, out));
        return out.toByteArray();
    }

    /// After SOI: an Exif segment; before the end of a PNG: a text chunk.
    private static byte[] withPlace(String format) throws IOException {
        var plain = image(format);
        var out = new ByteArrayOutputStream();
        var text = ("Exif\0\0" + PLACE).getBytes(StandardCharsets.ISO_8859_1);
        if (format.equals("jpeg")) {
            out.write(plain, 0, 2);
            out.write(0xff);
            out.write(0xe1);
            out.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) (text.length + 2)).array());
            out.writeBytes(text);
            out.write(plain, 2, plain.length - 2);
        } else {
            out.write(plain, 0, plain.length - 12);
            var chunk = ByteBuffer.allocate(text.length + 4)
                    .put("tEXt".getBytes(StandardCharsets.ISO_8859_1))
                    .put(text)
                    .array();
            var crc = new CRC32();
            crc.update(chunk);
            out.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
            out.writeBytes(chunk);
            out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
            out.write(plain, plain.length - 12, 12);
        }
        out.writeBytes("hidden behind the end".getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    @Test
    void onlyTheImageIsLeftAndItIsTheSameImage() throws IOException {
        for (var format : new String[] {"jpeg", "png"}) {
            var taken = withPlace(format);
            var picture = Picture.of(Bytes.of(taken));
            assertEquals("image/" + format, picture.type());
            assertEquals(64, picture.width());
            assertEquals(48, picture.height());
            var left = new String(picture.content().toArray(), StandardCharsets.ISO_8859_1);
            assertFalse(left.contains("GPS") || left.contains("Exif") || left.contains("hidden"));
            var shown = ImageIO.read(new ByteArrayInputStream(picture.content().toArray()));
            assertNotNull(shown);
            var before = ImageIO.read(new ByteArrayInputStream(image(format)));
            assertEquals(before.getRGB(20, 20), shown.getRGB(20, 20));
            assertEquals(picture, Picture.of(picture.content()), "cleaned once is clean");
        }
    }

    @Test
    void whatIsCutOffOrNoImageIsRefused() throws IOException {
        for (var format : new String[] {"jpeg", "png"}) {
            var whole = image(format);
            for (int size = 0; size < whole.length - 2; size += 7) {
                var cut = Bytes.of(Arrays.copyOf(whole, size));
                assertEquals(
                        "picture-unfit",
                        assertThrows(Refusal.class, () -> Picture.of(cut)).code());
            }
        }
        var gif = Bytes.of(image("gif"));
        assertThrows(Refusal.class, () -> Picture.of(gif));
        assertThrows(Refusal.class, () -> Picture.of(Bytes.of(new byte[Picture.MAX_BYTES + 1])));
    }

    @FuzzTest
    void noFileDoesMoreThanBeRefused(byte[] file) {
        try {
            var picture = Picture.of(Bytes.of(file));
            assertTrue(picture.content().size() <= file.length);
        } catch (Refusal refusal) {
            assertEquals("picture-unfit", refusal.code());
        }
    }
}
