package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.store.EmergencyReaders.Admission;

/// Two words let a reader in: the key server's and the token.
@Tag("F5")
class EmergencyReadersTest {
    private static final Bytes TOKEN = Bytes.utf8("of card and key server");
    private static final Bytes LATER = Bytes.utf8("of the next card");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private static Path folder;

    private static Workshop shop;
    private static PostgresEmergencyReaders readers;

    private final PersonId doctor = Workshop.person();
    private Store.Envelope envelope = new Store.Envelope(Digest.of(), java.util.List.of(), doctor);

    @BeforeAll
    static void open() {
        shop = new Workshop(folder);
        readers = new PostgresEmergencyReaders(shop.database, shop.clock);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @BeforeEach
    void aLetterIsThere() {
        envelope = shop.envelope();
        readers.forbid(shop.owner);
    }

    private static Digest digest(Bytes token) {
        return Digest.of(token.toArray());
    }

    private Admission admission(Duration life) {
        return new Admission(shop.owner, doctor, shop.clock.instant().plus(life));
    }

    private boolean fetches() throws IOException {
        return shop.fetches(doctor, envelope.letter())
                && shop.fetches(doctor, envelope.objects().getFirst());
    }

    private static void refused(org.junit.jupiter.api.function.Executable work) {
        assertEquals("emergency-not-allowed", Workshop.refusal(work));
    }

    private void isIn() {
        readers.allow(shop.owner, digest(TOKEN));
        readers.admit(admission(HOUR));
        readers.enter(doctor, shop.owner, TOKEN);
    }

    @Test
    void bothWordsLetAReaderFetchUntilTheAdmissionIsOver() throws IOException {
        assertFalse(fetches());
        isIn();
        assertTrue(fetches());
        var another = shop.envelope();
        assertTrue(shop.fetches(doctor, another.letter()), "what came since, too");
        shop.clock.advance(HOUR);
        assertFalse(fetches());
        refused(() -> readers.enter(doctor, shop.owner, TOKEN));
        // admitted again, the token has to be shown again
        readers.admit(admission(HOUR));
        assertFalse(fetches());
        readers.enter(doctor, shop.owner, TOKEN);
        assertTrue(fetches());
    }

    @Test
    void neitherWordAloneLetsAnybodyIn() throws IOException {
        readers.allow(shop.owner, digest(TOKEN));
        refused(() -> readers.enter(doctor, shop.owner, TOKEN));
        readers.admit(admission(HOUR));
        assertFalse(fetches(), "the key server's word alone");
        refused(() -> readers.enter(doctor, shop.owner, LATER));
        refused(() -> readers.enter(Workshop.person(), shop.owner, TOKEN));
        assertFalse(fetches());
    }

    @Test
    void othersLettersStayClosed() throws IOException {
        isIn();
        var other = Workshop.person();
        var theirs = shop.put(shop.author, Workshop.noise(10));
        shop.store.register(shop.author, new Store.Envelope(theirs, java.util.List.of(), other));
        assertFalse(shop.fetches(doctor, theirs));
        assertFalse(shop.fetches(shop.stranger, envelope.letter()));
    }

    @Test
    void whatTheOwnerEndsIsOverAtOnce() throws IOException {
        isIn();
        readers.dismiss(shop.owner, doctor);
        assertFalse(fetches());
        isIn();
        readers.allow(shop.owner, digest(TOKEN));
        assertTrue(fetches(), "said again");
        readers.allow(shop.owner, digest(LATER));
        assertFalse(fetches(), "another token");
        readers.forbid(shop.owner);
        refused(() -> readers.admit(admission(HOUR)));
        refused(() -> readers.admit(new Admission(Workshop.person(), doctor, shop.clock.instant())));
    }
}
