package org.mizuhiki.store;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// A process that puts blobs and registers them, says which were acknowledged, and is killed meanwhile.
final class DyingStore {
    static final PersonId WHO = PersonId.random(new java.util.SplittableRandom(7));

    static final PersonId OWNER = PersonId.random(new java.util.SplittableRandom(8));
    static final InstitutionCode CLINIC = new InstitutionCode("2819900017");

    private DyingStore() {}

    static byte[] content(int i) {
        var content = new byte[70_000];
        Arrays.fill(content, (byte) (i * 31));
        content[0] = (byte) (i >> 8);
        content[1] = (byte) i;
        return content;
    }

    public static void main(String[] args) {
        var folder = Path.of(args[0]);
        var database = Databases.open(Workshop.config(folder), PostgresStore.MIGRATIONS, Workshop.DIE);
        var limits = new StoreLimits(1 << 20, 1L << 30, Duration.ofDays(7), 0);
        var store = PostgresStore.open(database, folder.resolve("blobs"), limits, Clock.systemUTC());
        for (int i = 0; ; i++) {
            var content = content(i);
            store.put(WHO, Digest.of(content), new ByteArrayInputStream(content), content.length);
            store.register(WHO, Optional.of(CLINIC), new Store.Envelope(Digest.of(content), List.of(), OWNER));
            System.out.println(Digest.of(content).hex());
        }
    }
}
