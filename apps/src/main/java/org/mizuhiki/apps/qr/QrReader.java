package org.mizuhiki.apps.qr;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import org.mizuhiki.house.Refusal;

/// Reads a QR code out of a picture, which may come from anybody: its size is looked at before a pixel is.
public final class QrReader {
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_SIDE = 5000;

    private QrReader() {}

    /// @param picture PNG, JPEG, GIF or BMP
    /// @throws Refusal `qr-unreadable`, `file-unreadable`
    public static String read(Path picture) {
        try {
            if (Files.size(picture) > MAX_BYTES) {
                throw unreadable();
            }
            var image = image(picture);
            var pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            var bitmap = new BinaryBitmap(
                    new HybridBinarizer(new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels)));
            return new QRCodeReader()
                    .decode(bitmap, Map.of(DecodeHintType.TRY_HARDER, true))
                    .getText();
        } catch (ReaderException e) {
            throw unreadable();
        } catch (IOException e) {
            throw Refusal.of("file-unreadable", "ファイルを読めません: " + picture, "A file cannot be read: " + picture, e);
        }
    }

    private static BufferedImage image(Path picture) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(picture.toFile())) {
            var readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw unreadable();
            }
            var reader = readers.next();
            try {
                reader.setInput(in, true, true);
                if (reader.getWidth(0) > MAX_SIDE || reader.getHeight(0) > MAX_SIDE) {
                    throw unreadable();
                }
                return reader.read(0);
            } catch (RuntimeException e) {
                throw e instanceof Refusal r ? r : unreadable(); // decoders stumble over damaged pictures
            } finally {
                reader.dispose();
            }
        }
    }

    private static Refusal unreadable() {
        return Refusal.of(
                "qr-unreadable",
                "画像からQRコードを読み取れません。もう一度撮影してください",
                "No QR code can be read from this picture; take it again");
    }
}
