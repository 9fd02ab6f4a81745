package org.mizuhiki.apps.demo.thief;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mizuhiki.house.Bytes;

/// Searches every file below some folders for plaintext and keys that must not be there, in every spelling
/// that programs give bytes: raw, UTF-16, hexadecimal, base64 at each of its three offsets, JSON escapes.
/// It cannot see into compressed or encrypted data: what is sealed is meant not to be found.
public final class MarkerSearch {
    private static final int CHUNK = 1 << 20;
    private static final int SHORTEST = 8;

    private final Set<String> names = new LinkedHashSet<>();

    /// Whether any spelling begins with these two bytes: most places of a dump are passed over by this.
    private final boolean[] begins = new boolean[1 << 16];

    private final Map<Integer, List<Spelling>> beginning = new HashMap<>();
    private int longest;

    private static final class Spelling {
        private final String name;
        private final byte[] bytes;

        private Spelling(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }
    }

    /// @param name what is reported when it is found; never the marker itself
    public void add(String name, Bytes marker) {
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
    public void add(String name, String text) {
        add(name, Bytes.utf8(text));
        var escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(c < 128 ? "" + (char) c : "\\u%04x".formatted(c)));
        add(
                name + " (UTF-16)",
                List.of(text.getBytes(StandardCharsets.UTF_16LE), text.getBytes(StandardCharsets.UTF_16BE)));
        add(name + " (JSON)", List.of(ascii(escaped.toString())));
    }

    private void add(String name, List<byte[]> all) {
        names.add(name);
        for (var bytes : all) {
            if (bytes.length < SHORTEST) {
                throw new IllegalArgumentException(name + " is too short: chance would find it");
            }
            longest = Math.max(longest, bytes.length);
            int start = start(bytes, 0);
            begins[start] = true;
            beginning.computeIfAbsent(start, _ -> new ArrayList<>()).add(new Spelling(name, bytes));
        }
    }

    private static int start(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    /// @param found `marker in file`, empty when all is well
    /// @param files how many were read
    /// @param bytes how many were read
    public record Findings(List<String> found, long files, long bytes) {}

    /// How many markers are looked for.
    public int size() {
        return names.size();
    }

    /// @param folders of which every file is read; a file stands for itself
    public Findings search(List<Path> folders) throws IOException {
        var found = new TreeSet<String>();
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
        return new Findings(List.copyOf(found), files, bytes);
    }

    /// Reads in chunks that overlap by the longest marker, so that none hides across a border.
    private long searchFile(Path file, Set<String> found) throws IOException {
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

    private void look(byte[] window, int length, Path file, Set<String> found) {
        for (int i = 0; i < length - 1; i++) {
            int start = start(window, i);
            if (!begins[start]) {
                continue;
            }
            for (var one : beginning.getOrDefault(start, List.of())) {
                int end = i + one.bytes.length;
                if (end <= length && java.util.Arrays.equals(window, i, end, one.bytes, 0, one.bytes.length)) {
                    found.add(one.name + " in " + file);
                }
            }
        }
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
