package org.mizuhiki.pocket;

import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.HandedLetter.State;
import org.mizuhiki.pocket.HandedLetter.Upload;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.disk.Handed;
import org.mizuhiki.pocket.disk.Shared;
import org.mizuhiki.pocket.disk.Uploads;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.wire.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder of [HospitalFolder] as a hospital system sees it over the network: it hands letters in and asks
/// what became of them. There is no key here: whoever works on the folder with a device signs and sends.
/// docs/flows/hospital-api.md.
public final class HospitalDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HospitalDesk.class);
    private static final Pattern LETTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,59}");
    private static final String SEAM = "_"; // in no system's name
    private static final int MOST_WAITING = 1000;
    private static final int MOST_OF_ONE = MOST_WAITING / 2; // no system fills the desk for the others
    private static final int LARGEST_ANSWER = 1 << 20;

    private final Path folder;
    private final Shared shared;
    private final Path known;
    private final Uploads uploads;
    private final Clock clock;
    private final List<Object> locks =
            IntStream.range(0, 64).mapToObj(_ -> new Object()).toList();

    /// What is remembered of a letter that was handed in, also after all else of it is gone: the same name
    /// again must not become another letter.
    ///
    /// @param cleared when it was cleared away after it was sent; nothing else means that it was sent
    record Known(Digest drop, Instant at, Optional<Instant> cleared) {}

    /// How a desk is doing.
    ///
    /// @param waiting letters that were handed in and are not sent yet
    /// @param looked when whoever signs last looked at them
    public record Standing(String desk, int waiting, Optional<Instant> looked) {}

    private HospitalDesk(Path folder, Uploads uploads, Clock clock) {
        this.folder = folder;
        this.shared = new Shared(folder);
        this.known = Disk.folder(work(folder).resolve("known"));
        this.uploads = uploads;
        this.clock = clock;
    }

    /// Takes the network's side of a folder, and finishes what a crash cut off.
    ///
    /// @param folder of the exchange
    /// @throws Refusal `hospital-folder-busy` when another process has it
    public static HospitalDesk open(Path folder, Clock clock) {
        Handed.root(folder);
        for (var box : List.of("out", "ack", "done", "refused", "in")) {
            Handed.folder(folder.resolve(box));
        }
        var desk = new HospitalDesk(folder, Uploads.open(work(folder), Drop.BOUNDS, clock), clock);
        desk.uploads.open().forEach(desk::finishOrTell);
        return desk;
    }

    private static Path work(Path folder) {
        return Disk.folder(folder.resolve(".work").resolve("door"));
    }

    /// What has arrived for the hospital system.
    public HospitalArrivals arrivals() {
        return new HospitalArrivals(shared, uploads.bin());
    }

    /// How the desk is doing.
    public Standing standing(String name) {
        var looked = Disk.attempt(() -> {
            var mark = HospitalFolder.looked(folder);
            return Files.exists(mark)
                    ? Optional.of(Files.getLastModifiedTime(mark).toInstant())
                    : Optional.<Instant>empty();
        });
        return new Standing(name, waiting(), looked);
    }

    private int waiting() {
        return waiting("");
    }

    private int waiting(String owner) {
        return (int) Stream.of(shared.list("out"), shared.list(".work", "claimed"))
                .flatMap(List::stream)
                .filter(e -> e.name().startsWith(owner))
                .count();
    }

    /// Takes a file of a letter that is not handed in yet; one of that name is replaced once this one is
    /// there whole and on the disk.
    ///
    /// @param system who calls, as its certificate names it
    /// @param letter letters, digits, `-`, `_`, at most 60: the hospital system's own name for it
    /// @throws Refusal `letter-name-malformed`, `attachment-name`, `drop-too-large`, `desk-full`, and what
    /// ends `content` too early
    public Upload upload(String system, String letter, String file, InputStream content) {
        var name = name(system, letter);
        var _ = new Attachment(file, Attachment.MediaType.PDF, 0, Bytes.of().sha256()); // its name is fit
        long most = switch (file) {
            case Drop.LETTER -> Drop.MAX_LETTER;
            case Drop.DOCUMENT -> LetterForm.MAX_BYTES;
            default -> Attachment.MAX_BYTES;
        };
        try (var coming = uploads.receive(system, file, content, most)) {
            synchronized (lock(name)) {
                uploads.keep(system + SEAM, name, coming);
            }
            return new Upload(file, coming.size(), Optional.of(coming.sha256()));
        }
    }

    /// Hands a letter in: once this returns, the letter survives a crash and is sent once, however often this
    /// is asked.
    ///
    /// @throws Refusal `letter-unknown` when nothing was uploaded, `drop-incomplete`, `body-malformed`,
    /// `letter-taken` when another content was handed in under this name, `desk-full`
    public HandedLetter handIn(String system, String letter) {
        var name = name(system, letter);
        synchronized (lock(name)) {
            var files = uploads.files(name);
            var before = handedIn(name, letter);
            if (files.isEmpty()) {
                return before.orElseThrow(HospitalDesk::unknown); // asked again
            }
            // 1. what can be seen to be wrong is said while the hospital system listens
            var drop = Drop.of(name, files);
            // 2. a name means one content, unless that was refused
            if (before.isPresent() && before.orElseThrow().state() != State.REFUSED) {
                return same(name, before.orElseThrow(), drop);
            }
            if (waiting() >= MOST_WAITING || waiting(system + SEAM) >= MOST_OF_ONE) {
                throw Refusal.of("desk-full", "未送信の文書が多すぎます。後でもう一度出してください", "Too many letters wait; try again later");
            }
            // 3. what another program of the house put there under this name is another letter
            if (waits(name)) {
                throw taken();
            }
            // 4. remembered, then handed over: a crash between the two is finished at the next start
            remember(name, new Known(drop.digest(), clock.instant(), Optional.empty()));
            sweep(name);
            if (!uploads.publish(name, folder.resolve("out").resolve(name))) {
                throw taken();
            }
            return handedIn(name, letter).orElseThrow(HospitalDesk::unknown);
        }
    }

    private HandedLetter same(String name, HandedLetter before, Drop drop) {
        if (!before.drop().equals(Optional.of(drop.digest()))) {
            throw taken();
        }
        uploads.drop(name);
        return before;
    }

    /// What became of a letter.
    ///
    /// @throws Refusal `letter-unknown`
    public HandedLetter state(String system, String letter) {
        var name = name(system, letter);
        synchronized (lock(name)) {
            var found = handedIn(name, letter);
            var files = uploads.files(name);
            boolean mending = !files.isEmpty()
                    && found.map(f -> f.state() == State.REFUSED).orElse(true);
            return mending
                    ? HandedLetter.open(letter, files.stream().map(Upload::of).toList())
                    : found.orElseThrow(HospitalDesk::unknown);
        }
    }

    /// Removes what lies here of a letter: the uploads of one that is open, answer and original of one that
    /// is sent or refused.
    ///
    /// @throws Refusal `letter-waits` while it is being sent
    public void clear(String system, String letter) {
        var name = name(system, letter);
        synchronized (lock(name)) {
            var found = handedIn(name, letter);
            if (found.map(f -> f.state() == State.WAITING).orElse(false)) {
                throw Refusal.of(
                        "letter-waits", "この文書は送信中です。終わってから消してください", "This letter is on its way; clear it afterwards");
            }
            uploads.drop(name);
            known(name).ifPresent(k -> {
                boolean sent = found.map(f -> f.state() != State.REFUSED).orElse(false);
                if (sent && k.cleared().isEmpty()) {
                    remember(name, new Known(k.drop(), k.at(), Optional.of(clock.instant())));
                }
                sweep(name);
                if (!sent) {
                    forget(name); // it never went, so its name is free again
                }
            });
        }
    }

    /// Forgets uploads that nobody touched for a week, and tries again to remove what would not go.
    public void tidy() {
        for (var name : uploads.open()) {
            synchronized (lock(name)) { // a file may come for it just now
                if (uploads.stale(name)) {
                    uploads.drop(name);
                }
            }
        }
        uploads.emptyBin(clock.instant().minus(Duration.ofHours(1)));
    }

    private void sweep(String name) {
        for (var box : List.of("ack", "refused")) {
            shared.remove(uploads.bin(), box, name + ".json");
        }
        for (var box : List.of("done", "refused")) {
            for (var entry : shared.list(box)) {
                if (entry.name().equals(name) || entry.name().startsWith(name + "~")) {
                    shared.remove(uploads.bin(), box, entry.name());
                }
            }
        }
    }

    /// An unfinished upload is its hospital system's matter: it keeps no other letter from going.
    private void finishOrTell(String name) {
        try {
            finish(name);
        } catch (Refusal | UncheckedIOException e) {
            var why =
                    e instanceof Refusal refusal ? refusal.code() : e.getClass().getSimpleName();
            LOG.warn("an upload at a desk is not finished, and stays as it is: {}", why);
        }
    }

    /// A letter that was remembered, but not handed over.
    private void finish(String name) {
        var remembered = known(name);
        var files = uploads.files(name);
        if (remembered.isPresent()
                && remembered.orElseThrow().cleared().isEmpty()
                && trace(name, remembered.orElseThrow(), name).isEmpty()
                && Drop.of(name, files).digest().equals(remembered.orElseThrow().drop())) {
            uploads.publish(name, folder.resolve("out").resolve(name));
        }
    }

    /// Nothing when it is remembered but lies nowhere: it was never handed over, and may be handed in anew.
    private Optional<HandedLetter> handedIn(String name, String letter) {
        return known(name)
                .flatMap(k -> k.cleared().isPresent()
                        ? Optional.of(found(letter, State.CLEARED, k, Optional.empty(), Optional.empty()))
                        : trace(name, k, letter));
    }

    private boolean waits(String name) {
        return Files.exists(folder.resolve("out").resolve(name), LinkOption.NOFOLLOW_LINKS)
                || Files.exists(folder.resolve(".work/claimed").resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /// In the order in which a letter goes, so that one that goes on meanwhile is not missed.
    private Optional<HandedLetter> trace(String name, Known k, String letter) {
        if (waits(name)) {
            return Optional.of(found(letter, State.WAITING, k, Optional.empty(), Optional.empty()));
        }
        var ack =
                answer("ack", name, Acknowledgement.class).filter(a -> a.drop().equals(k.drop()));
        if (ack.isPresent()) {
            return Optional.of(found(letter, State.SENT, k, ack, Optional.empty()));
        }
        return answer("refused", name, HospitalFolder.Refused.class)
                .map(r -> found(letter, State.REFUSED, k, Optional.empty(), Optional.of(r)));
    }

    private <T> Optional<T> answer(String box, String name, Class<T> type) {
        return shared.read(LARGEST_ANSWER, box, name + ".json").map(content -> Json.read(Bytes.of(content), type));
    }

    private static HandedLetter found(
            String letter,
            State state,
            Known k,
            Optional<Acknowledgement> ack,
            Optional<HospitalFolder.Refused> refused) {
        return new HandedLetter(letter, state, List.of(), Optional.of(k.drop()), Optional.of(k.at()), ack, refused);
    }

    private Optional<Known> known(String name) {
        var file = record(name);
        return Files.exists(file)
                ? Optional.of(Json.read(Bytes.of(Disk.read(file, LARGEST_ANSWER)), Known.class))
                : Optional.empty();
    }

    private void remember(String name, Known k) {
        Disk.write(record(name), Json.write(k).toArray());
    }

    private void forget(String name) {
        Disk.attempt(() -> Files.deleteIfExists(record(name)));
    }

    /// Spread over folders: there is one for every letter that ever was.
    private Path record(String name) {
        var spread = Bytes.utf8(name).sha256().hex().substring(0, 3);
        return Disk.folder(known.resolve(spread)).resolve(name + ".json");
    }

    /// A system's letters never meet another's.
    private static String name(String system, String letter) {
        if (!LETTER.matcher(letter).matches()) {
            throw Refusal.of(
                    "letter-name-malformed",
                    "文書の名前は英数字で始まる英数字・「-」・「_」の60文字までです",
                    "A letter's name is at most 60 letters, digits, hyphens and underscores, a letter or digit first");
        }
        return system + SEAM + letter; // not a dot: "emr.tmp" would count as unfinished
    }

    private Object lock(String name) {
        return locks.get(Math.floorMod(name.hashCode(), locks.size()));
    }

    private static Refusal unknown() {
        return Refusal.of("letter-unknown", "この名前の文書はありません", "There is no letter of that name");
    }

    private static Refusal taken() {
        return Refusal.of(
                "letter-taken",
                "この名前では別の内容の文書が出されています。新しい名前で出してください",
                "Another letter was handed in under this name; choose a new one");
    }

    @Override
    public void close() {
        uploads.close();
    }
}
