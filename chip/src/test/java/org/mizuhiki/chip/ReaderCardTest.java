package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.NationalCardTest.refused;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;

/// Cards in readers: the same doors as to a card of the house.
@Tag("N7")
@Tag("V4")
class ReaderCardTest {
    @Test
    void aNationalCardInAReaderIsUsedAsOneWithout() {
        var room = PcscRoom.open();
        try (var _ = room.insert(NationalCard.ATR, Town.card());
                var line = ReaderCard.in(PcscRoom.READER)) {
            assertEquals(NationalCard.ATR, line.atr());
            var card = NationalCard.on(line);
            assertEquals("JPKIAPICCTOKEN2", card.tokenName());
            var content = Bytes.utf8("x");
            Town.enter(card);
            var certificate = card.certificate(AUTHENTICATION);
            assertTrue(NationalCardTest.signs(certificate, content, card.sign(AUTHENTICATION, content.sha256())));
            line.reset();
            var again = NationalCard.on(line);
            assertEquals("card-not-permitted", refused(() -> again.sign(AUTHENTICATION, content.sha256())));
            again.verify(AUTHENTICATION, Town.pin());
            assertTrue(NationalCardTest.signs(certificate, content, again.sign(AUTHENTICATION, content.sha256())));
        }
    }

    @Test
    void otherProgramsWaitAndFindTheCardClosed() throws Exception {
        var room = PcscRoom.open();
        var certificate = NationalCard.on(Town.card()).certificate(AUTHENTICATION);
        try (var _ = room.insert(NationalCard.ATR, Town.card())) {
            final CompletableFuture<PcscRoom.Said> other;
            try (var line = ReaderCard.in(PcscRoom.READER)) {
                NationalCard.on(line).verify(AUTHENTICATION, Town.pin());
                assertEquals("card-in-use", refused(() -> ReaderCard.in(PcscRoom.READER)));
                other = CompletableFuture.supplyAsync(() -> room.opensc("pkcs15-tool", "--read-certificate", "1"));
                assertThrows(TimeoutException.class, () -> other.get(1, TimeUnit.SECONDS));
                assertEquals(certificate, NationalCard.on(line).certificate(AUTHENTICATION));
                NationalCard.on(line).verify(AUTHENTICATION, Town.pin());
            }
            assertEquals(
                    certificate, OpenScTest.pem(other.get(20, TimeUnit.SECONDS).text()));
            try (var next = ReaderCard.in(PcscRoom.READER)) {
                var card = NationalCard.on(next);
                assertEquals(
                        "card-not-permitted",
                        refused(() -> card.sign(AUTHENTICATION, Bytes.of().sha256())));
            }
        }
    }

    @Test
    void aCardThatIsPulledOutIsSilent() {
        var room = PcscRoom.open();
        var inserted = room.insert(NationalCard.ATR, Town.card());
        try (var line = ReaderCard.in(PcscRoom.READER)) {
            var card = NationalCard.on(line);
            inserted.close();
            assertEquals("card-silent", refused(card::tokenName));
            assertEquals("card-silent", refused(line::reset));
        }
        assertEquals("reader-without-card", refused(() -> ReaderCard.in(PcscRoom.READER)));
        assertEquals("reader-without-card", refused(() -> ReaderCard.in("another reader")));
        assertEquals(List.of(), ReaderCard.readers());
    }

    @Test
    void withoutAVirtualReaderThereIsNothingToPutACardInto() throws Exception {
        int free;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = taken.getLocalPort();
        }
        var nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), free);
        assertEquals(
                "reader-unreachable",
                refused(() -> VirtualReader.insert(nowhere, VirtualReader.PLAIN_ATR, Town.card())));
    }
}
