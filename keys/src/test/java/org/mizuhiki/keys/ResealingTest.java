package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mizuhiki.keys.PostgresKeyServerTest.assertRefused;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.consent.Statement.LetterResealed;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Slot;

/// An author puts another slot in the place of an owner's: openly, and for the owner's own key only.
@Tag("F7")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResealingTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private Region region;

    /// What the directory proves.
    private final Map<PersonId, Digest> directory = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init")
    private Resealing resealing;

    @BeforeAll
    void open() {
        region = new Region(folder);
        resealing = region.keys.resealing(owner -> Optional.ofNullable(directory.get(owner))
                .orElseThrow(() -> Refusal.of("person-unknown", "不明", "nobody")));
    }

    @AfterAll
    void close() {
        region.close();
    }

    private LetterResealed word(Region.Referral letter, Slot slot) {
        return new LetterResealed(
                letter.doctor.id(),
                letter.patient.id(),
                letter.letter,
                slot.keyId(),
                slot.encoded().sha256(),
                region.clock.instant(),
                region.nonce());
    }

    private void reseal(Region.Referral letter, Slot slot) {
        resealing.reseal(letter.doctor.id(), region.sign(word(letter, slot), letter.doctor), slot);
    }

    private Slot owners(Region.Referral letter) {
        return region.keys
                .release(
                        letter.patient.id(),
                        region.sign(letter.opening(letter.patient.id(), Optional.empty()), letter.patient))
                .slot();
    }

    private List<String> kinds(Region.Referral letter) {
        return region.keys.aboutLetter(letter.patient.id(), letter.letter).stream()
                .map(f -> Pretend.statements(region.clock)
                        .check(f.signed())
                        .statement()
                        .kind())
                .toList();
    }

    @Test
    void anOwnerWithANewKeyGetsASlotForItAndSeesWhoMadeIt() {
        var letter = region.letter();
        var slot = region.slot();
        directory.put(letter.patient.id(), slot.keyId());
        var signed = region.sign(word(letter, slot), letter.doctor);
        long before = region.ledger.size();
        resealing.reseal(letter.doctor.id(), signed, slot);
        resealing.reseal(letter.doctor.id(), signed, slot);
        reseal(letter, slot);
        assertEquals(before + 1, region.ledger.size());
        assertEquals(slot, owners(letter));
        assertEquals(List.of("letter-sealed", "letter-resealed", "disclosure"), kinds(letter));
        var written = resealing.written(letter.doctor.id(), new Digest("0".repeat(64)));
        assertEquals(slot.keyId(), written.getFirst().key());
    }

    @Test
    void noOtherKeyThanTheDirectorysComesInTheOwnersPlace() {
        var letter = region.letter();
        var was = owners(letter);
        var mine = region.slot();
        assertRefused("person-unknown", () -> reseal(letter, mine));
        directory.put(letter.patient.id(), Digest.of((byte) 1));
        assertRefused("owner-key-differs", () -> reseal(letter, mine));
        assertEquals(was, owners(letter));
    }

    @Test
    void onlyTheAuthorsOwnSignedWordForThisSlotCounts() {
        var letter = region.letter();
        var slot = region.slot();
        directory.put(letter.patient.id(), slot.keyId());
        var other = region.letter();
        var word = word(letter, slot);
        assertRefused(
                "statement-signer", () -> resealing.reseal(other.doctor.id(), region.sign(word, letter.doctor), slot));
        var foreign = new LetterResealed(
                other.doctor.id(), word.owner(), word.letter(), word.key(), word.slot(), word.at(), word.nonce());
        assertRefused(
                "letter-unknown", () -> resealing.reseal(other.doctor.id(), region.sign(foreign, other.doctor), slot));
        var swapped = new Slot(slot.keyId(), region.slot().encoded());
        assertRefused(
                "slot-mismatch", () -> resealing.reseal(letter.doctor.id(), region.sign(word, letter.doctor), swapped));
        // nor does it come in by the other door
        assertRefused("statement-kind", () -> region.keys.say(letter.doctor.id(), region.sign(word, letter.doctor)));
        assertEquals(letter.slots.get(letter.patient.id()), owners(letter));
    }

    @Test
    void aLedgerThatIsAwayIsWaitedFor() {
        var letter = region.letter();
        var slot = region.slot();
        directory.put(letter.patient.id(), slot.keyId());
        region.ledger.mood = ListLedger.Mood.AWAY;
        assertRefused("ledger-unavailable", () -> reseal(letter, slot));
        region.ledger.mood = ListLedger.Mood.WELL;
        assertEquals(letter.slots.get(letter.patient.id()), owners(letter));
        region.keys.settle();
        assertEquals(slot, owners(letter));
    }
}
