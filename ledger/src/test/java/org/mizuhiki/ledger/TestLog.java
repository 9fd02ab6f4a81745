package org.mizuhiki.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// A log with its keys, its witnesses and a stamp authority, in a folder of a test.
final class TestLog implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    static final Clock CLOCK = Clock.fixed(FakeStamps.NOON, ZoneOffset.UTC);
    static final String ORIGIN = "ledger.example.jp/test";

    final FakeStamps stamps = new FakeStamps();
    final Path folder;
    final LogSigner signer;
    final LogKeys keys;
    final List<DurableWitness> witnesses = new ArrayList<>();
    final LedgerSettings settings;
    TileLog log;

    TestLog(Path folder, int witnesses, int quorum) throws IOException {
        this(folder, witnesses, quorum, quick());
    }

    TestLog(Path folder, int count, int quorum, LedgerSettings settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.signer = LogSigner.generate(ORIGIN, DIE);
        var watching = new LinkedHashMap<String, Bytes>();
        for (int i = 0; i < count; i++) {
            watching.put(
                    "witness-" + i, DurableWitness.create(folder.resolve("witness-" + i), "witness-" + i, ORIGIN, DIE));
        }
        this.keys = signer.keys(watching, quorum);
        for (int i = 0; i < count; i++) {
            witnesses.add(DurableWitness.open(folder.resolve("witness-" + i), "witness-" + i, keys, CLOCK, DIE));
        }
        this.log = open(List.copyOf(witnesses));
    }

    static LedgerSettings quick() {
        return LedgerSettings.usual().every(Duration.ofMillis(5));
    }

    TileLog open(List<Witness> asked) throws IOException {
        return TileLog.open(folder.resolve("log"), signer, keys, stamps, asked, settings);
    }

    void reopen() throws IOException {
        log.close();
        log = open(List.copyOf(witnesses));
    }

    EvidenceCheck check() {
        return offline();
    }

    OfflineEvidenceCheck offline() {
        return new OfflineEvidenceCheck(stamps, FakeStamps.TRUSTED);
    }

    static Entry entry(String name) {
        return new Entry("care-relation", Bytes.utf8(name).sha256());
    }

    static Digest leaf(String name) {
        return entry(name).leaf();
    }

    /// Waits until something is so; a test that waits in vain ends by its own deadline.
    static void await(BooleanSupplier so) throws InterruptedException {
        for (int i = 0; i < 3000 && !so.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        if (!so.getAsBoolean()) {
            throw new AssertionError("it never came to be so");
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
