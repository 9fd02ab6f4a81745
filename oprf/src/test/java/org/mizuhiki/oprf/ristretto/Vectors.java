package org.mizuhiki.oprf.ristretto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// The vectors of RFC 9496, as lines of a kind and its values.
final class Vectors {
    private Vectors() {}

    static List<List<String>> of(String kind) {
        try (var in = Objects.requireNonNull(Vectors.class.getResourceAsStream("rfc9496.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> l.startsWith(kind + " "))
                    .map(l -> List.of(l.substring(kind.length() + 1).split(" ")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static String hex(byte... bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
