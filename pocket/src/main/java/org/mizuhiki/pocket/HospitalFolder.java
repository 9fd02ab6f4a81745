package org.mizuhiki.pocket;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.disk.Handed;
import org.mizuhiki.records.Finding;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Temporary;

/// Letters to and from a hospital system by a folder inside the institution, with the keys of one
/// professional's device. Whatever cuts a round off, the next one goes on: a letter's draft has its ID from
/// the digest of what was handed in, so it is neither lost nor sent twice. docs/flows/hospital.md.
public final class HospitalFolder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern UNFINISHED = Pattern.compile("\\..*|.*\\.(tmp|part)");

    /// This machine's own trouble: the letter is not at fault and stays where it is.
    private static final Set<String> OURS = Set.of(
            "device-disk",
            "device-busy",
            "device-clock",
            "certificate-expired",
            "certificate-revoked",
            "outbox-damaged",
            "draft-damaged",
            "errand-waits");

    private final Desk desk;
    private final Pocket pocket;
    private final Path folder;
    private final Function<ReadLetter, Bytes> print;
    private final Consumer<Event> told;

    /// What happened to a letter.
    ///
    /// @param name as the hospital system called it, or the letter's name if it came in
    /// @param code of the refusal; empty when there is none
    public record Event(Step step, String name, String code) {}

    /// How far a letter came.
    public enum Step {
        CLAIMED,
        COPIED,
        WRITTEN,
        SENT,
        GRANTED,
        ACKNOWLEDGED,
        /// The original lies in `done/`.
        DONE,
        REFUSED,
        /// Stays where it is, and is tried again in the next round.
        WAITS,
        OPENED,
        ARRIVED
    }

    /// `refused/NAME.json`: what happened, why, what to do.
    ///
    /// @param findings what is wrong with the document, if it is the document
    public record Refused(String name, String code, String japanese, String english, List<Found> findings) {
        public Refused {
            findings = List.copyOf(findings);
        }
    }

    /// What is wrong in a document, and what to do about it.
    ///
    /// @param path where, like FHIRPath; empty for the whole file
    public record Found(
            String severity,
            String code,
            String path,
            String japanese,
            String english,
            String remedyJapanese,
            String remedyEnglish) {
        static Found of(Finding f) {
            return new Found(
                    f.severity().name(),
                    f.code(),
                    f.path(),
                    f.japanese(),
                    f.english(),
                    f.remedyJapanese(),
                    f.remedyEnglish());
        }
    }

    HospitalFolder(Desk desk, Pocket pocket, Path folder, Function<ReadLetter, Bytes> print, Consumer<Event> told) {
        this.desk = desk;
        this.pocket = pocket;
        this.folder = folder;
        this.print = print;
        this.told = told;
    }

    /// Sends what lies in `out/`, all of it, one after the other.
    ///
    /// @param form what documents are held to
    /// @throws Refusal `hospital-folder-busy`, `device-disk`
    public void send(LetterForm form) {
        alone(() -> {
            for (var box : List.of("out", "ack", "done", "refused")) {
                Handed.folder(folder.resolve(box));
            }
            pocket.errands().push();
            for (var path : Disk.list(folder.resolve("out"))) {
                claim(path);
            }
            for (var path : Disk.list(claimed())) {
                handle(path, form);
            }
            Disk.write(looked(folder));
            return folder;
        });
    }

    /// Opens what came in for this professional, as anybody does, with a disclosure that the patient sees,
    /// and puts it into `in/`.
    ///
    /// @param purpose such as `treatment`
    public void receive(String purpose) {
        alone(() -> {
            var prepared = folder.resolve(".work").resolve("arriving");
            new Arrivals(desk, pocket, Handed.folder(folder.resolve("in")), prepared, print, told).all(purpose);
            return folder;
        });
    }

    /// Written after every round, so that others see whether anybody works on the folder.
    static Path looked(Path folder) {
        return folder.resolve(".work").resolve("looked");
    }

    private Path claimed() {
        return Disk.folder(folder.resolve(".work").resolve("claimed"));
    }

    /// From here on the hospital system can put nothing else under this name.
    private void claim(Path path) {
        var name = String.valueOf(path.getFileName());
        if (UNFINISHED.matcher(name).matches()) {
            return;
        }
        var target = claimed().resolve(NAME.matcher(name).matches() ? name : strange(name));
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return; // the one before it waits still
        }
        try {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            step(Step.CLAIMED, target.getFileName().toString());
        } catch (IOException e) {
            // one folder without the rights to move it holds up none of the others
            told.accept(new Event(
                    Step.WAITS, target.getFileName().toString(), Disk.failed(e).code()));
        }
    }

    /// A name that must not be repeated in messages or programs.
    private static String strange(String name) {
        return "name-" + Bytes.utf8(name).sha256().hex().substring(0, 16);
    }

    private void handle(Path path, LetterForm form) {
        var name = path.getFileName().toString();
        var copy = folder.resolve(".work").resolve("copy");
        try {
            var drop = Drop.take(path, copy);
            step(Step.COPIED, name);
            acknowledge(drop, sent(drop, form));
            step(Step.ACKNOWLEDGED, name);
            away(path, "done");
            step(Step.DONE, name);
        } catch (NotALetter refusal) {
            refuse(path, refusal.why, refusal.findings);
        } catch (Refusal refusal) {
            if (isOurs(refusal)) {
                told.accept(new Event(Step.WAITS, name, refusal.code()));
            } else {
                refuse(path, refusal, List.of());
            }
        } catch (RuntimeException fault) {
            // a fault of this program over one letter must not stop the others
            told.accept(new Event(Step.WAITS, name, "internal-error"));
        } finally {
            Disk.remove(copy); // no second copy of a letter stays
        }
    }

    private SentLetter sent(Drop drop, LetterForm form) {
        var id = drop.id();
        if (!pocket.post().knows(id)) {
            // a mistyped reader is told before the letter is sent
            drop.letter().to().forEach(to -> pocket.grants().mustBeProfessional(to.reader()));
        }
        if (!pocket.post().knows(id) && pocket.post().write(drop.toWrite(form), id) instanceof Written.NotALetter not) {
            throw new NotALetter(not.findings());
        }
        step(Step.WRITTEN, drop.name());
        try {
            return pocket.post().send(id);
        } catch (Refusal refusal) {
            if (pocket.post().waits(id)) {
                throw waits(refusal);
            }
            if (!isOurs(refusal)) {
                pocket.post().discard(id); // the hospital system keeps it, and may hand it in again
            }
            throw refusal;
        }
    }

    private void acknowledge(Drop drop, SentLetter sent) {
        step(Step.SENT, drop.name());
        var readers = new ArrayList<Acknowledgement.Granted>();
        for (var to : drop.letter().to()) {
            readers.add(granted(sent, to));
            step(Step.GRANTED, drop.name());
        }
        var proof = pocket.post().proof(sent.letter());
        var ack = new Acknowledgement(
                drop.name(),
                drop.digest(),
                sent.letter(),
                sent.owner(),
                sent.statement(),
                proof.statement().at(),
                Acknowledgement.Logged.of(proof),
                readers);
        Handed.write(
                folder.resolve("ack").resolve(drop.name() + ".json"),
                Json.write(ack).toArray());
    }

    private Acknowledgement.Granted granted(SentLetter sent, HospitalLetter.To to) {
        boolean waits = pocket.errands().waiting().stream()
                .filter(w -> w.kind().equals("grant"))
                .anyMatch(w -> w.about().get("letter").equals(sent.letter().hex())
                        && w.about().get("reader").equals(to.reader().value()));
        if (waits) {
            throw waits(Refusal.of("errand-waits", "送信箱に残っています", "It waits in the outbox"));
        }
        var given = pocket.grants().given(sent.letter(), to.reader());
        if (given.isPresent()) {
            return Acknowledgement.Granted.of(given.orElseThrow());
        }
        try {
            pocket.grants().give(sent.letter(), to.reader(), Duration.ofDays(to.days()), to.purpose());
        } catch (Refusal refusal) {
            if (isOurs(refusal)) {
                throw refusal;
            }
            return Acknowledgement.Granted.not(to.reader(), refusal); // the letter is sent all the same
        }
        return Acknowledgement.Granted.of(
                pocket.grants().given(sent.letter(), to.reader()).orElseThrow());
    }

    /// Servers have heard of it: only going on is left, whatever the refusal.
    private static Refusal waits(Refusal why) {
        return Temporary.is(why)
                ? why
                : Refusal.of(
                        "errand-waits",
                        "送信の途中で止まっています（" + why.code() + "）。「mizuhiki letter outbox」で確認してください",
                        "Sending stopped half-way (" + why.code() + "); look with: mizuhiki letter outbox",
                        why);
    }

    private void refuse(Path path, Refusal why, List<Finding> findings) {
        var name = path.getFileName().toString();
        Handed.write(
                folder.resolve("refused").resolve(name + ".json"),
                Json.write(new Refused(
                                name,
                                why.code(),
                                why.japanese(),
                                why.english(),
                                findings.stream().map(Found::of).toList()))
                        .toArray());
        away(path, "refused");
        told.accept(new Event(Step.REFUSED, name, why.code()));
    }

    /// Never over what lies there: an earlier letter of that name keeps its place.
    private void away(Path path, String box) {
        Disk.attempt(() -> {
            var name = path.getFileName().toString();
            var target = folder.resolve(box).resolve(name);
            for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
                target = folder.resolve(box).resolve(name + "~" + i);
            }
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            Disk.sync(folder.resolve(box));
            return target;
        });
    }

    /// Servers or this machine are at fault, not the letter.
    private static boolean isOurs(Refusal refusal) {
        return Temporary.is(refusal) || OURS.contains(refusal.code());
    }

    private void step(Step step, String name) {
        told.accept(new Event(step, name, ""));
    }

    private <T> T alone(Disk.Work<T> work) {
        return Disk.attempt(() -> {
            Handed.root(folder);
            var lock = Disk.folder(folder.resolve(".work")).resolve("lock");
            try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = channel.tryLock()) {
                if (held == null) {
                    throw busy();
                }
                return work.run();
            } catch (OverlappingFileLockException e) {
                throw busy();
            }
        });
    }

    private static Refusal busy() {
        return Refusal.of(
                "hospital-folder-busy",
                "この受け渡しフォルダーは別の処理が使用中です。1つだけ動かしてください",
                "Another process works on this folder; run only one");
    }

    /// The document or an attachment has not the form.
    private static final class NotALetter extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Refusal why = Refusal.of(
                "letter-rejected",
                "文書または添付が様式に合いません。findings の指摘を直して、もう一度出してください",
                "The document or an attachment has not the form; mend what \"findings\" lists and hand it in again");
        private final transient List<Finding> findings;

        NotALetter(List<Finding> findings) {
            this.findings = findings;
        }
    }
}
