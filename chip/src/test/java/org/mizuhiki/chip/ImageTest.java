package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Cards.DIE;
import static org.mizuhiki.chip.Cards.PURSE;
import static org.mizuhiki.chip.Cards.PURSE_AID;
import static org.mizuhiki.chip.Cards.THIEF;
import static org.mizuhiki.chip.Cards.THIEF_AID;
import static org.mizuhiki.chip.Cards.hex;
import static org.mizuhiki.chip.Cards.select;
import static org.mizuhiki.chip.Cards.send;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.card.ImageFile;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.javacard.PowerLost;

/// A card outlives its process, and its power ends wherever it hurts most.
@Tag("N1")
class ImageTest {
    @TempDir
    private Path folder;

    private static Secret key() {
        return Secret.taking(new byte[32]);
    }

    private ImageFile file() {
        return new ImageFile(folder.resolve("card"), key(), DIE);
    }

    private static Card revived(byte[] image) {
        return Card.revive(image, List.of(PURSE, THIEF), DIE, Card.FORGETFUL);
    }

    @Test
    void aCardComesBackAsItWas() {
        var card = Cards.withPurse(Card.FORGETFUL);
        card.install(THIEF, "Thief", THIEF_AID, new byte[0]);
        select(card, THIEF_AID);
        send(card, "8000010005f04d5a5001");
        select(card, PURSE_AID);
        send(card, "80010500");
        send(card, "80010300");
        send(card, "80060000");
        send(card, "800300000439393939");
        var w = send(card, "8004000041");

        var again = revived(card.image());
        assertEquals("6985", send(again, "80020000"), "nothing is selected");
        select(again, PURSE_AID);
        assertEquals("0008fff803059000", send(again, "80020000"));
        assertEquals(w, send(again, "8004000041"));
        assertEquals("01019000", send(again, "80060000"), "transient memory is empty");
        assertEquals("6982", send(again, "800500000101"));
        assertEquals("63c1", send(again, "800300000439393939"), "the try that was spent stays spent");
        assertEquals("9000", send(again, "800300000431323334"));
        assertTrue(send(again, "800500000101").endsWith("9000"));
        select(again, THIEF_AID);
        assertEquals("00fff89000", send(again, "8000060005f04d5a5001"), "a kept reference crosses as before");
        assertArrayEquals(again.image(), revived(again.image()).image());
    }

    /// Before any write of a command the power ends; what the memory then holds is what a chip would hold.
    private static void tear(String command, int write, Card card) {
        var left = new AtomicInteger(write);
        card.feed(() -> {
            if (left.getAndDecrement() == 0) {
                throw new PowerLost();
            }
        });
        assertThrows(PowerLost.class, () -> send(card, command), "write " + write);
    }

    private static int writes(String command) {
        var card = Cards.withPurse(Card.FORGETFUL);
        select(card, PURSE_AID);
        var count = new AtomicInteger();
        card.feed(count::incrementAndGet);
        send(card, command);
        return count.get();
    }

    @Test
    void powerTornInATransactionLeavesTheStateBefore() {
        int writes = writes("80010500");
        assertTrue(writes > 3, writes + " writes");
        for (int i = 0; i < writes; i++) {
            var card = Cards.withPurse(Card.FORGETFUL);
            select(card, PURSE_AID);
            tear("80010500", i, card);
            assertEquals(
                    "card-silent",
                    assertThrows(Refusal.class, () -> send(card, "80020000")).code());
            var again = revived(card.image());
            select(again, PURSE_AID);
            assertEquals("0000000000009000", send(again, "80020000"), "torn at write " + i);
        }
    }

    @Test
    void withoutATransactionATornCommandShowsSoTheTestSeesWritesAtAll() {
        var card = Cards.withPurse(Card.FORGETFUL);
        select(card, PURSE_AID);
        tear("80010504", 1, card);
        var again = revived(card.image());
        select(again, PURSE_AID);
        assertEquals("0005000000009000", send(again, "80020000"));
    }

    @Test
    void powerTornWhileAPinIsComparedCostsTheTry() {
        int writes = writes("800300000431323334");
        assertEquals(2, writes, "one spends the try, one restores the tries");
        var card = Cards.withPurse(Card.FORGETFUL);
        select(card, PURSE_AID);
        tear("800300000431323334", 1, card);
        var again = revived(card.image());
        select(again, PURSE_AID);
        assertEquals("63c1", send(again, "800300000439393939"));
    }

    @Test
    void aSpentTryIsOnTheDiskBeforeTheComparison() {
        var kept = new AtomicReference<>(new byte[0]);
        var first = new AtomicReference<>(new byte[0]);
        var card = Cards.withPurse(image -> {
            kept.set(image.clone());
            first.updateAndGet(f -> f.length == 0 ? image.clone() : f);
        });
        select(card, PURSE_AID);
        first.set(new byte[0]);
        assertEquals("9000", send(card, "800300000431323334"));
        var during = revived(first.get());
        select(during, PURSE_AID);
        assertEquals("63c1", send(during, "800300000439393939"), "what was kept while the PIN was compared");
        var after = revived(kept.get());
        select(after, PURSE_AID);
        assertEquals("63c2", send(after, "800300000439393939"));
    }

    @Test
    void anImageThatCannotBeWrittenSilencesTheCard() {
        var full = new AtomicReference<>(false);
        var card = Cards.withPurse(image -> {
            if (full.get()) {
                throw new UncheckedIOException(new java.io.IOException("no space left"));
            }
        });
        select(card, PURSE_AID);
        full.set(true);
        assertThrows(UncheckedIOException.class, () -> send(card, "80010504"));
        assertEquals(
                "card-silent",
                assertThrows(Refusal.class, () -> send(card, "80020000")).code());
    }

    @Test
    void everyFlippedBitAndEveryMissingByteIsRefused() throws Exception {
        var path = folder.resolve("card");
        try (var file = file()) {
            Cards.withPurse(file);
        }
        var whole = Files.readAllBytes(path);
        try (var file = file()) {
            for (int bit = 0; bit < whole.length * 8; bit += bit < 600 ? 1 : 7) {
                var bent = whole.clone();
                bent[bit / 8] ^= (byte) (1 << (bit % 8));
                Files.write(path, bent);
                assertEquals(
                        "card-image-unreadable",
                        assertThrows(Refusal.class, file::image).code());
            }
            for (int length = 0; length < whole.length; length += 13) {
                Files.write(path, java.util.Arrays.copyOf(whole, length));
                assertThrows(Refusal.class, file::image);
            }
            Files.write(path, whole);
            assertTrue(file.image().isPresent());
        }
        try (var other = new ImageFile(path, Secret.taking(hex("01".repeat(32))), DIE)) {
            assertThrows(Refusal.class, other::image, "another card's key");
        }
    }

    @Test
    void oneProcessAtATimeRunsACard() {
        try (var file = file()) {
            Cards.withPurse(file);
            assertEquals("card-in-use", assertThrows(Refusal.class, this::file).code());
        }
        file().close();
    }

    @Test
    void imagesOfOtherAppletsAreRefused() {
        var image = Cards.withPurse(Card.FORGETFUL).image();
        assertEquals(
                "card-image-other-applets",
                assertThrows(Refusal.class, () -> Card.revive(image, List.of(THIEF), DIE, Card.FORGETFUL))
                        .code());
        image[0] ^= 1;
        assertEquals(
                "card-image-unreadable",
                assertThrows(Refusal.class, () -> revived(image)).code());
    }

    @Test
    void twoImagesOfOneStateShareNothing() throws Exception {
        try (var file = file()) {
            var card = Cards.withPurse(file);
            var first = Files.readAllBytes(folder.resolve("card"));
            file.keep(card.image());
            var second = Files.readAllBytes(folder.resolve("card"));
            int same = 0;
            for (int i = 16; i < first.length; i++) {
                same += first[i] == second[i] ? 1 : 0;
            }
            assertTrue(same < first.length / 64, same + " of " + first.length);
        }
    }
}
