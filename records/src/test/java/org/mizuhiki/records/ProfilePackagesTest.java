package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.bounded.PackageArchive;

@Tag("V11")
class ProfilePackagesTest {
    @TempDir
    Path folder;

    @Test
    void anEmptyOrMissingFolderIsRefusedAtOnce() {
        assertEquals("packages-folder", refusal(folder));
        assertEquals("packages-folder", refusal(folder.resolve("missing")));
    }

    @Test
    void aBrokenPackageIsRefused() throws IOException {
        Files.write(folder.resolve("a.tgz"), new byte[] {1, 2, 3});
        assertEquals("package-broken", refusal(folder));
        var whole = tgz(entry("package/package.json", "{}", '0'));
        Files.write(folder.resolve("a.tgz"), Arrays.copyOf(whole, whole.length - 9));
        assertEquals("package-broken", refusal(folder));
    }

    @Test
    void aPackageOfAnotherFhirIsRefused() throws IOException {
        Files.write(folder.resolve("a.tgz"), tgz(entry("package/package.json", "{\"fhirVersions\":[\"5.0.0\"]}", '0')));
        assertEquals("package-unknown", refusal(folder));
        Files.write(folder.resolve("a.tgz"), tgz(entry("package/x.json", "{}", '0')));
        assertEquals("package-unknown", refusal(folder));
    }

    @Test
    void packagesWithoutTheReferralProfileAreRefused() throws IOException {
        Files.write(folder.resolve("a.tgz"), tgz(entry("package/package.json", "{\"fhirVersions\":[\"4.0.1\"]}", '0')));
        assertEquals("packages-incomplete", refusal(folder));
    }

    @Test
    void entriesThatPointElsewhereOrAreLinksAreNotTaken() throws IOException {
        var files = PackageArchive.read(new ByteArrayInputStream(tgz(
                entry("../../etc/cron.d/x.json", "{}", '0'),
                entry("/etc/x.json", "{}", '0'),
                entry("package/../x.json", "{}", '0'),
                entry("package/link.json", "", '2'),
                entry("package/good.json", "{\"a\":1}", '0'))));
        assertEquals(Set.of("package/good.json"), files.keySet());
        assertArrayEquals("{\"a\":1}".getBytes(StandardCharsets.UTF_8), files.get("package/good.json"));
    }

    @Test
    void longNamesOfBothKindsAreRead() throws IOException {
        var name = "package/" + "n".repeat(110) + ".json";
        var pax = "%d path=%s\n".formatted(name.length() + 10, name);
        for (var extra : new byte[][] {entry("././@LongLink", name + "\0", 'L'), entry("pax", pax, 'x')}) {
            var files =
                    PackageArchive.read(new ByteArrayInputStream(tgz(extra, entry(name.substring(0, 99), "{}", '0'))));
            assertEquals(Set.of(name), files.keySet());
        }
    }

    @Test
    void aFileTwiceIsRefused() {
        var twice = tgz(entry("package/a.json", "{}", '0'), entry("package/a.json", "[]", '0'));
        assertThrows(IOException.class, () -> PackageArchive.read(new ByteArrayInputStream(twice)));
    }

    @Test
    void aCompressionBombEndsEarly() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(entry("package/a.json", "{}", '0'));
            gzip.write(new byte[1024]);
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 260; i++) {
                gzip.write(zeros);
            }
        }
        var failure =
                assertThrows(IOException.class, () -> PackageArchive.read(new ByteArrayInputStream(out.toByteArray())));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("more than"));
    }

    @Test
    void noDamagedBitChangesWhatIsRead() throws IOException {
        var good = tgz(entry("package/a.json", "{\"resourceType\":\"ValueSet\"}", '0'));
        var content = PackageArchive.read(new ByteArrayInputStream(good)).get("package/a.json");
        int refused = 0;
        for (int i = 0; i < good.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                var damaged = good.clone();
                damaged[i] ^= (byte) (1 << bit);
                try {
                    // bits that carry nothing (gzip's time, deflate's padding) may go unnoticed, content may not
                    var read = PackageArchive.read(new ByteArrayInputStream(damaged));
                    assertArrayEquals(content, read.get("package/a.json"));
                } catch (IOException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > good.length * 6, refused + " of " + good.length * 8);
    }

    private static String refusal(Path folder) {
        return assertThrows(Refusal.class, () -> {
                    try (var validator = ProfileValidator.over(folder)) {
                        validator.warm();
                    }
                })
                .code();
    }

    static byte[] tgz(byte[]... entries) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            for (var entry : entries) {
                gzip.write(entry);
            }
            gzip.write(new byte[1024]);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return out.toByteArray();
    }

    /// A ustar header (POSIX.1-1988) and its content in blocks of 512 bytes.
    static byte[] entry(String name, String content, char kind) {
        var body = content.getBytes(StandardCharsets.UTF_8);
        var entry = new byte[512 + (body.length + 511) / 512 * 512];
        put(entry, 0, name);
        put(entry, 124, "%011o".formatted(body.length));
        put(entry, 148, "        ");
        entry[156] = (byte) kind;
        put(entry, 257, "ustar\00000");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += entry[i] & 0xff;
        }
        put(entry, 148, "%06o\0 ".formatted(sum));
        System.arraycopy(body, 0, entry, 512, body.length);
        return entry;
    }

    private static void put(byte[] entry, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, entry, at, Math.min(bytes.length, 155));
    }
}
