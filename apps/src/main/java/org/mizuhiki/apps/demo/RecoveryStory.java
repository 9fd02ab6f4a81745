package org.mizuhiki.apps.demo;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.account.Guardians;
import org.mizuhiki.account.PersonAccount;
import org.mizuhiki.account.RecoveryCode;
import org.mizuhiki.account.Seen;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Recoveries;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;

/// A patient who needs only an ID and a password, forgets it, and in the end loses everything: each time
/// the letters are back.
final class RecoveryStory {
    static final String NAME = "recovery";
    private static final String FIRST = "the first password";
    private static final String SECOND = "the second password";
    private static final String THIRD = "the third password";
    private static final String FOURTH = "the fourth password";

    /// What the patient set one after the other; no server may have seen them.
    static final List<String> PASSWORDS = List.of(FIRST, SECOND, THIRD, FOURTH);

    private static final Duration FOLLOW_UP = Duration.ofDays(90);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final Telling telling;
    private final Place place;
    private final Cast cast;
    private final Casting casting;
    private final Clock clock;
    private final SecureRandom die;
    private int devices;

    RecoveryStory(Telling telling, Place place, Cast cast, Casting casting, Clock clock, SecureRandom die) {
        this.telling = telling;
        this.place = place;
        this.cast = cast;
        this.casting = casting;
        this.clock = clock;
        this.die = die;
    }

    void tell(ReferralCase1.Papers papers, LetterForm form) throws Exception {
        telling.chapter("鍵を失くしたとき", "Keys that were lost");
        var patient =
                casting.enrol("recovery-patient", place.operate("gateway-a", "ticket", Map.of("kind", "patient")));
        var letter = letter(patient, papers, form);
        var account = account(patient);
        secondDevice(patient.id(), letter);
        forgotten(account, letter);
        guarded(account, letter);
        lost(patient.id(), letter);
        account.close();
    }

    private Digest letter(Cast.Player patient, ReferralCase1.Papers papers, LetterForm form) throws Exception {
        return telling.step(NAME, "1-letter", "1. 患者さんに文書が届く", "A letter comes to the patient", () -> {
            cast.doctorA().pocket().relations().propose(patient.id(), FOLLOW_UP);
            patient.pocket().relations().accept(cast.doctorA().id());
            var written = cast.doctorA()
                    .pocket()
                    .post()
                    .write(new NewLetter(
                            patient.id(), papers.document(), papers.files(), form, AttachmentReading::check));
            if (!(written instanceof Written.Drafted(var draft, var _))) {
                throw new IllegalStateException("the sample is a letter");
            }
            var sent = cast.doctorA().pocket().post().send(draft.id());
            return new Told<>(sent.letter(), "letter " + sent.letter());
        });
    }

    private Accounts accounts(Optional<Device> device) {
        return Region.accounts(place.region(), device, clock, die);
    }

    private PersonAccount account(Cast.Player patient) throws Exception {
        return telling.step(NAME, "2-account", "2. パスワードを決める", "The patient sets a password", () -> {
            var passphrase =
                    Files.readString(patient.folder().resolve("passphrase")).strip();
            var account = DeviceAccount.create(
                    patient.device(),
                    accounts(Optional.of(patient.device())),
                    secret(FIRST),
                    secret(passphrase),
                    false);
            return new Told<>(
                    account, patient.id() + ", slots: " + account.ways().size());
        });
    }

    private void secondDevice(PersonId id, Digest letter) throws Exception {
        telling.step(
                NAME,
                "3-second-device",
                "3. 新しい端末で、IDとパスワードだけで文書を開く",
                "ID and password open it on a fresh device",
                () -> {
                    try (var in = accounts(Optional.empty()).logIn(id, secret(FIRST), Seen.NOTHING)) {
                        return opened(in, letter);
                    }
                });
    }

    private void forgotten(PersonAccount account, Digest letter) throws Exception {
        telling.step(
                NAME,
                "4-recovery-code",
                "4. パスワードを忘れても、紙の復旧コードで新しく決められる",
                "Forgotten: the printed code sets another",
                () -> {
                    long start = System.nanoTime();
                    var printed = RecoveryCode.revealed(account.addRecoveryCode());
                    try (var code = RecoveryCode.read(secret(printed));
                            var in = accounts(Optional.empty()).enter(account.person(), code, Seen.NOTHING)) {
                        in.setPassword(secret(SECOND));
                        var opened = opened(in, letter);
                        long seconds =
                                Duration.ofNanos(System.nanoTime() - start).toSeconds();
                        return new Told<>("", opened.detail() + ", in " + seconds + " s");
                    }
                });
        refused(
                "login-failed",
                () -> accounts(Optional.empty())
                        .logIn(account.person(), secret(FIRST), Seen.NOTHING)
                        .close());
    }

    private void guarded(PersonAccount before, Digest letter) throws Exception {
        var id = before.person();
        var guardians = new Cast.Player[] {cast.doctorB(), cast.doctorC(), cast.otherPatient()};
        telling.step(NAME, "5-guardians", "5. 後見人3名を決める", "The patient names three guardians", () -> {
            try (var in = accounts(Optional.empty()).logIn(id, secret(SECOND), Seen.NOTHING)) {
                var keys = new TreeMap<PersonId, Reader.XWing>();
                for (var guardian : guardians) {
                    keys.put(
                            guardian.id(),
                            cast.doctorA().pocket().people().find(guardian.id()).reader());
                }
                in.addGuardians(keys);
                return new Told<>("", "2 of " + keys.size());
            }
        });
        telling.step(NAME, "6-veto", "6. 本人でない申し込みは、本人が取り消せる", "A recovery that is not the patient's is vetoed", () -> {
            var thief = new Seals(die).newReaderKey();
            var begun = accounts(Optional.empty()).askGuardians(id, thief);
            try (var in = accounts(Optional.empty()).logIn(id, secret(SECOND), Seen.NOTHING)) {
                in.veto();
            }
            var code = refused(
                    "recovery-over",
                    () -> accounts(Optional.empty())
                            .recover(id, begun.id(), begun.secret(), thief, identity(), Seen.NOTHING)
                            .close());
            return new Told<>("", code);
        });
        telling.step(NAME, "7-two-of-three", "7. 後見人2名の承認と待ち時間の後に開く", "Two guardians and the delay open it", () -> {
            var key = new Seals(die).newReaderKey();
            var begun = accounts(Optional.empty()).askGuardians(id, key);
            var code = Guardians.code(id, key.publicKey());
            approve(guardians[0], begun, code);
            refused(
                    "recovery-waiting",
                    () -> accounts(Optional.empty())
                            .recover(id, begun.id(), begun.secret(), key, identity(), Seen.NOTHING)
                            .close());
            approve(guardians[2], begun, code);
            awaitOpen(begun);
            try (var in =
                    accounts(Optional.empty()).recover(id, begun.id(), begun.secret(), key, identity(), Seen.NOTHING)) {
                in.setPassword(secret(THIRD));
                return opened(in, letter);
            }
        });
    }

    private Guardians.Identity identity() {
        return chain -> {
            try (var region = Region.connect(place.region(), Optional.empty(), clock, die)) {
                return DeviceAccount.guardians(region.region().validator(), clock)
                        .of(chain);
            }
        };
    }

    private void approve(Cast.Player guardian, Recoveries.Begun begun, String code) {
        var recoveries = accounts(Optional.of(guardian.device())).servers().recoveries();
        var asked = recoveries.asked(guardian.id()).stream()
                .filter(a -> a.id().equals(begun.id()))
                .findFirst()
                .orElseThrow();
        var author = guardian.device().author();
        recoveries.approve(
                guardian.id(),
                author.certificate(),
                Guardians.approve(asked, guardian.id(), code, guardian.device().opener(), author, new Seals(die)));
    }

    private void awaitOpen(Recoveries.Begun begun) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        var recoveries = accounts(Optional.empty()).servers().recoveries();
        while (recoveries.standing(begun.id(), begun.secret()).slot().isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the recovery does not open");
            }
            Thread.sleep(Duration.ofMillis(200));
        }
    }

    private void lost(PersonId id, Digest letter) throws Exception {
        var device = telling.step(
                NAME,
                "8-all-lost",
                "8. すべてを失い、窓口で同じIDに登録し直す",
                "All is lost: the counter enrols the same ID anew",
                () -> {
                    place.operate("gateway-a", "revoke", Map.of("id", id.value(), "reason", "key-compromise"));
                    var slip = place.operate("gateway-a", "ticket", Map.of("kind", "patient", "id", id.value()));
                    var again = casting.enrol("recovery-patient-again", slip);
                    var passphrase = Files.readString(again.folder().resolve("passphrase"))
                            .strip();
                    DeviceAccount.create(
                                    again.device(),
                                    accounts(Optional.of(again.device())),
                                    secret(FOURTH),
                                    secret(passphrase),
                                    true)
                            .close();
                    var code = refused(
                            "slot-swapped", () -> again.pocket().reading().open(letter, "own-record"));
                    return new Told<>(again, again.id() + ", old letters do not open: " + code);
                });
        telling.step(
                NAME, "9-sealed-again", "9. 医師が新しい鍵へ封緘し直し、文書がまた開く", "Doctor A seals the letter again; it opens", () -> {
                    var resealing =
                            Region.resealing(place.region(), cast.doctorA().device(), die);
                    var done = cast.doctorA().pocket().newKeys().reseal(resealing, Optional.of(id));
                    var read = device.pocket().reading().open(letter, "own-record");
                    return new Told<>(
                            "",
                            done.letters().size() + " letters, "
                                    + read.document().size() + " B read");
                });
    }

    /// On a folder of its own, as on another phone.
    private Told<String> opened(PersonAccount account, Digest letter) throws Exception {
        var folder = fresh();
        try (var anonymous = Region.connect(place.region(), Optional.empty(), clock, die);
                var device = DeviceAccount.arrive(
                        folder,
                        account,
                        secret("of this device"),
                        new Seals(die),
                        anonymous.region().validator(),
                        clock,
                        Optional.empty());
                var connection = Region.connect(place.region(), Optional.of(device), clock, die)) {
            var read = new Pocket(device, connection.region(), clock, die)
                    .reading()
                    .open(letter, "own-record");
            return new Told<>("", read.document().size() + " B read on device " + devices);
        }
    }

    private Path fresh() throws Exception {
        devices++;
        return Files.createDirectories(place.folder().resolve("people/recovery-device-" + devices));
    }

    /// What has to fail.
    private interface Attempt {
        void run() throws Exception;
    }

    private static String refused(String code, Attempt attempt) throws Exception {
        try {
            attempt.run();
        } catch (Refusal refusal) {
            if (refusal.code().equals(code)) {
                return code;
            }
            throw refusal;
        }
        throw new IllegalStateException("not refused: " + code);
    }

    private static Secret secret(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.UTF_8));
    }
}
