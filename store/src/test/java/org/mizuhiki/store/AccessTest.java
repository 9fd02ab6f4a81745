package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {
    @TempDir
    static Path folder;

    private Workshop shop;

    @BeforeAll
    void open() {
        shop = new Workshop(folder);
    }

    @AfterAll
    void close() {
        shop.close();
    }

    /// Everybody who can stand in a relation to an envelope, against everything that can be asked.
    @Test
    @Tag("V2")
    void theMatrixOfWhoMayWhatHolds() throws Exception {
        var may = Map.of(
                "author", "fetch share unshare-authors",
                "owner", "fetch share unshare-authors unshare-givers",
                "reader", "fetch share",
                "giver whose own share ended", "unshare-givers",
                "former reader", "",
                "expired reader", "",
                "who brought the same bytes", "fetch",
                "stranger", "");
        for (var kind : may.keySet()) {
            var stage = new Stage();
            var who = stage.who(kind);
            var allowed = List.of(Objects.requireNonNull(may.get(kind)).split(" "));
            assertEquals(allowed.contains("fetch"), shop.fetches(who, stage.envelope.letter()), kind + " letter");
            if (!kind.startsWith("who brought")) {
                var object = stage.envelope.objects().getFirst();
                assertEquals(allowed.contains("fetch"), shop.fetches(who, object), kind + " object");
            }
            assertEquals(
                    allowed.contains("share"),
                    allowed(() -> shop.share(who, stage.envelope.letter(), Workshop.person())),
                    kind + " shares");
            allowed(() -> shop.store.unshare(who, stage.envelope.letter(), stage.who("reader")));
            assertEquals(
                    !allowed.contains("unshare-authors"),
                    shop.fetches(stage.who("reader"), stage.envelope.letter()),
                    kind + " unshares the author's");
            allowed(() -> shop.store.unshare(who, stage.envelope.letter(), stage.givenByGiver));
            assertEquals(
                    !allowed.contains("unshare-givers"),
                    shop.fetches(stage.givenByGiver, stage.envelope.letter()),
                    kind + " unshares the giver's");
        }
    }

    private static boolean allowed(Runnable work) {
        try {
            work.run();
            return true;
        } catch (Refusal e) {
            assertEquals("envelope-unknown", e.code());
            return false;
        }
    }

    /// One envelope and everybody around it.
    private final class Stage {
        final byte[] letter = Workshop.noise(100);
        final Store.Envelope envelope;
        final Map<String, PersonId> people = new LinkedHashMap<>();
        final PersonId givenByGiver = Workshop.person();

        Stage() {
            for (var kind : List.of(
                    "reader",
                    "giver whose own share ended",
                    "former reader",
                    "expired reader",
                    "who brought the same bytes",
                    "stranger")) {
                people.put(kind, Workshop.person());
            }
            people.put("author", shop.author);
            people.put("owner", shop.owner);
            envelope = new Store.Envelope(
                    shop.put(shop.author, letter), List.of(shop.put(shop.author, Workshop.noise(50))), shop.owner);
            shop.store.register(shop.author, envelope);
            var id = envelope.letter();
            shop.share(shop.author, id, who("reader"));
            var giver = who("giver whose own share ended");
            shop.share(shop.author, id, giver);
            shop.share(giver, id, givenByGiver);
            shop.store.unshare(shop.owner, id, giver);
            shop.share(shop.author, id, who("former reader"));
            shop.store.unshare(shop.author, id, who("former reader"));
            shop.store.share(shop.author, new Store.Share(id, who("expired reader"), Workshop.GRANT, soon()));
            shop.clock.advance(Duration.ofSeconds(2));
            shop.put(who("who brought the same bytes"), letter);
        }

        PersonId who(String kind) {
            return Objects.requireNonNull(people.get(kind));
        }

        private Instant soon() {
            return shop.clock.instant().plusSeconds(1);
        }
    }

    @Test
    @Tag("V7")
    void anUnregisteredBlobIsItsBringersAlone() throws Exception {
        var blob = shop.put(shop.author, Workshop.noise(10));
        assertTrue(shop.fetches(shop.author, blob));
        for (var other : List.of(shop.owner, shop.reader, shop.stranger)) {
            assertFalse(shop.fetches(other, blob));
        }
    }

    @Test
    void knowingADigestGivesNoWayIn() throws Exception {
        var envelope = shop.envelope();
        var mine = shop.put(shop.stranger, Workshop.noise(10));
        var theft = new Store.Envelope(mine, List.of(envelope.letter()), shop.stranger);
        assertEquals("blob-unknown", Workshop.refusal(() -> shop.store.register(shop.stranger, theft)));
        assertEquals("blob-unknown", Workshop.refusal(() -> shop.store.register(shop.stranger, envelope)));
        assertFalse(shop.fetches(shop.stranger, envelope.letter()));
    }

    @Test
    void registeringAgainChangesNothingAndOtherContentIsRefused() {
        var envelope = shop.envelope();
        shop.store.register(shop.author, envelope);
        var other = new Store.Envelope(envelope.letter(), List.of(), envelope.owner());
        assertEquals("envelope-conflict", Workshop.refusal(() -> shop.store.register(shop.author, other)));
        var twice = new Store.Envelope(envelope.letter(), List.of(envelope.letter()), shop.owner);
        assertEquals("envelope-malformed", Workshop.refusal(() -> shop.store.register(shop.author, twice)));
    }

    @Test
    void aReaderCannotGiveMoreTimeThanHeHas() throws Exception {
        var letter = shop.envelope().letter();
        var friend = Workshop.person();
        var end = shop.clock.instant().plusSeconds(60);
        shop.store.share(shop.author, new Store.Share(letter, shop.reader, Workshop.GRANT, end));
        shop.share(shop.reader, letter, friend);
        shop.share(friend, letter, shop.reader);
        shop.clock.advance(Duration.ofSeconds(61));
        assertFalse(shop.fetches(friend, letter));
        assertFalse(shop.fetches(shop.reader, letter));
        var past = new Store.Share(letter, friend, Workshop.GRANT, end);
        assertEquals("share-expired", Workshop.refusal(() -> shop.store.share(shop.author, past)));
        shop.store.share(shop.author, new Store.Share(letter, friend, Workshop.GRANT, Instant.MAX));
        assertTrue(shop.fetches(friend, letter));
    }

    @Test
    void noticesGoToReaderAndOwnerOnceAndNewestFirst() {
        var person = Workshop.person();
        var letters = new ArrayList<Digest>();
        for (int i = 0; i < 3; i++) {
            var letter = shop.envelope().letter();
            shop.share(shop.author, letter, person);
            shop.share(shop.author, letter, person);
            letters.addFirst(letter);
        }
        var inbox = shop.store.inbox(person, 10, 0);
        assertEquals(letters, inbox.stream().map(Store.Notice::letter).toList());
        assertEquals(shop.author, inbox.getFirst().from());
        assertEquals(1, inbox.getFirst().objects().size());
        assertEquals(
                letters.subList(1, 3),
                shop.store.inbox(person, 10, inbox.getFirst().number()).stream()
                        .map(Store.Notice::letter)
                        .toList());
        assertEquals(1, shop.store.inbox(person, 1, 0).size());
        assertTrue(shop.store.inbox(shop.owner, 100, 0).stream()
                .anyMatch(n -> n.letter().equals(letters.getFirst())));
        assertEquals(List.of(), shop.store.inbox(Workshop.person(), 10, 0));
        shop.store.unshare(shop.owner, letters.getFirst(), person);
        assertEquals(2, shop.store.inbox(person, 10, 0).size(), "what was taken back is gone from the inbox");
    }

    @Test
    void unknownEnvelopesAnswerLikeForbiddenOnes() {
        var nowhere = Digest.of(Workshop.noise(8));
        assertEquals("blob-unknown", Workshop.refusal(() -> shop.store.fetch(shop.author, nowhere)));
        assertEquals("envelope-unknown", Workshop.refusal(() -> shop.share(shop.author, nowhere, shop.reader)));
        assertEquals("envelope-unknown", Workshop.refusal(() -> shop.store.unshare(shop.author, nowhere, shop.reader)));
        assertEquals(
                "envelope-unknown",
                Workshop.refusal(() -> shop.share(shop.stranger, shop.envelope().letter(), shop.reader)));
    }
}
