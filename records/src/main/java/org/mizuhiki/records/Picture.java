package org.mizuhiki.records;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A photo or a still of a video as JPEG or PNG, without anything but the image: place, device, time, names
/// and previews (Exif, XMP, comments, text chunks) are left out, as are bytes after its end. Its structure is
/// walked within bounds; pixels are never decoded here.
///
/// @param type `image/jpeg` or `image/png`
/// @param content what is left
public record Picture(String type, int width, int height, Bytes content) {
    /// Largest file in bytes.
    public static final int MAX_BYTES = 10 << 20;

    private static final int MAX_SIDE = 16_384;
    private static final int MAX_PARTS = 10_000;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    /// What an image cannot be shown without (W3C PNG, 11.2), and transparency.
    private static final Set<String> KEPT_CHUNKS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP15 = 0xef;
    private static final int ADOBE = 0xee;
    private static final int COMMENT = 0xfe;

    /// @throws Refusal `picture-unfit` when it is neither, is damaged or too large
    public static Picture of(Bytes file) {
        if (file.size() > MAX_BYTES || file.size() < 16) {
            throw unfit();
        }
        var bytes = file.toArray();
        return Arrays.equals(bytes, 0, PNG.length, PNG, 0, PNG.length) ? png(bytes) : jpeg(bytes);
    }

    private static Picture png(byte... file) {
        var in = ByteBuffer.wrap(file).position(PNG.length);
        var out = new ByteArrayOutputStream(file.length);
        out.writeBytes(PNG);
        int width = 0;
        int height = 0;
        boolean image = false;
        for (int parts = 0; parts < MAX_PARTS && in.remaining() >= 12; parts++) {
            int start = in.position();
            int size = in.getInt();
            if (size < 0 || size > in.remaining() - 8) {
                throw unfit();
            }
            var name = new String(file, start + 4, 4, StandardCharsets.ISO_8859_1);
            var crc = new CRC32();
            crc.update(file, start + 4, size + 4);
            if ((int) crc.getValue() != in.getInt(start + 8 + size)) {
                throw unfit();
            }
            if ((parts == 0) != name.equals("IHDR") || (parts == 0 && size != 13)) {
                throw unfit();
            }
            if (parts == 0) {
                width = side(in.getInt(start + 8));
                height = side(in.getInt(start + 12));
            }
            image |= name.equals("IDAT");
            if (KEPT_CHUNKS.contains(name)) {
                out.write(file, start, size + 12);
            } else if (Character.isUpperCase(name.charAt(0))) {
                throw unfit(); // a critical chunk that is not known: nobody could show it
            }
            in.position(start + 12 + size);
            if (name.equals("IEND") && image) {
                return new Picture("image/png", width, height, Bytes.of(out.toByteArray()));
            }
        }
        throw unfit();
    }

    /// ITU-T T.81, annex B: segments up to the first scan, then entropy-coded data and tables up to the end.
    private static Picture jpeg(byte... file) {
        if ((file[0] & 0xff) != 0xff || (file[1] & 0xff) != SOI) {
            throw unfit();
        }
        var out = new ByteArrayOutputStream(file.length);
        out.write(file, 0, 2);
        int at = 2;
        int width = 0;
        int height = 0;
        boolean scanned = false;
        for (int parts = 0; parts < MAX_PARTS; parts++) {
            at = marker(file, at);
            int marker = file[at + 1] & 0xff;
            if (marker == EOI && scanned && width > 0) {
                out.write(file, at, 2);
                return new Picture("image/jpeg", width, height, Bytes.of(out.toByteArray()));
            }
            int size = size(file, at);
            if (isFrame(marker)) {
                if (size < 8 || width > 0) {
                    throw unfit();
                }
                height = side(number(file, at + 5));
                width = side(number(file, at + 7));
            }
            int end = at + 2 + size;
            if (isKept(marker, size)) {
                out.write(file, at, size + 2);
            }
            at = end;
            if (marker == SOS) {
                scanned = true;
                at = afterScan(file, end);
                out.write(file, end, at - end);
            }
        }
        throw unfit();
    }

    /// Where the marker begins; fill bytes before it are skipped.
    private static int marker(byte[] file, int from) {
        int at = from;
        if (at + 1 >= file.length || (file[at] & 0xff) != 0xff) {
            throw unfit();
        }
        while (at + 1 < file.length && (file[at + 1] & 0xff) == 0xff) {
            at++;
        }
        if (at + 1 >= file.length) {
            throw unfit();
        }
        return at;
    }

    private static int size(byte[] file, int at) {
        int marker = file[at + 1] & 0xff;
        if (marker < 0xc0 || (marker >= 0xd0 && marker <= EOI) || at + 4 > file.length) {
            throw unfit();
        }
        int size = number(file, at + 2);
        if (size < 2 || at + 2 + size > file.length) {
            throw unfit();
        }
        return size;
    }

    /// Where the next marker that is neither a stuffed byte nor a restart begins.
    private static int afterScan(byte[] file, int from) {
        for (int at = from; at + 1 < file.length; at++) {
            int next = file[at + 1] & 0xff;
            if ((file[at] & 0xff) == 0xff && next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7)) {
                return at;
            }
        }
        throw unfit();
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /// Of the application segments only Adobe's of twelve bytes: it says how colours are to be read.
    private static boolean isKept(int marker, int size) {
        if (marker == ADOBE) {
            return size == 14;
        }
        return marker != COMMENT && !(marker >= APP0 && marker <= APP15);
    }

    private static int number(byte[] file, int at) {
        return ((file[at] & 0xff) << 8) | (file[at + 1] & 0xff);
    }

    private static int side(int pixels) {
        if (pixels < 1 || pixels > MAX_SIDE) {
            throw unfit();
        }
        return pixels;
    }

    private static Refusal unfit() {
        return Refusal.of(
                "picture-unfit",
                "写真として読めません。10MBまでのJPEGかPNGで撮り直してください",
                "This is not a picture: take it again, as JPEG or PNG of at most 10 MB");
    }
}
