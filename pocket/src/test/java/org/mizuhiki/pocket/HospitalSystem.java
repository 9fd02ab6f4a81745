package org.mizuhiki.pocket;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.pocket.HospitalFolder.Event;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterPrint;
import org.mizuhiki.records.Referral;
import org.mizuhiki.wire.Json;

/// A hospital system beside the folder, and how it looks at what it finds there.
abstract class HospitalSystem {
    @TempDir
    Path folder;

    final List<Event> events = new ArrayList<>();

    /// What a cut leaves undone; nothing of the round runs on.
    static final class Cut extends Error {
        private static final long serialVersionUID = 1L;
    }

    /// As a command prints it, but for the code's modules.
    static Bytes paper(ReadLetter read) {
        var words = List.of(PrintMark.of(read).text());
        return LetterPrint.pdf(read.letter(), new LetterPrint.Code(21, (x, y) -> x.equals(y), words));
    }

    /// All of a referral in `letter.json`.
    static HospitalLetter.Words words(Referral made) {
        var s = made.story();
        var story = new HospitalLetter.Story(
                Optional.of(s.purpose()),
                Optional.of(s.problem()),
                Optional.of(s.onset()),
                Optional.of(s.presentIllness()),
                Optional.of(s.pastIllness()),
                Optional.of(s.allergies()),
                Optional.of(s.medication()));
        return new HospitalLetter.Words(
                Optional.of(made.patient()),
                Optional.of(made.from()),
                Optional.of(made.to()),
                made.issued(),
                Optional.of(story));
    }

    HospitalFolder exchange(Pocket pocket) {
        return pocket.hospital(folder.resolve("exchange"), HospitalSystem::paper, events::add);
    }

    void round(Pocket pocket) {
        events.clear();
        exchange(pocket).send(new DocumentRules());
    }

    Path box(String name) {
        return folder.resolve("exchange").resolve(name);
    }

    /// As a hospital system does it: under a temporary name, then renamed.
    void handIn(String name, HospitalLetter said, Optional<Bytes> document, List<Path> files) throws Exception {
        var whole = Files.createDirectories(box("out")).resolve(name + ".tmp");
        Files.createDirectory(whole);
        Files.write(whole.resolve("letter.json"), Json.write(said).toArray());
        if (document.isPresent()) {
            Files.write(whole.resolve("document.json"), document.orElseThrow().toArray());
        }
        for (var file : files) {
            Files.copy(file, whole.resolve(file.getFileName().toString()));
        }
        Files.move(whole, box("out").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void handIn(String name, PersonId patient, long seed, PersonId... readers) throws Exception {
        var to = Stream.of(readers)
                .map(r -> new HospitalLetter.To(r, 30, "referral"))
                .toList();
        handIn(name, new HospitalLetter(patient, to, Optional.empty()), Optional.of(Letters.document(seed)), List.of());
    }

    Acknowledgement ack(String name) throws Exception {
        return Json.read(Bytes.of(Files.readAllBytes(box("ack").resolve(name + ".json"))), Acknowledgement.class);
    }

    HospitalFolder.Refused refused(String name) throws Exception {
        return Json.read(
                Bytes.of(Files.readAllBytes(box("refused").resolve(name + ".json"))), HospitalFolder.Refused.class);
    }

    static World.Player author(World world) {
        var author = world.somebody(world.newDoctor());
        world.relate(author, world.patient());
        return author;
    }

    static long letters(World world, World.Player author) {
        long count = 0;
        long before = Long.MAX_VALUE;
        while (true) {
            var page = world.region.keys().involving(author.id(), KeyServer.MAX_PAGE, before);
            if (page.isEmpty()) {
                return count;
            }
            for (var filed : page) {
                before = filed.number();
                count += world.checked(filed.signed()) instanceof LetterSealed ? 1 : 0;
            }
        }
    }

    static long grants(World.Player author) {
        return author.pocket().grants().list().size();
    }
}
