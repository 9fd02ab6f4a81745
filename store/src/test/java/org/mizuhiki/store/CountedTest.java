package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;
import org.mizuhiki.usage.Tally;
import org.mizuhiki.usage.Tally.Counted;

/// What an institution's professionals put into the store is counted with the deed itself.
@Tag("V11")
class CountedTest {
    private static final Optional<InstitutionCode> CLINIC = Optional.of(new InstitutionCode("2819900017"));

    @TempDir
    Path folder;

    private static Store.Envelope brought(Workshop shop) {
        return new Store.Envelope(
                shop.put(shop.author, Workshop.noise(1000)),
                List.of(shop.put(shop.author, Workshop.noise(2000))),
                shop.owner);
    }

    private static List<Counted> counts(Workshop shop, Month month) {
        return shop.database.reading(rows -> new Tally(rows).of(month));
    }

    @Test
    void aLetterCountsOnceHoweverOftenItIsSaid() throws Exception {
        try (var shop = new Workshop(folder)) {
            var april = Month.of(shop.clock.instant());
            var envelope = brought(shop);
            assertEquals(List.of(), counts(shop, april), "bytes that nobody registered are nobody's letter");
            try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 20; i++) {
                    many.execute(() -> shop.store.register(shop.author, CLINIC, envelope));
                }
            }
            var once = List.of(
                    new Counted(CLINIC.orElseThrow(), Measure.BYTES, 3000),
                    new Counted(CLINIC.orElseThrow(), Measure.LETTERS, 1));
            assertEquals(once, counts(shop, april));
            var other = new Store.Envelope(envelope.letter(), List.of(), shop.reader);
            assertThrows(Refusal.class, () -> shop.store.register(shop.author, CLINIC, other));
            assertThrows(Refusal.class, () -> shop.store.register(shop.stranger, CLINIC, brought(shop)));
            shop.store.register(shop.author, Optional.empty(), brought(shop));
            assertEquals(once, counts(shop, april), "what was refused, and what patients do, is not counted");
        }
    }

    @Test
    void aMonthEndsAtMidnightInJapan() {
        try (var shop = new Workshop(folder)) {
            var midnight = Instant.parse("2026-04-30T15:00:00Z");
            shop.clock.advance(Duration.between(shop.clock.instant(), midnight.minusSeconds(1)));
            shop.store.register(shop.author, CLINIC, brought(shop));
            shop.clock.advance(Duration.ofSeconds(1));
            shop.store.register(shop.author, CLINIC, brought(shop));
            shop.store.register(shop.author, CLINIC, brought(shop));
            assertEquals(1, counts(shop, Month.parse("2026-04")).getLast().amount());
            assertEquals(2, counts(shop, Month.parse("2026-05")).getLast().amount());
            assertEquals(midnight, Month.parse("2026-04").end());
        }
    }
}
