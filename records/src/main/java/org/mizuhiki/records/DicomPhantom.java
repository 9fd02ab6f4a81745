package org.mizuhiki.records;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.mizuhiki.house.Bytes;

/// Makes a CT-like image of nobody: an ellipse of water with two lungs of air, a spine of bone and a small
/// nodule, 256 × 256 pixels of 16 bits, as a DICOM CT Image (PS3.3, A.3) in explicit little endian and
/// UTF-8.
public final class DicomPhantom {
    private static final int SIDE = 256;
    private static final String CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(SIDE * SIDE * 2 + 4096);
    private final RandomGenerator die;

    private DicomPhantom(RandomGenerator die) {
        this.die = die;
    }

    /// The same patient, time and die give the same bytes.
    public static Bytes ct(Referral.Patient patient, OffsetDateTime taken, RandomGenerator die) {
        var phantom = new DicomPhantom(die);
        phantom.file(patient, taken);
        return Bytes.of(phantom.out.toByteArray());
    }

    private void file(Referral.Patient patient, OffsetDateTime taken) {
        var instance = uid();
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        var meta = new DicomPhantom(die);
        meta.element(0x0002_0001, "OB", new byte[] {0, 1});
        meta.text(0x0002_0002, "UI", CT_IMAGE);
        meta.text(0x0002_0003, "UI", instance);
        meta.text(0x0002_0010, "UI", "1.2.840.10008.1.2.1");
        meta.text(0x0002_0012, "UI", "2.25.1");
        element(0x0002_0000, "UL", little(4, meta.out.size()));
        out.writeBytes(meta.out.toByteArray());
        study(patient, taken, instance);
        geometry();
        pixels();
    }

    private void study(Referral.Patient patient, OffsetDateTime taken, String instance) {
        var date = taken.format(DateTimeFormatter.BASIC_ISO_DATE).substring(0, 8);
        text(0x0008_0005, "CS", "ISO_IR 192");
        text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL");
        text(0x0008_0016, "UI", CT_IMAGE);
        text(0x0008_0018, "UI", instance);
        text(0x0008_0020, "DA", date);
        text(0x0008_0030, "TM", taken.format(DateTimeFormatter.ofPattern("HHmmss")));
        text(0x0008_0050, "SH", "");
        text(0x0008_0060, "CS", "CT");
        text(0x0008_0070, "LO", "Mizuhiki phantom");
        text(0x0008_0090, "PN", "");
        text(0x0008_1030, "LO", "胸部CT（合成画像）");
        var name = patient.name();
        text(
                0x0010_0010,
                "PN",
                "=%s^%s=%s^%s".formatted(name.family(), name.given(), name.familyKana(), name.givenKana()));
        text(0x0010_0020, "LO", patient.number());
        text(0x0010_0030, "DA", patient.birthDate().format(DateTimeFormatter.BASIC_ISO_DATE));
        text(
                0x0010_0040,
                "CS",
                switch (patient.sex()) {
                    case MALE -> "M";
                    case FEMALE -> "F";
                    case OTHER, UNKNOWN -> "O";
                });
        text(0x0018_0050, "DS", "5");
        text(0x0018_0060, "DS", "120");
        text(0x0020_000d, "UI", uid());
        text(0x0020_000e, "UI", uid());
        text(0x0020_0010, "SH", "1");
        text(0x0020_0011, "IS", "1");
        text(0x0020_0012, "IS", "1");
        text(0x0020_0013, "IS", "1");
    }

    private void geometry() {
        text(0x0020_0032, "DS", "-128\\-128\\0");
        text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0");
        text(0x0020_0052, "UI", uid());
        text(0x0020_1040, "LO", "");
        number(0x0028_0002, 1);
        text(0x0028_0004, "CS", "MONOCHROME2");
        number(0x0028_0010, SIDE);
        number(0x0028_0011, SIDE);
        text(0x0028_0030, "DS", "1\\1");
        number(0x0028_0100, 16);
        number(0x0028_0101, 16);
        number(0x0028_0102, 15);
        number(0x0028_0103, 1);
        text(0x0028_1050, "DS", "40");
        text(0x0028_1051, "DS", "400");
        text(0x0028_1052, "DS", "0");
        text(0x0028_1053, "DS", "1");
    }

    private void pixels() {
        var pixels = new ByteArrayOutputStream(SIDE * SIDE * 2);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                pixels.writeBytes(little(2, density(x - SIDE / 2, y - SIDE / 2) + die.nextInt(-12, 13)));
            }
        }
        element(0x7fe0_0010, "OW", pixels.toByteArray());
    }

    /// In Hounsfield units.
    private static int density(int x, int y) {
        if (within(x - 34, y - 6, 6, 6)) {
            return 40;
        }
        if (within(x - 38, y, 28, 46) || within(x + 38, y, 28, 46)) {
            return -850;
        }
        if (within(x, y - 58, 14, 14)) {
            return 700;
        }
        return within(x, y, 104, 80) ? 30 : -1000;
    }

    private static boolean within(int x, int y, int a, int b) {
        return (long) x * x * b * b + (long) y * y * a * a <= (long) a * a * b * b;
    }

    /// A UID from a random UUID (PS3.5, B.2).
    private String uid() {
        var bytes = new byte[16];
        die.nextBytes(bytes);
        bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
        return "2.25." + new BigInteger(1, bytes);
    }

    private void number(int tag, int value) {
        element(tag, "US", little(2, value));
    }

    private void text(int tag, String representation, String value) {
        var plain = value.getBytes(StandardCharsets.UTF_8);
        var padded = Arrays.copyOf(plain, plain.length + plain.length % 2);
        if (padded.length > plain.length) {
            // values have even lengths: UIDs are padded with zero, text with a space (PS3.5, 6.2)
            padded[plain.length] = (byte) (representation.equals("UI") ? 0 : ' ');
        }
        element(tag, representation, padded);
    }

    private void element(int tag, String representation, byte[] value) {
        boolean isLong = representation.equals("OB") || representation.equals("OW");
        out.writeBytes(little(2, tag >>> 16));
        out.writeBytes(little(2, tag));
        out.writeBytes(representation.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(isLong ? little(6, (long) value.length << 16) : little(2, value.length));
        out.writeBytes(value);
    }

    private static byte[] little(int size, long value) {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }
}
