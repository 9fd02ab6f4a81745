package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.apps.browser.Chromium;
import org.mizuhiki.apps.browser.Tab;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.role.Folders;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterCheck;

/// Referral case 1 once more, by clicking in a browser: nobody has a program but the pages.
final class PortalStory {
    private final Telling telling;
    private final Doors doors;
    private final Cast cast;
    private final ReferralCase1.Papers papers;
    private final PortalDoor patient;

    /// How somebody gets an account.
    interface Doors {
        PortalDoor of(Cast.Player person) throws Exception;
    }

    PortalStory(Telling telling, Doors doors, Cast cast, ReferralCase1.Papers papers, PortalDoor patient) {
        this.telling = telling;
        this.doors = doors;
        this.cast = cast;
        this.papers = papers;
        this.patient = patient;
    }

    void tell() throws Exception {
        telling.chapter("画面だけで紹介する", "A referral by clicking alone");
        var doctorA = password("2-doctor-a", "医師Aがパスワードを決める", "Doctor A sets a password", cast.doctorA());
        var doctorB = password("3-doctor-b", "医師Bがパスワードを決める", "Doctor B sets a password", cast.doctorB());
        var folder = Files.createTempDirectory("mizuhiki-browser");
        try (var browser = Chromium.start(folder)) {
            relation(browser, doctorA);
            var letter = send(browser, doctorA, doctorB);
            inThePocket(browser, letter);
            opened(browser, doctorB, letter);
            seen(browser, letter);
            sameOnADevice(letter);
        } finally {
            clear(folder);
        }
    }

    private static void clear(Path folder) {
        try {
            Folders.clear(folder);
        } catch (IOException e) {
            System.err.println("cannot clear " + folder + ": " + e);
        }
    }

    private PortalDoor password(String step, String japanese, String english, Cast.Player doctor) throws Exception {
        return telling.step(PortalDoor.NAME, step, japanese, english, () -> {
            var open = doors.of(doctor);
            return new Told<>(open, open.person().value());
        });
    }

    /// Logged in, in Japanese, whatever the machine speaks.
    static Tab enter(Chromium browser, PortalDoor door) {
        var tab = browser.open(door.page());
        tab.headed("");
        if (!tab.text("h1").equals("ログイン")) {
            tab.click("日本語");
        }
        tab.fill("#id", door.person().value());
        tab.fill("#password", door.password());
        tab.click("ログイン");
        return tab;
    }

    private void relation(Chromium browser, PortalDoor doctorA) throws Exception {
        telling.step(
                PortalDoor.NAME,
                "4-relation",
                "医師Aが画面で診療関係を申し出て、患者さんが端末で承認する",
                "Doctor A proposes a care relation by clicking; the patient accepts",
                () -> {
                    try (var tab = enter(browser, doctorA)) {
                        tab.click("診療関係");
                        tab.headed("診療関係");
                        tab.fill("#f-patient", cast.patient().id().value());
                        tab.click("診療関係を申し出る");
                        tab.shows("申し出ました");
                    }
                    cast.patient().pocket().relations().accept(cast.doctorA().id());
                    return new Told<>("", cast.patient().id().value());
                });
    }

    private Digest send(Chromium browser, PortalDoor doctorA, PortalDoor doctorB) throws Exception {
        return telling.step(
                PortalDoor.NAME,
                "5-written-and-sent",
                "医師Aが紹介状を書き、何が起きるかを見て、署名・封緘・横認証を一度に行う",
                "Doctor A writes, sees what will happen, then signs, seals and grants in one action",
                () -> {
                    var before = new HashSet<>(sent());
                    try (var tab = enter(browser, doctorA)) {
                        fill(tab, cast.patient().id());
                        tab.files("#files", papers.files());
                        tab.shows(papers.files().getFirst().getFileName().toString());
                        tab.click("送る前に、何が起きるかを見る");
                        tab.headed("送ると起きること");
                        tab.shows(doctorB.person().value());
                        tab.click("署名して封をして送る");
                        tab.headed("送りました");
                        var fresh = new HashSet<>(sent());
                        fresh.removeAll(before);
                        expect(fresh.size() == 1, "exactly one letter was sent");
                        return new Told<>(
                                fresh.iterator().next(),
                                "letter " + fresh.iterator().next() + "; " + tab.text(".sealed"));
                    }
                });
    }

    private Set<Digest> sent() {
        return cast.doctorA().pocket().post().sent().stream()
                .map(LetterSealed::letter)
                .collect(Collectors.toSet());
    }

    /// Everything but attachments.
    static void fill(Tab tab, PersonId patient) {
        tab.click("紹介状を書く");
        tab.headed("紹介状を書く");
        tab.fill("#f-patient", patient.value());
        tab.fill("#f-family", "渡瀬");
        tab.fill("#f-givenName", "いろは");
        tab.fill("#f-birthDate", "1966-06-12");
        tab.fill("#sex", "female");
        tab.fill("#f-number", "0204233");
        tab.fill("#reader", "あわじ");
        tab.click("探す");
        tab.click("この医師に送る: 結び市立あわじ病院 雪代 環");
        tab.shows("鍵は台帳で確かめました");
        tab.fill("#template", "精査のお願い");
        tab.fill("#f-problem", "狭心症");
        tab.fill("#f-presentIllness", "坂道で胸が締め付けられる。");
    }

    private void inThePocket(Chromium browser, Digest letter) throws Exception {
        telling.step(PortalDoor.NAME, "6-in-the-pocket", "患者さんの画面に届いている", "It is in the patient's pocket", () -> {
            try (var tab = enter(browser, patient)) {
                tab.headed("あなたの文書");
                tab.clickOn("a[href='#/letter/" + letter.hex() + "']");
                tab.shows("坂道で胸が締め付けられる");
                return new Told<>("", tab.text("h1"));
            }
        });
    }

    private void opened(Chromium browser, PortalDoor doctorB, Digest letter) throws Exception {
        telling.step(
                PortalDoor.NAME,
                "7-opened-by-b",
                "医師Bが画面で開く（署名・時刻・台帳・規則を画面の中で確かめる）",
                "Doctor B opens it in a page, which checks signature, time, ledger and rules",
                () -> {
                    try (var tab = enter(browser, doctorB)) {
                        tab.headed("届いた紹介状");
                        tab.clickOn("a[href='#/opened/" + letter.hex() + "']");
                        tab.click("診療のために開く");
                        tab.shows("坂道で胸が締め付けられる");
                        tab.shows("確かめたこと");
                        return new Told<>("", tab.text(".holds li"));
                    }
                });
    }

    private void seen(Chromium browser, Digest letter) throws Exception {
        telling.step(
                PortalDoor.NAME,
                "8-patient-sees",
                "患者さんが、誰がいつ開いたかを見て、証明を自分で確かめる",
                "The patient sees who opened it and when, and checks the proof",
                () -> {
                    try (var tab = enter(browser, patient)) {
                        tab.headed("あなたの文書");
                        tab.clickOn("a[href='#/trail/" + letter.hex() + "']");
                        tab.shows("雪代 環");
                        tab.clickOn("ol.openings button");
                        tab.shows("確かめられました");
                        return new Told<>("", tab.text("ol.openings li dd"));
                    }
                });
    }

    /// What the pages made is what a device makes.
    private void sameOnADevice(Digest letter) throws Exception {
        telling.step(
                PortalDoor.NAME,
                "9-same-on-a-device",
                "医師Bの端末でも同じものが開き、全国共通の様式を満たし、添付は1ビットも違わない",
                "Doctor B's device opens the same: the national form, attachments bit for bit",
                () -> {
                    var reading = cast.doctorB().pocket().reading();
                    var read = reading.open(letter, "referral");
                    expect(
                            new DocumentRules().check(read.document()) instanceof LetterCheck.Accepted,
                            "the letter has the form");
                    var folder = Files.createDirectories(cast.doctorB().folder().resolve("by-page"));
                    reading.save(read, folder);
                    for (var file : papers.files()) {
                        expect(
                                Files.mismatch(file, folder.resolve(file.getFileName())) == -1,
                                file.getFileName() + " is bit-identical");
                    }
                    return new Told<>("", papers.files().size() + " files, bit-identical");
                });
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }
}
