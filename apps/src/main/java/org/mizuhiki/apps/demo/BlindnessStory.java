package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.account.PersonAccount;
import org.mizuhiki.account.RecoveryCode;
import org.mizuhiki.account.Seen;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.demo.thief.Dump;
import org.mizuhiki.apps.demo.thief.Guessing;
import org.mizuhiki.apps.demo.thief.MarkerSearch;
import org.mizuhiki.apps.demo.thief.Rows;
import org.mizuhiki.apps.role.Folders;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.Slot;

/// A thief takes everything that the key server has, then everything that the store has, and finds neither
/// content nor key nor password; who takes both finds a weak password (docs/flows/blindness.md).
final class BlindnessStory {
    static final String NAME = "blindness";
    private static final Duration FOLLOW_UP = Duration.ofDays(90);
    private static final List<String> COMMON = List.of("password2026", "1234567890", "qwertyuiop", "mizuhiki2026");
    private static final int WORDS = 4;

    private final Telling telling;
    private final Processes processes;
    private final Cast cast;
    private final Casting casting;
    private final Clock clock;
    private final SecureRandom die;
    private final Place place;

    BlindnessStory(
            Telling telling,
            Place place,
            Processes processes,
            Cast cast,
            Casting casting,
            Clock clock,
            SecureRandom die) {
        this.telling = telling;
        this.processes = processes;
        this.cast = cast;
        this.casting = casting;
        this.clock = clock;
        this.die = die;
        this.place = place;
    }

    /// Whose secrets are looked for.
    ///
    /// @param code the recovery code as printed
    record Victim(
            Cast.Player player,
            String password,
            List<String> dictionary,
            PersonAccount account,
            String code,
            Digest letter) {}

    void tell(SamplePapers papers, LetterForm form) throws Exception {
        if (Dump.missing().isPresent()) {
            telling.cannot(NAME, Dump.missing().orElse(""));
            return;
        }
        telling.chapter("サーバーを丸ごと盗まれたとき", "A server is stolen with all that it has");
        var victim = victim(papers.papers(), form);
        var stolen = place.folder().resolve("stolen-" + Long.toHexString(die.nextLong()));
        var ownersOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectory(stolen, ownersOnly);
        try {
            var keys = dump("keys", "2-keys-dumped", "2. 鍵サーバーを丸ごと写し取る", "All of the key server is taken", stolen);
            var store = dump("store", "3-store-dumped", "3. 保管サーバーを丸ごと写し取る", "All of the store is taken", stolen);
            var guessing = new Guessing(victim.player().id(), victim.dictionary(), die);
            var ofKeys = guessing.ofKeys(keys.rows());
            var ofStore = guessing.ofStore(store.rows());
            try (var contentKey = contentKey(victim, keys)) {
                found("4-search-works", keys, List.of(ofKeys.share(), ofKeys.serverKey()));
                found("4-search-works-at-the-store", store, ofStore.shares());
                nothing(
                        "5-keys-alone",
                        "5. 鍵サーバーだけでは、内容も鍵もパスワードも見つからない",
                        "The key server alone holds no content, no key, no password",
                        keys,
                        secrets(papers, victim, contentKey, ofStore.shares()));
                var ofOther = List.of(ofKeys.share(), ofKeys.serverKey(), ofKeys.record());
                nothing(
                        "6-store-alone",
                        "6. 保管サーバーだけでも見つからない",
                        "Nor does the store alone",
                        store,
                        secrets(papers, victim, contentKey, ofOther));
            }
            guess(guessing, ofKeys, ofStore, victim);
        } finally {
            victim.account().close();
            Folders.clear(stolen);
        }
    }

    /// Somebody with a weak password, whose account and letter both servers have just served.
    private Victim victim(ReferralCase1.Papers papers, LetterForm form) throws Exception {
        return telling.step(
                NAME,
                "1-weak-password",
                "1. 弱いパスワードの患者さんが、別の端末からログインする",
                "A patient with a weak password logs in on another device",
                () -> {
                    var player = casting.enrol(
                            "blindness-patient", place.operate("gateway-a", "ticket", Map.of("kind", "patient")));
                    var letter = send(player, papers, form);
                    var dictionary = dictionary();
                    var password = dictionary.get(COMMON.size() + die.nextInt(WORDS));
                    var passphrase = Files.readString(player.folder().resolve("passphrase"))
                            .strip();
                    var accounts = Region.accounts(place.region(), Optional.of(player.device()), clock, die);
                    var account = DeviceAccount.create(
                            player.device(), accounts, secret(password), secret(passphrase), false);
                    var code = RecoveryCode.revealed(account.addRecoveryCode());
                    Region.accounts(place.region(), Optional.empty(), clock, die)
                            .logIn(player.id(), secret(password), Seen.NOTHING)
                            .close();
                    player.pocket().reading().open(letter, "own-record");
                    return new Told<>(
                            new Victim(player, password, dictionary, account, code, letter),
                            player.id() + ", one of " + dictionary.size() + " passwords that everybody tries");
                });
    }

    private Digest send(Cast.Player player, ReferralCase1.Papers papers, LetterForm form) {
        var doctor = cast.doctorA().pocket();
        doctor.relations().propose(player.id(), FOLLOW_UP);
        player.pocket().relations().accept(cast.doctorA().id());
        var letter = new NewLetter(player.id(), papers.document(), papers.files(), form, AttachmentReading::check);
        if (!(doctor.post().write(letter) instanceof Written.Drafted(var draft, var _))) {
            throw new IllegalStateException("the sample is a letter");
        }
        return doctor.post().send(draft.id()).letter();
    }

    /// The last ones nobody has looked for before: one that is found in a dump was the patient's.
    private List<String> dictionary() {
        var all = new ArrayList<>(COMMON);
        for (int i = 0; i < WORDS; i++) {
            all.add("さくらもち" + (10_000 + die.nextInt(90_000)));
        }
        return List.copyOf(all);
    }

    private Dump dump(String server, String step, String japanese, String english, Path stolen) throws Exception {
        return telling.step(NAME, step, japanese, english, () -> {
            var folder = Files.createDirectory(stolen.resolve(server)).toAbsolutePath();
            var rows = folder.resolve("backup");
            place.operate(server, "backup", Map.of("to", rows.toString()));
            var log = place.folder().resolve("logs").resolve(server + ".log");
            var disk = List.of(place.folder().resolve(server), log);
            var dump = Dump.of(processes.pid(server), disk, rows, folder);
            return new Told<>(
                    dump,
                    "tables, files, heap %.1f MB, memory %.1f MB"
                            .formatted(Files.size(dump.heap()) / 1e6, Files.size(dump.memory()) / 1e6));
        });
    }

    /// With the patient's own key: what the thief is looking for.
    private Secret contentKey(Victim victim, Dump keys) throws IOException {
        var opener = victim.player().device().opener();
        var slot = Rows.of(keys.rows(), "slots")
                .with(2, victim.letter().hex())
                .with(3, opener.keyId().hex())
                .bytes(4)
                .getFirst();
        return new Seals(die).unwrap(new Slot(opener.keyId(), slot), opener);
    }

    /// What the thief of one server looks for.
    ///
    /// @param others what the other server has of the password
    private MarkerSearch secrets(SamplePapers papers, Victim victim, Secret contentKey, List<Bytes> others)
            throws IOException {
        var people = new ArrayList<>(cast.all());
        people.add(victim.player());
        var search = new Markers(papers.papers(), papers.words(), people).search();
        search.add("password", victim.password());
        search.add("recovery code", victim.code());
        for (int i = 0; i < RecoveryStory.PASSWORDS.size(); i++) {
            search.add("password of the story recovery " + i, RecoveryStory.PASSWORDS.get(i));
        }
        Bytes master = victim.account().master().key().lend(Bytes::of);
        Bytes content = contentKey.lend(Bytes::of);
        search.add("master key", master);
        search.add("content key", content);
        for (int i = 0; i < others.size(); i++) {
            search.add("the other server's half " + i, others.get(i));
        }
        return search;
    }

    /// A search that finds nothing proves nothing unless it finds what is there: the server's own half in
    /// its tables, the name of its folder in heap and memory.
    private void found(String step, Dump dump, List<Bytes> own) throws Exception {
        telling.step(NAME, step, "4. 探し方が正しいことを確かめる（あるはずのものが見つかる）", "The search finds what must be there", () -> {
            var tables = new MarkerSearch();
            for (int i = 0; i < own.size(); i++) {
                tables.add("own half " + i, own.get(i));
            }
            var live = new MarkerSearch();
            live.add("own folder", place.folder().toAbsolutePath().toString());
            var inTables = tables.search(List.of(dump.rows())).found();
            var inHeap = live.search(List.of(dump.heap())).found();
            var inMemory = live.search(List.of(dump.memory())).found();
            if (inTables.size() < own.size() || inHeap.isEmpty() || inMemory.isEmpty()) {
                throw new IllegalStateException(
                        "not found: tables " + inTables + ", heap " + inHeap + ", memory " + inMemory);
            }
            return new Told<>("", own.size() + " in the tables, the folder's name in heap and memory");
        });
    }

    private void nothing(String step, String japanese, String english, Dump dump, MarkerSearch search)
            throws Exception {
        telling.step(NAME, step, japanese, english, () -> {
            var findings = search.search(dump.all());
            if (!findings.found().isEmpty()) {
                throw new IllegalStateException("found: " + findings.found());
            }
            return new Told<>(
                    "",
                    "%d files, %.1f MB, %d markers, nothing found"
                            .formatted(findings.files(), findings.bytes() / 1e6, search.size()));
        });
    }

    private void guess(Guessing guessing, Guessing.OfKeys ofKeys, Guessing.OfStore ofStore, Victim victim)
            throws Exception {
        telling.step(
                NAME,
                "7-keys-guesses",
                "7. 鍵サーバーだけでは、正しいパスワードを試しても当たりと分からない",
                "With the key server alone the right password is tried and not recognised",
                () -> none(guessing.keysAlone(ofKeys)));
        telling.step(
                NAME,
                "8-store-guesses",
                "8. 保管サーバーだけでも同じ（照合用の記録を渡しても）",
                "Nor with the store alone, even when it is given OPAQUE's record and key",
                () -> none(guessing.storeAlone(ofStore, ofKeys)));
        telling.step(
                NAME,
                "9-both-guesses",
                "9. 両方を盗まれると弱いパスワードは見つかる（これが限界）",
                "With both the weak password is found: this is the limit",
                () -> {
                    var tried = guessing.both(ofKeys, ofStore);
                    if (!tried.found().equals(Optional.of(victim.password()))) {
                        throw new IllegalStateException("the thief's tools do not work: steps 7 and 8 prove nothing");
                    }
                    return new Told<>("", "found at guess " + tried.attempts() + "; a strong password would not be");
                });
    }

    private static Told<String> none(Guessing.Tried tried) {
        if (tried.found().isPresent()) {
            throw new IllegalStateException("a guess was confirmed");
        }
        return new Told<>("", tried.attempts() + " guesses, none confirmed");
    }

    private static Secret secret(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.UTF_8));
    }
}
