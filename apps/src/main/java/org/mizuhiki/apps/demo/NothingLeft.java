package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.house.Bytes;

/// The claim that no operator can read anything, put to the proof: every file of every server, with every
/// table of every database written out as well, is searched for the letter's words, the image's pixels and
/// the people's private keys.
final class NothingLeft {
    private static final int SAMPLE = 48;

    private final Telling telling;
    private final OneMachine machine;
    private final Cast cast;

    NothingLeft(Telling telling, OneMachine machine, Cast cast) {
        this.telling = telling;
        this.machine = machine;
        this.cast = cast;
    }

    /// @param words what the letter says that must not be found
    void prove(ReferralCase1.Papers papers, List<String> words) throws Exception {
        var search = markers(papers, words);
        telling.step(
                ReferralCase1.NAME,
                "proof-search-works",
                "探し方が正しいことを確かめる（仕込んだ印が見つかる）",
                "The search finds what is planted",
                () -> {
                    var planted = Files.createTempDirectory("planted");
                    try {
                        var file = Files.writeString(
                                planted.resolve("table"),
                                "x"
                                        + java.util.Base64.getEncoder()
                                                .encodeToString(Bytes.utf8("  " + words.getFirst())
                                                        .toArray()));
                        var found = search.search(List.of(planted)).found();
                        Files.delete(file);
                        if (found.isEmpty()) {
                            throw new IllegalStateException("the planted marker was not found");
                        }
                        return new Told<>("", found.size() + " planted, found");
                    } finally {
                        Files.deleteIfExists(planted);
                    }
                });
        telling.step(
                ReferralCase1.NAME,
                "proof-nothing-left",
                "全サーバーの表・ファイル・ログに平文も秘密鍵もない",
                "No plaintext and no private key in any table, file or log of any server",
                () -> {
                    var dumps = machine.writeOutTables();
                    var places = new ArrayList<>(machine.serverFolders());
                    places.add(dumps);
                    var findings = search.search(places);
                    if (!findings.found().isEmpty()) {
                        throw new IllegalStateException("found: " + findings.found());
                    }
                    return new Told<>(
                            "",
                            "%d files, %.1f MB, %d markers"
                                    .formatted(findings.files(), findings.bytes() / 1e6, search.size()));
                });
    }

    private MarkerSearch markers(ReferralCase1.Papers papers, List<String> words) throws IOException {
        var search = new MarkerSearch();
        for (int i = 0; i < words.size(); i++) {
            search.add("words " + i, words.get(i));
        }
        for (var file : papers.files()) {
            search.add("content of " + file.getFileName(), middle(file));
        }
        for (var player : cast.all()) {
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
        return Bytes.of(java.util.Arrays.copyOfRange(content, from, Math.min(content.length, from + SAMPLE)));
    }

    private static Bytes scalar(ECPrivateKey key) {
        var bytes = key.getS().toByteArray();
        return Bytes.of(java.util.Arrays.copyOfRange(bytes, bytes.length - Math.min(31, bytes.length), bytes.length));
    }
}
