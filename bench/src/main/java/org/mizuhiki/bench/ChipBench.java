package org.mizuhiki.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.chip.CardChannel;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.chip.TerminalElement;
import org.mizuhiki.chip.TickStamps;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;

/// The card runtime on one core: stamps of a terminal's element next to bare signatures of the same provider,
/// commands that sign nothing, the start of a card that lies on disk, and how much memory cards take.
final class ChipBench implements Benchmark {
    private static final int ROUNDS = 5;
    private static final long ROUND = TimeUnit.SECONDS.toNanos(2);
    private static final int QUOTA = 30_000;
    private static final int CARDS = 10_000;

    private final SecureRandom die;
    private final Clock clock;

    ChipBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "chip";
    }

    @Override
    public List<Row> run() throws Exception {
        var rows = new ArrayList<Row>();
        var stamping = new Stamping();
        var bare = bareSignature();
        var stamps = new ArrayList<Double>();
        var signatures = new ArrayList<Double>();
        var plain = new ArrayList<Double>();
        var card = equipped();
        byte[] command = {(byte) 0x80, (byte) 0xca, 0, 0};
        for (int i = 0; i <= ROUNDS; i++) { // the first warms up
            stamps.add(perSecond(stamping));
            signatures.add(perSecond(bare));
            plain.add(perSecond(() -> mustBeWell(card.transmit(command))));
        }
        rows.add(row("tick stamps, a core and second", stamps, "ECDSA P-256 signatures", signatures));
        rows.add(row("commands that sign nothing, a core and second", plain, "ECDSA P-256 signatures", signatures));
        rows.add(new Row("start of a card that lies on disk, ms", startOfKept(), "", 0, Double.NaN));
        rows.add(new Row(CARDS + " e-Keys in one JVM, MiB", memoryOfMany(), "", 0, Double.NaN));
        return rows;
    }

    private static Row row(String what, List<Double> ours, String baseline, List<Double> theirs) {
        double value = median(ours.subList(1, ours.size()));
        double beside = median(theirs.subList(1, theirs.size()));
        return new Row(what, value, baseline, beside, value / beside);
    }

    @FunctionalInterface
    private interface Once {
        void run() throws Exception;
    }

    /// A second of processor time, so that other programs on the machine do not count.
    private static double perSecond(Once once) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long done = 0;
        while (threads.getCurrentThreadCpuTime() - start < ROUND) {
            for (int i = 0; i < 100; i++) {
                once.run();
            }
            done += 100;
        }
        return done * 1e9 / (threads.getCurrentThreadCpuTime() - start);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /// A terminal that stamps visits, with a new anchor whenever its quota is used up.
    private final class Stamping implements Once {
        private final KeyPair service = KeyFiles.newKeyPair(die);
        private final TerminalElement element = element(service);
        private final TickStamps stamps = element.stamps();
        private int left;
        private long visit;

        @Override
        public void run() {
            if (left == 0) {
                anchor();
            }
            stamps.stamp(Bytes.utf8("visit " + visit++).sha256());
            left--;
        }

        private void anchor() {
            var nonce = new byte[16];
            die.nextBytes(nonce);
            var asked = TickStamps.asked(Bytes.of(nonce), clock.instant().plusSeconds(visit));
            stamps.anchor(
                    asked,
                    ChipSigner.of(service.getPublic(), service.getPrivate(), die)
                            .apply(element.view().key().toSign(asked)));
            left = QUOTA;
        }
    }

    private TerminalElement element(KeyPair service) {
        var card = SoftCard.inMemory(die);
        card.install(Programs.TERMINAL, TerminalElement.parameters(service.getPublic(), QUOTA));
        return TerminalElement.on(card);
    }

    private Once bareSignature() {
        var pair = KeyFiles.newKeyPair(die);
        var message = Bytes.of(new byte[128]);
        return () -> Crypto.signed(pair.getPrivate(), die, message);
    }

    private CardChannel equipped() {
        var card = SoftCard.inMemory(die);
        equip(card);
        return card;
    }

    private void equip(SoftCard card) {
        var maker = KeyFiles.newKeyPair(die);
        var signer = ChipSigner.of(maker.getPublic(), maker.getPrivate(), die);
        card.install(Programs.EKEY, EKey.parameters(signer.key(), 4));
        EKey.on(card).personalise(signer.key(), "bench", signer);
    }

    private static void mustBeWell(byte[] answer) {
        if (answer[answer.length - 2] != (byte) 0x90) {
            throw new IllegalStateException("the card refused");
        }
    }

    /// From the file to the first answer.
    private double startOfKept() throws Exception {
        var folder = Files.createTempDirectory("chip-bench");
        try {
            var taken = new ArrayList<Double>();
            var image = folder.resolve("image");
            try (var key = Secret.taking(new byte[32])) {
                var made = SoftCard.open(image, key, List.of(Programs.EKEY), die);
                equip(made);
                made.close();
                for (int i = 0; i < 21; i++) {
                    long start = System.nanoTime();
                    var card = SoftCard.open(image, key, List.of(Programs.EKEY), die);
                    EKey.on(card).view();
                    taken.add((System.nanoTime() - start) / 1e6);
                    card.close();
                }
            }
            return median(taken);
        } finally {
            Folders.clear(folder);
        }
    }

    private double memoryOfMany() {
        long before = used();
        var cards = new ArrayList<CardChannel>();
        for (int i = 0; i < CARDS; i++) {
            cards.add(equipped());
        }
        double after = used();
        cards.forEach(c -> mustBeWell(c.transmit((byte) 0x80, (byte) 0xca, (byte) 0, (byte) 0)));
        return (after - before) / (1 << 20);
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
