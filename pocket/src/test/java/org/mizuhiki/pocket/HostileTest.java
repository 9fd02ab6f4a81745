package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.store.Store;
import org.mizuhiki.trust.Directory;

/// Servers that lie: the device notices every time, and nothing is opened, sealed or believed.
@ExtendWith(World.Given.class)
@Tag("V6")
@Tag("V9")
class HostileTest {
    @TempDir
    Path folder;

    private static Digest send(World world) {
        world.relate(world.doctorA(), world.patient());
        var pocket = world.doctorA().pocket();
        return pocket.post()
                .send(Letters.draft(pocket, Letters.plain(world.patient().id())))
                .letter();
    }

    private static Digest sendTo(World world, World.Player reader) {
        var letter = send(world);
        world.doctorA().pocket().grants().give(letter, reader.id(), Duration.ofDays(1), "referral");
        return letter;
    }

    @Test
    void aSubstitutedReaderKeyIsNoticedBeforeAnythingIsSealedForIt(World world) {
        var letter = send(world);
        var b = world.doctorB().id();
        var attacker = world.doctorC().id();
        // the directory answers with somebody else's listing
        refusesListing(world, letter, b, (real, _) -> real.find(attacker));
        // with the attacker's sealing key under the reader's name
        refusesListing(world, letter, b, (real, honest) -> {
            var other = real.find(attacker);
            return new Directory.Listing(
                    honest.member(),
                    honest.place(),
                    honest.signing(),
                    other.sealing(),
                    honest.binding(),
                    honest.evidence());
        });
        // with all of the attacker's keys under the reader's name
        refusesListing(world, letter, b, (real, honest) -> {
            var other = real.find(attacker);
            return new Directory.Listing(
                    honest.member(),
                    honest.place(),
                    other.signing(),
                    other.sealing(),
                    other.binding(),
                    other.evidence());
        });
        // with the right keys and the ledger's proof of another entry
        refusesListing(
                world,
                letter,
                b,
                (real, honest) -> new Directory.Listing(
                        honest.member(),
                        honest.place(),
                        honest.signing(),
                        honest.sealing(),
                        honest.binding(),
                        real.find(attacker).evidence()));
    }

    private interface Lie {
        Directory.Listing tell(Directory real, Directory.Listing honest);
    }

    private static void refusesListing(World world, Digest letter, PersonId reader, Lie lie) {
        var real = world.region.directory();
        var lying = Tampered.with(
                Directory.class,
                real,
                (_, arguments, call) ->
                        arguments[0].equals(reader) ? lie.tell(real, (Directory.Listing) call.call()) : call.call());
        var pocket = world.pocket(world.doctorA(), Regions.directory(world.region, lying));
        Refused.with("listing-forged", () -> pocket.grants().give(letter, reader, Duration.ofDays(1), "referral"));
        assertTrue(world.doctorA().pocket().errands().waiting().isEmpty());
    }

    @Test
    void aSwappedLetterIsNotOpened(World world) {
        var letter = sendTo(world, world.doctorB());
        var other = sendTo(world, world.doctorB());
        var lying = Tampered.with(
                Store.class,
                world.region.store(),
                (method, arguments, call) -> method.equals("fetch") && arguments[1].equals(letter)
                        ? world.region.store().fetch((PersonId) arguments[0], other)
                        : call.call());
        var pocket = world.pocket(world.doctorB(), Regions.store(world.region, lying));
        Refused.with("store-swapped", () -> pocket.reading().open(letter, "treatment"));
    }

    @Test
    void aDamagedLetterIsNotOpened(World world) {
        var letter = sendTo(world, world.doctorB());
        var lying = Tampered.with(Store.class, world.region.store(), (method, _, call) -> {
            if (!method.equals("fetch")) {
                return call.call();
            }
            var bytes = Files.readAllBytes((Path) call.call());
            bytes[bytes.length / 2] ^= 1;
            return Files.write(folder.resolve("damaged"), bytes);
        });
        var pocket = world.pocket(world.doctorB(), Regions.store(world.region, lying));
        Refused.with("store-swapped", () -> pocket.reading().open(letter, "treatment"));
    }

    @Test
    void anOldLettersSlotIsNotTaken(World world) {
        var old = sendTo(world, world.doctorB());
        var letter = sendTo(world, world.doctorB());
        var b = world.doctorB();
        var slots = new Slot[1];
        var listening = Tampered.with(KeyServer.class, world.region.keys(), (_, _, call) -> {
            var answer = call.call();
            if (answer instanceof KeyServer.Release release) {
                slots[0] = release.slot();
            }
            return answer;
        });
        world.pocket(b, Regions.keys(world.region, listening)).reading().open(old, "treatment");
        var lying = Tampered.with(KeyServer.class, world.region.keys(), (_, _, call) -> {
            var answer = call.call();
            return answer instanceof KeyServer.Release r
                    ? new KeyServer.Release(slots[0], r.disclosure(), r.about())
                    : answer;
        });
        var pocket = world.pocket(b, Regions.keys(world.region, lying));
        Refused.with("slot-swapped", () -> pocket.reading().open(letter, "treatment"));
    }

    @Test
    void anOldLetterUnderAnotherNameIsNotShown(World world) {
        var old = sendTo(world, world.doctorB());
        var letter = sendTo(world, world.doctorB());
        var b = world.doctorB();
        // store and key server together: body, slot and statements of the old letter for the new one's name
        var store = Tampered.with(
                Store.class,
                world.region.store(),
                (method, arguments, call) -> method.equals("fetch")
                        ? world.region.store().fetch((PersonId) arguments[0], old)
                        : call.call());
        var keys = Tampered.with(
                KeyServer.class,
                world.region.keys(),
                (method, arguments, call) -> method.equals("aboutLetter")
                        ? world.region.keys().aboutLetter((PersonId) arguments[0], old)
                        : call.call());
        var pocket = world.pocket(b, Regions.store(Regions.keys(world.region, keys), store));
        Refused.with("letter-unknown", () -> pocket.reading().open(letter, "treatment"));
    }

    @Test
    void aReleaseWithoutTheGroundsForItIsNotBelieved(World world) {
        var letter = sendTo(world, world.doctorB());
        var lying = Tampered.with(KeyServer.class, world.region.keys(), (_, _, call) -> {
            var answer = call.call();
            return answer instanceof KeyServer.Release r
                    ? new KeyServer.Release(r.slot(), r.disclosure(), java.util.List.of())
                    : answer;
        });
        var pocket = world.pocket(world.doctorB(), Regions.keys(world.region, lying));
        Refused.with("relation-missing", () -> pocket.reading().open(letter, "treatment"));
    }

    @Test
    void aDisclosureThatIsNotTheOneSignedIsNoticed(World world) {
        var letter = sendTo(world, world.doctorB());
        var b = world.doctorB();
        var first = new KeyServer.Filed[1];
        var listening = Tampered.with(KeyServer.class, world.region.keys(), (_, _, call) -> {
            var answer = call.call();
            if (answer instanceof KeyServer.Release release) {
                first[0] = release.disclosure();
            }
            return answer;
        });
        world.pocket(b, Regions.keys(world.region, listening)).reading().open(letter, "treatment");
        var lying = Tampered.with(KeyServer.class, world.region.keys(), (_, _, call) -> {
            var answer = call.call();
            return answer instanceof KeyServer.Release r
                    ? new KeyServer.Release(r.slot(), first[0], r.about())
                    : answer;
        });
        var pocket = world.pocket(b, Regions.keys(world.region, lying));
        Refused.with("evidence-broken", () -> pocket.reading().open(letter, "treatment"));
    }

    @Test
    void anOpeningWhoseEvidenceIsWithheldIsShownWithItsDoubt(World world) {
        var letter = sendTo(world, world.doctorB());
        world.doctorB().pocket().reading().open(letter, "treatment");
        var silent = Tampered.with(Ledger.class, world.region.ledger(), (method, _, call) -> {
            if (method.equals("evidence")) {
                throw Refusal.of("entry-unknown", "ありません", "no such entry");
            }
            return call.call();
        });
        var openings = world.pocket(world.patient(), Regions.ledger(world.region, silent))
                .trail()
                .openings(letter);
        assertEquals(1, openings.size());
        assertEquals("entry-unknown", openings.getFirst().doubt().orElseThrow().code());
        assertTrue(openings.getFirst().proof().isEmpty());
    }

    @Test
    void evidenceOfAnotherEntryProvesNothing(World world) {
        var letter = sendTo(world, world.doctorB());
        var lying = Tampered.with(Ledger.class, world.region.ledger(), (method, arguments, call) -> {
            if (!method.equals("evidence")) {
                return call.call();
            }
            var other = world.region.directory().find(world.patient().id()).evidence();
            assertFalse(other.entry().leaf().equals(arguments[0]));
            return other;
        });
        var pocket = world.pocket(world.doctorB(), Regions.ledger(world.region, lying));
        Refused.with("evidence-broken", () -> pocket.reading().open(letter, "treatment"));
    }

    @Test
    void evidenceThatIsBentToFitIsRefused(World world) {
        var letter = sendTo(world, world.doctorB());
        var lying = Tampered.with(Ledger.class, world.region.ledger(), (method, _, call) -> {
            if (!method.equals("evidence")) {
                return call.call();
            }
            var e = (Evidence) call.call();
            var entry = new Entry(e.entry().kind(), e.entry().record());
            return new Evidence(entry, e.index() + 1, e.path(), e.checkpoint());
        });
        var pocket = world.pocket(world.doctorB(), Regions.ledger(world.region, lying));
        Refused.with("evidence-broken", () -> pocket.reading().open(letter, "treatment"));
    }

    @Test
    void aForgedStatementCountsForNothing(World world) {
        var stranger = world.somebody(world.newPatient());
        world.doctorC().pocket().relations().propose(stranger.id(), Duration.ofDays(3));
        var lying = Tampered.with(KeyServer.class, world.region.keys(), (method, _, call) -> {
            if (!method.equals("involving")) {
                return call.call();
            }
            @SuppressWarnings("unchecked")
            var page = (java.util.List<KeyServer.Filed>) call.call();
            return page.stream()
                    .map(f -> {
                        var bytes = f.signed().toArray();
                        bytes[bytes.length / 3] ^= 4;
                        return new KeyServer.Filed(f.number(), Bytes.of(bytes), f.receipt());
                    })
                    .toList();
        });
        var pocket = world.pocket(stranger, Regions.keys(world.region, lying));
        assertTrue(pocket.relations().list().isEmpty());
        Refused.with(
                "proposal-unknown",
                () -> pocket.relations().accept(world.doctorC().id()));
    }

    @Test
    void pagesThatNeverEndAreRefused(World world) {
        world.relate(world.doctorA(), world.patient());
        var lying = Tampered.with(
                KeyServer.class,
                world.region.keys(),
                (method, arguments, call) -> method.equals("involving")
                        ? world.region.keys().involving((PersonId) arguments[0], 10, Long.MAX_VALUE)
                        : call.call());
        var pocket = world.pocket(world.patient(), Regions.keys(world.region, lying));
        Refused.with("key-server-odd", () -> pocket.relations().list());
    }

    @Test
    void aSwappedAttachmentNeverAppearsUnderItsName(World world) throws Exception {
        world.relate(world.doctorA(), world.patient());
        var pocket = world.doctorA().pocket();
        var sent = pocket.post()
                .send(Letters.draft(pocket, Letters.full(world.patient().id(), folder)));
        var read = world.patient().pocket().reading().open(sent.letter(), "own");
        var objects = read.parts().manifest().objects();
        var lying = Tampered.with(
                Store.class,
                world.region.store(),
                (method, arguments, call) -> method.equals("fetch") && arguments[1].equals(objects.get(0))
                        ? world.region.store().fetch((PersonId) arguments[0], objects.get(1))
                        : call.call());
        var out = folder.resolve("out");
        var hostile = world.pocket(world.patient(), Regions.store(world.region, lying));
        Refused.with("seal-broken", () -> hostile.reading().save(read, out));
        try (var files = Files.list(out)) {
            assertEquals(0, files.count());
        }
        // a file that somebody puts there after the first look stays as it is
        var name = read.parts().manifest().items().getFirst().attachment().name();
        var racing = Tampered.with(Store.class, world.region.store(), (method, _, call) -> {
            if (method.equals("fetch") && !Files.exists(out.resolve(name))) {
                Files.writeString(out.resolve(name), "mine");
            }
            return call.call();
        });
        var raced = world.pocket(world.patient(), Regions.store(world.region, racing));
        Refused.with("file-exists", () -> raced.reading().save(read, out));
        assertEquals("mine", Files.readString(out.resolve(name)));
        try (var files = Files.list(out)) {
            assertEquals(1, files.count());
        }
        Files.delete(out.resolve(name));
        // and what is there already is not touched
        world.patient().pocket().reading().save(read, out);
        Refused.with("file-exists", () -> world.patient().pocket().reading().save(read, out));
    }
}
