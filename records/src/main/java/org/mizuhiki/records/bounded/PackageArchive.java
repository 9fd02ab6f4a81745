package org.mizuhiki.records.bounded;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/// Reads the JSON files of a FHIR package, a gzipped tar archive (POSIX ustar, `.tgz`), into memory.
/// Nothing is ever written to disk, so no entry can land outside a folder; links, devices and other
/// oddities are skipped; sizes and counts are bounded, so a compression bomb ends early.
public final class PackageArchive {
    /// Most bytes of a package, uncompressed; the largest national one has 20 MB.
    public static final long MAX_TOTAL = 256L << 20;
    /// Largest single file.
    public static final int MAX_FILE = 32 << 20;
    /// Most files.
    public static final int MAX_FILES = 20_000;

    private static final int BLOCK = 512;

    private final InputStream in;
    private final SortedMap<String, byte[]> files = new TreeMap<>();
    private long total;
    private int count;
    private String longName = "";

    private PackageArchive(InputStream in) {
        this.in = in;
    }

    /// @return names as `package/NAME.json` with contents
    /// @throws IOException when it is not such an archive, is cut off or damaged, or exceeds a bound
    public static SortedMap<String, byte[]> read(InputStream tgz) throws IOException {
        var archive = new PackageArchive(new BufferedInputStream(new GZIPInputStream(tgz, 1 << 16), 1 << 16));
        archive.entries();
        return archive.files;
    }

    private void entries() throws IOException {
        while (true) {
            var header = exactly(BLOCK);
            if (isZero(header)) {
                // an archive ends with zero blocks; reading on to the end lets gzip check its own sum
                drain();
                return;
            }
            if (++count > MAX_FILES) {
                throw new IOException("more than " + MAX_FILES + " files");
            }
            entry(header);
        }
    }

    private void entry(byte[] header) throws IOException {
        checkSum(header);
        long size = octal(header, 124, 12);
        if (size > MAX_FILE) {
            throw new IOException("a file over " + MAX_FILE + " bytes");
        }
        var content = exactly((int) size);
        exactly((int) ((BLOCK - size % BLOCK) % BLOCK));
        char kind = (char) header[156];
        if (kind == 'L' || kind == 'x') {
            longName = kind == 'L' ? text(content, 0, content.length) : paxPath(content);
            return;
        }
        var name = longName.isEmpty() ? text(header, 0, 100) : longName;
        longName = "";
        if ((kind == '0' || kind == 0) && wanted(name) && files.put(name, content) != null) {
            // two files of one name are two packages for two readers
            throw new IOException("the same file twice");
        }
    }

    /// The `path` of a POSIX extended header (records of `LENGTH KEY=VALUE`), or nothing.
    private static String paxPath(byte[] records) {
        var lines = new String(records, StandardCharsets.UTF_8).split("\n", -1);
        return Arrays.stream(lines)
                .filter(line -> line.matches("[0-9]{1,6} path=.*"))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElse("");
    }

    /// Only resources lie directly in `package/`; sub-folders hold examples and tooling.
    private static boolean wanted(String name) {
        return name.matches("package/[A-Za-z0-9._+-]{1,150}\\.json") && !name.endsWith(".index.json");
    }

    private static void checkSum(byte[] header) throws IOException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != octal(header, 148, 8)) {
            throw new IOException("a damaged header");
        }
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        var digits = text(header, from, length).strip();
        if (!digits.matches("[0-7]{1,12}")) {
            throw new IOException("a damaged number");
        }
        return Long.parseLong(digits, 8);
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private byte[] exactly(int size) throws IOException {
        total += size;
        if (total > MAX_TOTAL) {
            throw new IOException("more than " + MAX_TOTAL + " bytes");
        }
        var bytes = in.readNBytes(size);
        if (bytes.length != size) {
            throw new EOFException("cut off");
        }
        return bytes;
    }

    private void drain() throws IOException {
        var buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            total += n;
            if (total > MAX_TOTAL) {
                throw new IOException("more than " + MAX_TOTAL + " bytes");
            }
        }
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
