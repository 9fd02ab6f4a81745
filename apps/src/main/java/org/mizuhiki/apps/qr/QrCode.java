package org.mizuhiki.apps.qr;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import javax.imageio.ImageIO;
import org.mizuhiki.house.Bytes;

/// One QR code (ISO/IEC 18004), error correction M, with the quiet zone of four modules that scanners need.
public record QrCode(BitMatrix modules) {
    private static final int QUIET = 4;
    private static final int SCALE = 8;
    private static final String LIGHT_ON_DARK = "\u001b[97;40m";
    private static final String PLAIN = "\u001b[0m";

    /// @param text up to 1000 characters of ASCII
    public static QrCode of(String text) {
        if (text.length() > 1000) {
            throw new IllegalArgumentException("too long for a code that phones read");
        }
        try {
            var hints = Map.of(EncodeHintType.MARGIN, QUIET, EncodeHintType.ERROR_CORRECTION, ErrorCorrectionLevel.M);
            return new QrCode(new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, hints));
        } catch (WriterException e) {
            throw new IllegalStateException("a short text fits a QR code", e);
        }
    }

    /// For a terminal: two rows of modules in a line of half blocks. Light modules are drawn, on black, so
    /// that it reads the same on dark and light screens.
    public String terminal() {
        var text = new StringBuilder();
        for (int y = 0; y < modules.getHeight(); y += 2) {
            text.append(LIGHT_ON_DARK);
            for (int x = 0; x < modules.getWidth(); x++) {
                text.append(half(isLight(x, y), isLight(x, y + 1)));
            }
            text.append(PLAIN).append('\n');
        }
        return text.toString();
    }

    private static char half(boolean upper, boolean lower) {
        if (upper) {
            return lower ? '█' : '▀';
        }
        return lower ? '▄' : ' ';
    }

    private boolean isLight(int x, int y) {
        return y >= modules.getHeight() || !modules.get(x, y);
    }

    /// Eight pixels a module.
    public Bytes png() {
        int size = modules.getWidth() * SCALE;
        var image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_BINARY);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                image.setRGB(x, y, isLight(x / SCALE, y / SCALE) ? 0xffffff : 0);
            }
        }
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes what is written to it", e);
        }
        return Bytes.of(out.toByteArray());
    }

    /// Modules of a side.
    public int side() {
        return modules.getWidth();
    }

    public boolean isDark(int x, int y) {
        return !isLight(x, y);
    }

    /// One unit a module; prints sharp at any size.
    public Bytes svg() {
        int size = modules.getWidth();
        var path = new StringBuilder();
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                if (!isLight(x, y)) {
                    path.append('M').append(x).append(' ').append(y).append("h1v1h-1z");
                }
            }
        }
        return Bytes.utf8("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">
                <rect width="100%%" height="100%%" fill="#fff"/><path d="%s"/>
                </svg>
                """.formatted(size, size, path));
    }
}
