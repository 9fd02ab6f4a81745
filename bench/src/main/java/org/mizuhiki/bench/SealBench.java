package org.mizuhiki.bench;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.Streams;
import org.mizuhiki.trust.Accreditation;

/// Letters a second, and large objects next to the JDK's raw AES-GCM and to openssl's on the same buffer
/// size, all in one run and on one thread. Input and output of the streams cost nothing: only the room's
/// own work is measured.
public final class SealBench implements Benchmark {
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 500_000_000L;
    private static final long OBJECT = 256L << 20;
    private static final long OPENED = 64L << 20;

    private final SecureRandom die;
    private final Clock clock;

    public SealBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "seal";
    }

    @Override
    public List<Row> run() throws Exception {
        var rows = new ArrayList<Row>();
        var folder = Files.createTempDirectory("mizuhiki-bench");
        try {
            letters(folder, rows);
        } finally {
            Folders.clear(folder);
        }
        for (int size : new int[] {64 << 10, 1 << 20}) {
            objects(size, rows);
        }
        return List.copyOf(rows);
    }

    private void letters(Path folder, List<Row> rows) throws Exception {
        var seals = new Seals(die);
        var stamps = Accreditation.found(folder.resolve("region"), "bench", URI.create("http://localhost"), clock, die)
                .stamps(clock, die);
        var author = author(folder);
        var content = new byte[10 << 10];
        die.nextBytes(content);
        var metadata = Canonical.of(Map.of("kind", "bench"));
        Opener.XWing mine = seals.newReaderKey();
        var readers = List.of(new Reader.XWing(mine.publicKey()));
        var next = new Reader.XWing(seals.newReaderKey().publicKey());
        var letter = seals.letters().close(Bytes.of(content), metadata, author, stamps, readers);
        var imprint = Digest.of(content);
        double stamped = perSecond(() -> stamps.stamp(imprint));
        double closed = perSecond(() -> seals.letters().close(Bytes.of(content), metadata, author, stamps, readers));
        rows.add(alone("stamps/s of the authority in this process", stamped));
        rows.add(alone("10 KB letters closed/s, with the stamp", closed));
        rows.add(alone("10 KB letters closed/s, less the authority's time", 1 / (1 / closed - 1 / stamped)));
        rows.add(alone("10 KB letters opened/s", perSecond(() -> seals.letters().open(letter, mine))));
        rows.add(alone(
                "slots added/s (lateral grant)", perSecond(() -> seals.letters().addSlot(letter, mine, next))));
    }

    private void objects(int size, List<Row> rows) throws Exception {
        var what = size / 1024 + " KiB buffers, GB/s";
        double raw = median(() -> rawGcm(size));
        var streams = new Seals(die).streams(size);
        double bare = median(() -> close(streams, false));
        double named = median(() -> close(streams, true));
        double opened = median(() -> open(streams));
        rows.add(alone("JDK raw AES-256-GCM, " + what, raw));
        rows.add(compared("seal: close without digests, " + what, bare, "JDK raw AES-256-GCM", raw));
        rows.add(compared("seal: close with both SHA-256, " + what, named, "JDK raw AES-256-GCM", raw));
        rows.add(compared(
                "seal: open, " + what, opened, "JDK raw decryption of the same input", median(() -> rawOpen(size))));
        var peer = openssl(size);
        if (peer.isPresent()) {
            rows.add(compared(
                    "seal: close without digests, " + what,
                    bare,
                    "openssl speed -evp aes-256-gcm",
                    peer.getAsDouble()));
        }
    }

    private double rawGcm(int size) throws Exception {
        var key = new SecretKeySpec(new byte[32], "AES");
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        var plain = new byte[size];
        var closed = new byte[size + 16];
        var nonce = new byte[12];
        long start = System.nanoTime();
        long done = 0;
        for (int i = 0; done < OBJECT; i++, done += size) {
            java.nio.ByteBuffer.wrap(nonce).putInt(i);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            cipher.doFinal(plain, 0, size, closed, 0);
        }
        return gigabytes(done, start);
    }

    /// Reads and decrypts as many bytes from memory as [#open] does: that input does not fit into the
    /// caches, and copying it costs about as much as decrypting it.
    private static double rawOpen(int size) throws Exception {
        var key = new SecretKeySpec(new byte[32], "AES");
        var nonce = new GCMParameterSpec(128, new byte[12]);
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, nonce);
        var one = cipher.doFinal(new byte[size - 16]);
        var all = new java.io.ByteArrayOutputStream((int) OPENED);
        for (long done = 0; done < OPENED; done += size) {
            all.write(one);
        }
        var input = new java.io.ByteArrayInputStream(all.toByteArray());
        var opener = Cipher.getInstance("AES/GCM/NoPadding");
        var plain = new byte[size];
        long start = System.nanoTime();
        while (input.read(one, 0, size) == size) {
            opener.init(Cipher.DECRYPT_MODE, key, nonce);
            opener.doFinal(one, 0, size, plain, 0);
        }
        return gigabytes(OPENED, start);
    }

    private static double close(Streams streams, boolean digests) throws Exception {
        try (var key = streams.newKey();
                var plain = new Zeros(OBJECT)) {
            long start = System.nanoTime();
            if (digests) {
                streams.close(plain, OutputStream.nullOutputStream(), key, Bytes.utf8("bench"));
            } else {
                streams.closeUndigested(plain, OutputStream.nullOutputStream(), key, Bytes.utf8("bench"));
            }
            return gigabytes(OBJECT, start);
        }
    }

    private static double open(Streams streams) throws Exception {
        var closed = new java.io.ByteArrayOutputStream((int) OPENED + (1 << 20));
        try (var key = streams.newKey();
                var plain = new Zeros(OPENED)) {
            streams.closeUndigested(plain, closed, key, Bytes.utf8("bench"));
            var input = new java.io.ByteArrayInputStream(closed.toByteArray());
            long start = System.nanoTime();
            try (var in = streams.open(input, key, Bytes.utf8("bench"))) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return gigabytes(OPENED, start);
        }
    }

    /// Leaves the buffer as it is: reading costs nothing.
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int n = (int) Math.min(length, left);
            left -= n;
            return n == 0 && length > 0 ? -1 : n;
        }
    }

    /// Kilobytes a second stand at the end of the last line, as `4200000.00k`.
    private static OptionalDouble openssl(int size) throws Exception {
        try {
            var process = new ProcessBuilder(
                            "openssl", "speed", "-elapsed", "-seconds", "1", "-bytes", "" + size, "-evp", "aes-256-gcm")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .lines()
                    .toList();
            process.waitFor();
            var last = lines.getLast().strip();
            return OptionalDouble.of(
                    Double.parseDouble(last.substring(last.lastIndexOf(' ') + 1).replace("k", "")) / 1e6);
        } catch (java.io.IOException | RuntimeException e) {
            return OptionalDouble.empty();
        }
    }

    private static Author author(Path folder) throws Exception {
        var store = folder.resolve("author.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=bench",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "benchmark",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        made.getInputStream().readAllBytes();
        made.waitFor();
        var keys = KeyStore.getInstance(store.toFile(), "benchmark".toCharArray());
        return new Author((PrivateKey) keys.getKey("a", "benchmark".toCharArray()), List.of((X509Certificate)
                keys.getCertificate("a")));
    }

    private static double perSecond(Callable<?> work) throws Exception {
        return median(() -> {
            long start = System.nanoTime();
            int done = 0;
            while (System.nanoTime() - start < ROUND_NANOS) {
                work.call();
                done++;
            }
            return done * 1e9 / (System.nanoTime() - start);
        });
    }

    /// The median of the rounds after two to warm up.
    private static double median(Callable<Double> round) throws Exception {
        round.call();
        round.call();
        var values = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            values[i] = round.call();
        }
        Arrays.sort(values);
        return values[ROUNDS / 2];
    }

    private static double gigabytes(long bytes, long start) {
        return bytes / (double) (System.nanoTime() - start);
    }

    private static Row alone(String what, double value) {
        return new Row(what, value, "", 0, Double.NaN);
    }

    private static Row compared(String what, double value, String baseline, double baselineValue) {
        return new Row(what, value, baseline, baselineValue, value / baselineValue);
    }
}
