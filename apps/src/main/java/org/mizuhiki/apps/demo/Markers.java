package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.List;
import org.mizuhiki.apps.demo.thief.MarkerSearch;
import org.mizuhiki.house.Bytes;

/// What no server may hold: words and files of a letter, and the private keys of people.
///
/// @param words what the letter says
record Markers(ReferralCase1.Papers papers, List<String> words, List<Cast.Player> people) {
    private static final int SAMPLE = 48;

    MarkerSearch search() throws IOException {
        var search = new MarkerSearch();
        for (int i = 0; i < words.size(); i++) {
            search.add("words " + i, words.get(i));
        }
        for (var file : papers.files()) {
            search.add("content of " + file.getFileName(), middle(file));
        }
        for (var player : people) {
            player.device().opener().seed().lend(seed -> {
                search.add("X-Wing seed of " + player.id(), Bytes.of(seed));
                return seed.length;
            });
            search.add("signing key of " + player.id(), scalar((ECPrivateKey)
                    player.device().author().key()));
        }
        return search;
    }

    /// Some bytes that occur nowhere else: from the middle of the file, where no format's header lies.
    private static Bytes middle(Path file) throws IOException {
        var content = Files.readAllBytes(file);
        int from = Math.max(0, content.length / 2 - SAMPLE / 2);
        return Bytes.of(Arrays.copyOfRange(content, from, Math.min(content.length, from + SAMPLE)));
    }

    private static Bytes scalar(ECPrivateKey key) {
        var bytes = key.getS().toByteArray();
        return Bytes.of(Arrays.copyOfRange(bytes, bytes.length - Math.min(31, bytes.length), bytes.length));
    }
}
