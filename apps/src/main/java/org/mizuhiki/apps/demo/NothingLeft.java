package org.mizuhiki.apps.demo;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.house.Bytes;

/// The claim that no operator can read anything, put to the proof: every file of every server, with every
/// table of every database written out as well, is searched for the letter's words, the image's pixels and
/// the people's private keys.
final class NothingLeft {
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
        var search = new Markers(papers, words, cast.all()).search();
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
}
