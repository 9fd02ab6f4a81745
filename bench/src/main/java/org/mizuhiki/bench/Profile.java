package org.mizuhiki.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.mizuhiki.apps.LetterLoad;

/// Where processors spend their time: Flight Recorder's samples by processor time (JEP 509: native methods
/// are seen, waiting is not), each counted for the innermost frame that says what it is about; the process's
/// and the databases' time in all beside it, as compilers are not sampled.
final class Profile {
    private static final String SAMPLE = "jdk.CPUTimeSample";
    private static final Duration PERIOD = Duration.ofMillis(10);

    private final Map<Work, Integer> samples = new EnumMap<>(Work.class);
    private double databases;
    private double process;

    @SuppressWarnings("ImmutableEnumChecker") // lists made by List.of
    private enum Work {
        CRYPTOGRAPHY(
                "cryptography",
                "com.amazon.corretto.",
                "org.bouncycastle.crypto.",
                "org.bouncycastle.pqc.",
                "org.bouncycastle.math.",
                "sun.security.provider.",
                "javax.crypto.",
                "com.sun.crypto.",
                "sun.security.ssl.",
                "org.mizuhiki.seal.kem"),
        EVIDENCE(
                "CMS, stamps, certificates, proofs around it",
                "sun.security.",
                "org.bouncycastle.",
                "org.mizuhiki.seal.",
                "org.mizuhiki.trust.",
                "org.mizuhiki.ledger."),
        DATABASE("the database's client", "org.postgresql.", "org.jdbi.", "com.zaxxer."),
        RECORDS("reading and checking FHIR documents", "ca.uhn.", "org.hl7.", "org.mizuhiki.records."),
        JSON("JSON", "tools.jackson.", "com.fasterxml."),
        HTTP("HTTP", "org.eclipse.jetty.", "jdk.internal.net.http.", "java.net.http."),
        DISK("files and fsync", "sun.nio.fs.", "sun.nio.ch.FileChannelImpl", "sun.nio.ch.UnixFileDispatcherImpl"),
        OTHER("other");

        private final String called;
        private final List<String> packages;

        Work(String called, String... packages) {
            this.called = called;
            this.packages = List.of(packages);
        }

        static Work of(List<RecordedFrame> stack) {
            for (var frame : stack) {
                var type = frame.getMethod().getType().getName();
                for (var work : values()) {
                    if (work.packages.stream().anyMatch(type::startsWith)) {
                        return work;
                    }
                }
            }
            return OTHER;
        }
    }

    void watch(LetterLoad.Work work) throws Exception {
        var file = Files.createTempFile("mizuhiki-profile-", ".jfr");
        try (var recording = new Recording()) {
            recording.enable(SAMPLE).with("throttle", PERIOD.toMillis() + "ms");
            var before = ofChildren();
            var mine = own();
            recording.start();
            work.run();
            recording.stop();
            databases = seconds(ofChildren().minus(before));
            process = seconds(own().minus(mine));
            recording.dump(file);
            count(file);
        } finally {
            Files.delete(file);
        }
    }

    /// Libraries write events of their own into a recording (jdbi one for each statement): those are no
    /// processor time.
    private void count(Path file) throws IOException {
        try (var events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                var event = events.readEvent();
                var trace = event.getStackTrace();
                if (event.getEventType().getName().equals(SAMPLE) && trace != null) {
                    samples.merge(Work.of(trace.getFrames()), 1, Integer::sum);
                }
            }
        }
    }

    List<Benchmark.Row> rows() {
        double all = samples.values().stream().mapToInt(Integer::intValue).sum();
        var rows = new ArrayList<Benchmark.Row>();
        for (var work : Work.values()) {
            rows.add(share(work.called, samples.getOrDefault(work, 0), all));
        }
        int both = samples.getOrDefault(Work.CRYPTOGRAPHY, 0) + samples.getOrDefault(Work.EVIDENCE, 0);
        rows.add(share("the first two together", both, all));
        rows.add(new Benchmark.Row("processor time of devices and servers, s", process, "", 0, Double.NaN));
        rows.add(new Benchmark.Row("processor time of PostgreSQL, s", databases, "", 0, Double.NaN));
        return rows;
    }

    private static Benchmark.Row share(String of, int samples, double all) {
        return new Benchmark.Row("profile, % of Java samples: " + of, 100 * samples / all, "", 0, Double.NaN);
    }

    private static Duration own() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static Duration ofChildren() {
        return ProcessHandle.current()
                .descendants()
                .map(p -> p.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
