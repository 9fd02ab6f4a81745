package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;

/// Searches every file below some folders for plaintext and keys that must not be there, in every spelling
/// that programs give bytes: raw, UTF-16, hexadecimal, base64 at each of its three offsets, JSON escapes.
/// It cannot see into compressed or encrypted data: what is sealed is meant not to be found.
final class MarkerSearch {
    private static final int CHUNK = 1 << 20;

    private final Map<String, List<byte[]>> spellings = new LinkedHashMap<>();
    private int longest;

    /// @param name what is reported when it is found; never the marker itself
    void add(String name, Bytes marker) {
        var raw = marker.toArray();
        var all = new ArrayList<byte[]>();
        all.add(raw);
        all.add(ascii(HexFormat.of().formatHex(raw)));
        all.add(ascii(HexFormat.of().withUpperCase().formatHex(raw)));
        for (int offset = 0; offset < 3; offset++) {
            all.add(ascii(base64(raw, offset, Base64.getEncoder())));
            all.add(ascii(base64(raw, offset, Base64.getUrlEncoder())));
        }
        add(name, all);
    }

    /// A text: also in UTF-16 and with JSON's escapes.
    void add(String name, String text) {
        add(name, Bytes.utf8(text));
        var escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(c < 128 ? "" + (char) c : "\\u%04x".formatted(c)));
        add(
                name + " (UTF-16)",
                List.of(text.getBytes(StandardCharsets.UTF_16LE), text.getBytes(StandardCharsets.UTF_16BE)));
        add(name + " (JSON)", List.of(ascii(escaped.toString())));
    }

    private void add(String name, List<byte[]> all) {
        spellings.computeIfAbsent(name, n -> new ArrayList<>()).addAll(all);
        all.forEach(s -> longest = Math.max(longest, s.length));
    }

    /// @param found `marker in file`, empty when all is well
    /// @param files how many were read
    /// @param bytes how many were read
    record Findings(List<String> found, long files, long bytes) {}

    /// How many markers are looked for.
    int size() {
        return spellings.size();
    }

    Findings search(List<Path> folders) throws IOException {
        var found = new ArrayList<String>();
        long files = 0;
        long bytes = 0;
        for (var folder : folders) {
            List<Path> all;
            try (var walk = Files.walk(folder)) {
                all = walk.filter(Files::isRegularFile).toList();
            }
            for (var file : all) {
                files++;
                bytes += searchFile(file, found);
            }
        }
        return new Findings(found, files, bytes);
    }

    /// Reads in chunks that overlap by the longest marker, so that none hides across a border.
    private long searchFile(Path file, List<String> found) throws IOException {
        long total = 0;
        try (var in = Files.newInputStream(file)) {
            var window = new byte[CHUNK + longest];
            int kept = 0;
            int read;
            while ((read = in.readNBytes(window, kept, CHUNK)) > 0) {
                total += read;
                look(window, kept + read, file, found);
                int keep = Math.min(longest, kept + read);
                System.arraycopy(window, kept + read - keep, window, 0, keep);
                kept = keep;
            }
        } catch (java.nio.file.NoSuchFileException vanished) {
            return total; // a temporary file of a running server
        }
        return total;
    }

    private void look(byte[] window, int length, Path file, List<String> found) {
        spellings.forEach((name, all) -> {
            for (var marker : all) {
                if (contains(window, length, marker)) {
                    var finding = name + " in " + file;
                    if (!found.contains(finding)) {
                        found.add(finding);
                    }
                }
            }
        });
    }

    private static boolean contains(byte[] window, int length, byte[] marker) {
        byte first = marker[0];
        for (int i = 0; i <= length - marker.length; i++) {
            if (window[i] == first && java.util.Arrays.equals(window, i, i + marker.length, marker, 0, marker.length)) {
                return true;
            }
        }
        return false;
    }

    /// The characters that encode only bytes of `raw` when it starts at this offset within a group of
    /// three.
    private static String base64(byte[] raw, int offset, Base64.Encoder encoder) {
        var shifted = new byte[raw.length + offset];
        System.arraycopy(raw, 0, shifted, offset, raw.length);
        var text = encoder.withoutPadding().encodeToString(shifted);
        int start = offset == 0 ? 0 : offset + 1;
        int end = shifted.length % 3 == 0 ? text.length() : text.length() - 1;
        return text.substring(start, end);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
