package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.store.Keyrings.Kept;
import org.mizuhiki.store.Keyrings.Next;

@Tag("V4")
class KeyringsTest {
    private static final Bytes TOKEN = Bytes.utf8("of the first master key");
    private static final Bytes LATER = Bytes.utf8("of the second master key");

    @TempDir
    private static Path folder;

    private static Workshop shop;
    private static PostgresKeyrings keyrings;

    private final PersonId person = Workshop.person();

    @BeforeAll
    static void open() {
        shop = new Workshop(folder);
        keyrings = new PostgresKeyrings(shop.database, shop.clock);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static void refused(String code, Executable work) {
        assertEquals(code, Workshop.refusal(work));
    }

    private static Next next(long number, String content, Bytes token) {
        return new Next(number, Bytes.utf8(content), Digest.of(token.toArray()));
    }

    @Test
    void theTokenOfTheMasterKeyFetchesAndReplacesAndEndsWithIt() {
        keyrings.keepOwn(person, next(1, "first", TOKEN));
        keyrings.keepOwn(person, next(1, "first", TOKEN));
        assertEquals(new Kept(1, Bytes.utf8("first")), keyrings.fetch(person, TOKEN));
        var rotated = next(2, "second", LATER);
        keyrings.keep(person, TOKEN, rotated);
        keyrings.keep(person, TOKEN, rotated);
        refused("keyring-unknown", () -> keyrings.fetch(person, TOKEN));
        assertEquals(2, keyrings.fetch(person, LATER).number());
        assertEquals(2, keyrings.fetchOwn(person).number());
    }

    @Test
    void strangersCannotTellWhetherThereIsAKeyring() {
        keyrings.keepOwn(person, next(1, "mine", TOKEN));
        refused("keyring-unknown", () -> keyrings.fetch(person, LATER));
        refused("keyring-unknown", () -> keyrings.fetch(Workshop.person(), TOKEN));
        refused("keyring-unknown", () -> keyrings.keep(person, LATER, next(2, "theirs", LATER)));
        refused("keyring-unknown", () -> keyrings.fetchOwn(Workshop.person()));
    }

    @Test
    void ofManyDevicesAtOnceOneIsFirst() {
        keyrings.keepOwn(person, next(1, "first", TOKEN));
        var first = new AtomicInteger();
        var told = new AtomicInteger();
        try (var devices = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var mine = next(2, "of device " + i, TOKEN);
                devices.execute(() -> {
                    try {
                        keyrings.keep(person, TOKEN, mine);
                        first.incrementAndGet();
                    } catch (Refusal refusal) {
                        assertEquals("keyring-changed", refusal.code());
                        told.incrementAndGet();
                    }
                });
            }
        }
        assertEquals(1, first.get());
        assertEquals(7, told.get());
    }

    @Test
    void whatIsTooLargeOrOutOfOrderIsRefused() {
        refused("keyring-too-large", () -> keyrings.keepOwn(person, next(1, "", TOKEN)));
        refused("keyring-too-large", () -> keyrings.keepOwn(person, next(0, "x", TOKEN)));
        var large = "x".repeat(Keyrings.MAX_BYTES + 1);
        refused("keyring-too-large", () -> keyrings.keepOwn(person, next(1, large, TOKEN)));
        refused("keyring-changed", () -> keyrings.keepOwn(person, next(2, "x", TOKEN)));
    }
}
