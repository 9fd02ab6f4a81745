package org.mizuhiki.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;

/// The authority under load, clients on the same machine, next to plain ECDSA signatures of one thread in
/// the same run; then the same with ten million certificates issued.
final class PkiBench implements Benchmark {
    private static final int CONNECTIONS = 16;
    private static final long ROUND = TimeUnit.SECONDS.toNanos(3);
    private static final int ROUNDS = 3;
    private static final int WARM = 16;
    private static final int REQUESTS = 200_000;
    private static final int HOT = 5000;
    private static final long PATIENTS = Long.getLong("mizuhiki.bench.patients", 10_000_000);
    private static final long STOLEN = 100_000;
    private static final String SIGNATURES = "ECDSA P-256 signatures/s, one thread";

    private final SecureRandom die;
    private final Clock clock;
    private final List<Row> rows = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();

    PkiBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "pki";
    }

    @Override
    public List<Row> run() throws Exception {
        var folder = Files.createTempDirectory("mizuhiki-bench-");
        try (var site = new PkiSite(folder, clock, die)) {
            measure(site, folder);
        } finally {
            Folders.clear(folder);
        }
        return rows;
    }

    private void measure(PkiSite site, Path folder) throws Exception {
        double signatures = signaturesPerSecond();
        var enrol = enrolling(site);
        var tls = Crowd.overTls(CONNECTIONS, site.server.port(), site.root());
        var plain = Crowd.plain(CONNECTIONS, site.server.plainPort().orElseThrow());
        // 1. issuing
        double first = certificates(tls, enrol, signatures);
        double quick = middle(tls.times(300, next, enrol));
        // 2. stamps
        var stamp = stamping(folder);
        row("time stamps/s", median(plain, new AtomicLong(), stamp), SIGNATURES, signatures);
        // 3. years later
        long begun = System.nanoTime();
        PkiRows.patients(site.database, PATIENTS);
        var many = String.format(Locale.ROOT, "%,d", PATIENTS);
        row("s to load rows of " + many + " certificates", (System.nanoTime() - begun) / 1e9);
        var status = new StatusAsking(site, folder);
        row("OCSP answers/s, signed before", median(plain, new AtomicLong(), status::hot), SIGNATURES, signatures);
        row(
                "OCSP answers/s with nonce, of " + many,
                median(plain, new AtomicLong(), status::anyWithNonce),
                SIGNATURES,
                signatures);
        var times = plain.times(2000, new AtomicLong(), status::any);
        row("ms an answer, of " + many + ", none of them asked before: middle", middle(times));
        row("  the slowest of 100", times.get(times.size() * 99 / 100));
        tls.rate(ROUND, next, enrol);
        row("certificates/s with " + many + " issued", median(tls, next, enrol), "with none issued", first);
        stolen(site);
        double later = middle(tls.times(300, next, enrol));
        rows.add(new Row(
                "ms a certificate with " + many + " issued, one client", later, "with none", quick, quick / later));
    }

    private double certificates(Crowd tls, Crowd.Asking enrol, double signatures) throws Exception {
        for (int i = 0; i < WARM; i++) { // the JVM compiles for long
            tls.rate(ROUND, next, enrol);
        }
        long from = next.get();
        var before = processors();
        double rate = median(tls, next, enrol);
        var used = processors().minus(before);
        row("certificates/s over TLS (EST), " + CONNECTIONS + " clients", rate, SIGNATURES, signatures);
        row(
                "  ms of processors a certificate: client, server, PostgreSQL",
                used.toMillis() / (double) (next.get() - from));
        return rate;
    }

    /// Everything that a CA issued, by its errand.
    private void stolen(PkiSite site) throws InterruptedException {
        PkiRows.services(site.database, STOLEN);
        long begun = System.nanoTime();
        site.authority.caRevocation().begin("service", "bench", "bench");
        while (site.authority.caRevocation().progress().stream()
                .anyMatch(p -> p.finished().isEmpty())) {
            Thread.sleep(20);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        row("s to revoke " + String.format(Locale.ROOT, "%,d", STOLEN) + " certificates of a stolen CA", seconds);
    }

    private Crowd.Asking enrolling(PkiSite site) {
        PkiRows.tickets(site.database, 0, REQUESTS);
        // one after another would take longer than the measurement
        var bodies = IntStream.range(0, REQUESTS)
                .parallel()
                .mapToObj(i -> Base64.getEncoder()
                        .encode(EnrolmentRequests.server(KeyFiles.newKeyPair(die))
                                .signing()
                                .toArray()))
                .toList();
        return number -> {
            var login = PkiRows.ticket(number).replace('.', ':').getBytes(StandardCharsets.US_ASCII);
            return Crowd.post(
                    "/.well-known/est/simpleenroll",
                    "Authorization: Basic " + Base64.getEncoder().encodeToString(login)
                            + "\r\nContent-Type: application/pkcs10\r\n",
                    bodies.get((int) number));
        };
    }

    private static Crowd.Asking stamping(Path folder) throws Exception {
        var digest = "5a".repeat(32);
        Tools.openssl(folder, "ts -query -sha256 -cert -digest " + digest + " -out query");
        var query = Files.readAllBytes(folder.resolve("query"));
        int at = Tools.find(query, HexFormat.of().parseHex(digest));
        return number -> {
            var one = query.clone();
            ByteBuffer.wrap(one, at, 8).putLong(number);
            return Crowd.post("/tsa", "Content-Type: application/timestamp-query\r\n", one);
        };
    }

    /// Requests for the status of patients' certificates, made from one of openssl's.
    private static final class StatusAsking {
        private final byte[] plain;
        private final byte[] nonced;
        private final int plainAt;
        private final int noncedAt;

        StatusAsking(PkiSite site, Path folder) throws Exception {
            KeyFiles.writeChain(folder.resolve("person.pem"), List.of(site.ca("person")));
            var serial = PkiRows.serial(1, PATIENTS);
            var command = "ocsp -issuer person.pem -serial 0x" + HexFormat.of().formatHex(serial) + " -reqout ";
            Tools.openssl(folder, command + "plain -no_nonce");
            Tools.openssl(folder, command + "nonced");
            plain = Files.readAllBytes(folder.resolve("plain"));
            nonced = Files.readAllBytes(folder.resolve("nonced"));
            plainAt = Tools.find(plain, serial);
            noncedAt = Tools.find(nonced, serial);
        }

        byte[] hot(long number) {
            return post(plain, plainAt, number % HOT);
        }

        byte[] any(long number) {
            return post(plain, plainAt, HOT + number * 4999 % (PATIENTS - HOT));
        }

        byte[] anyWithNonce(long number) {
            var one = nonced.clone();
            ByteBuffer.wrap(one, one.length - 8, 8).putLong(number);
            return post(one, noncedAt, number * 7919 % PATIENTS);
        }

        private byte[] post(byte[] template, int at, long place) {
            var one = template.clone();
            System.arraycopy(PkiRows.serial(place, PATIENTS), 0, one, at, 16);
            return Crowd.post("/ocsp", "Content-Type: application/ocsp-request\r\n", one);
        }
    }

    private static double median(Crowd crowd, AtomicLong next, Crowd.Asking asking) throws Exception {
        var rates = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            rates.add(crowd.rate(ROUND, next, asking));
        }
        return middle(rates.stream().sorted().toList());
    }

    private static double middle(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }

    private void row(String what, double value) {
        rows.add(new Row(what, value, "", 0, Double.NaN));
    }

    private void row(String what, double value, String baseline, double baselineValue) {
        rows.add(new Row(what, value, baseline, baselineValue, value / baselineValue));
    }

    /// Of this process and its databases: other programs of the machine do not count.
    private static Duration processors() {
        return ProcessHandle.current()
                .descendants()
                .map(p -> p.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO), Duration::plus);
    }

    private double signaturesPerSecond() throws Exception {
        var maker = KeyPairGenerator.getInstance("EC");
        maker.initialize(new ECGenParameterSpec("secp256r1"), die);
        var signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(maker.generateKeyPair().getPrivate());
        var message = new byte[256];
        long done = 0;
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < ROUND) {
            signer.update(message);
            done += signer.sign().length > 0 ? 1 : 0;
        }
        return done * 1e9 / (System.nanoTime() - begun);
    }
}
