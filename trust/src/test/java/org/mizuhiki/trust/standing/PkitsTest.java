package org.mizuhiki.trust.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.path.NoPath;
import org.mizuhiki.trust.path.PathSearch;
import org.mizuhiki.trust.path.Rules;
import org.mizuhiki.trust.path.StrangeBytes;
import org.mizuhiki.trust.path.Strength;
import org.mizuhiki.trust.path.Use;

/// NIST's Public Key Interoperability Test Suite, all sections, each test with its inputs and its expected
/// result. All certificates of the suite lie in one heap, so that paths have to be found, too.
@Tag("B1")
@Tag("V5")
class PkitsTest {
    /// The certificates of the suite are of 2001 and last ten years.
    private static final Instant THEN = Instant.parse("2010-12-10T00:00:00Z");

    private static final Currency PATIENT = new Currency(Duration.ofDays(7300), Duration.ZERO, Duration.ZERO);

    private record Row(String id, String own, Set<String> policies, String inputs, String expected) {
        static Row of(String line) {
            var cells = line.split("\t", -1);
            var policies = cells[2].equals("any") ? Set.<String>of() : Set.of(cells[2].split(","));
            boolean valid = cells[4].equals("valid");
            // the suite says that a path is invalid; why, is what we found to be the reason it was made for
            return new Row(cells[0], cells[1], policies, cells[3], valid ? "valid" : cells[5]);
        }

        Rules rules() {
            return new Rules(
                    policies,
                    inputs.equals("explicit"),
                    inputs.equals("no-mapping"),
                    inputs.equals("no-any"),
                    id.startsWith("4.13.") ? Use.MAIL_SIGNING : Use.ANY, // names are asked of two there
                    Strength.ANY);
        }
    }

    private record Suite(Map<String, X509Certificate> all, X509Certificate root, Standings standings, Answers answers) {
        static Suite read(Path folder) throws Exception {
            var all = new HashMap<String, X509Certificate>();
            for (var file : files(folder.resolve("certs"))) {
                var name = file.getFileName().toString().replace(".crt", "");
                all.put(name, StrangeBytes.certificate(Bytes.of(Files.readAllBytes(file)), 0));
            }
            var lists = new HashMap<X500Principal, List<Bytes>>();
            for (var file : files(folder.resolve("crls"))) {
                var der = Bytes.of(Files.readAllBytes(file));
                var crl = StrangeBytes.crl(der).orElseThrow(() -> new AssertionError(file));
                lists.computeIfAbsent(crl.getIssuerX500Principal(), k -> new ArrayList<>())
                        .add(der);
            }
            var answers = new Answers() {
                @Override
                public List<Bytes> lists(X500Principal issuer, List<URI> at) {
                    return lists.getOrDefault(issuer, List.of());
                }

                @Override
                public List<Bytes> ocsp(List<URI> at, Supplier<Bytes> request) {
                    return List.of();
                }
            };
            var root = Objects.requireNonNull(all.get("TrustAnchorRootCertificate"));
            return new Suite(all, root, new Standings(PATIENT, Clock.fixed(THEN, ZoneOffset.UTC)), answers);
        }

        private static List<Path> files(Path folder) throws IOException {
            try (var list = Files.list(folder)) {
                return list.toList();
            }
        }

        String result(Row row) {
            var own = Objects.requireNonNull(all.get(row.own() + "EE"), row.own());
            var others = all.values().stream()
                    .filter(c -> c.getBasicConstraints() >= 0 || c.getKeyUsage() == null || !c.getKeyUsage()[0])
                    .toList();
            try {
                PathSearch.find(
                        own,
                        others,
                        Map.of(root, row.rules()),
                        THEN,
                        found -> standings.check(new Asking(found, others, THEN, Strength.ANY, answers)));
                return "valid";
            } catch (NoPath no) {
                return no.fault().name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }
    }

    private static Path folder() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var found = at.resolveSibling("shared/data/vectors/pkits");
            if (Files.isDirectory(found)) {
                return found;
            }
        }
        Assumptions.abort("skipped: there is no ../shared/data/vectors/pkits beside the repository");
        throw new IllegalStateException("aborted above");
    }

    private static Stream<Row> rows() {
        try (var in =
                Objects.requireNonNull(PkitsTest.class.getResourceAsStream("/org/mizuhiki/trust/standing/pkits.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(l -> !l.startsWith("#")).map(Row::of).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyTestOfTheSuiteEndsAsPublished() throws Exception {
        var suite = Suite.read(folder());
        return rows().map(row -> DynamicTest.dynamicTest(row.id() + " " + row.own() + " " + row.inputs(), () -> {
            assertEquals(row.expected(), suite.result(row));
        }));
    }
}
