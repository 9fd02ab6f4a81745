package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Standing;

/// Which programs of this institution may use its door, each pinned by its own certificate: whoever is not in
/// this list is nobody, whatever signed the certificate. On disk a file for each, `<SHA-256>.json`.
final class HospitalPrograms implements Standing {
    private static final Duration LONGEST = Duration.ofDays(3 * 366);
    private static final int LARGEST = 1 << 16;
    private static final int MOST = 1000;

    private final Path folder;
    private final Clock clock;
    private volatile Map<Digest, Admitted> admitted;

    /// A program that was let in.
    ///
    /// @param desks that it may use
    /// @param certificate DER
    record Admitted(String program, List<String> desks, Bytes certificate, Instant admitted) {
        Admitted {
            desks = List.copyOf(desks);
        }

        X509Certificate x509() {
            return KeyFiles.certificate(certificate);
        }
    }

    /// What the operator sees.
    ///
    /// @param sha256 the certificate's fingerprint, as `openssl x509 -fingerprint -sha256` prints it without colons
    record Shown(String program, List<String> desks, Digest sha256, Instant until) {
        static Shown of(Admitted a) {
            return new Shown(
                    a.program(),
                    a.desks(),
                    a.certificate().sha256(),
                    a.x509().getNotAfter().toInstant());
        }
    }

    HospitalPrograms(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        this.admitted = read(folder);
    }

    private static Map<Digest, Admitted> read(Path folder) {
        try {
            Files.createDirectories(folder);
            var found = new TreeMap<Digest, Admitted>();
            try (var files = Files.newDirectoryStream(folder, "*.json")) {
                for (var file : files) {
                    if (Files.size(file) > LARGEST) {
                        throw new IOException("a program's file is too large");
                    }
                    var a = Json.read(Bytes.of(Files.readAllBytes(file)), Admitted.class);
                    found.put(a.certificate().sha256(), a);
                }
            }
            return Map.copyOf(found);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    /// Lets a program in from now on.
    ///
    /// @param pem one certificate whose subject has `OU=Program` and the program's name as `serialNumber`
    /// @throws Refusal `program-certificate-unfit`, `program-list-full`
    synchronized Shown admit(Path pem, List<String> desks) {
        var chain = KeyFiles.readChain(pem);
        if (chain.size() != 1) {
            throw unfit();
        }
        var certificate = chain.getFirst();
        var name = name(certificate);
        if (!fitKey(certificate) || !fitLife(certificate)) {
            throw unfit();
        }
        if (admitted.size() >= MOST) {
            throw Refusal.of("program-list-full", "登録されたプログラムが多すぎます", "Too many programs are let in");
        }
        var added = new Admitted(name, desks, KeyFiles.encoded(certificate), clock.instant());
        KeyFiles.write(file(added), Json.write(added).toArray(), "rw-------");
        admitted = read(folder);
        return Shown.of(added);
    }

    private static String name(X509Certificate certificate) {
        try {
            if (Caller.of(certificate) instanceof Caller.Program program) {
                return program.name();
            }
        } catch (Refusal e) {
            throw unfit();
        }
        throw unfit();
    }

    private static boolean fitKey(X509Certificate certificate) {
        return switch (certificate.getPublicKey()) {
            case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= 256;
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= 2048;
            default -> false;
        };
    }

    private boolean fitLife(X509Certificate certificate) {
        var until = certificate.getNotAfter().toInstant();
        return until.isAfter(clock.instant()) && until.isBefore(clock.instant().plus(LONGEST));
    }

    private static Refusal unfit() {
        return Refusal.of(
                "program-certificate-unfit",
                "PEMの証明書1枚で、Subjectに OU=Program と serialNumber=名前（英小文字で始まる英小文字・数字・「-」の31文字まで）、"
                        + "鍵はP-256以上のECかRSA 2048以上、期限は3年以内にしてください（手順: docs/flows/hospital-api.md）",
                "One certificate in PEM, with OU=Program and serialNumber=NAME in its subject, an EC key of P-256 or"
                        + " more or RSA of 2048 or more, at most three years to live (see docs/flows/hospital-api.md)");
    }

    /// Lets a program in no more, with all its certificates or with one.
    ///
    /// @return which certificates
    /// @throws Refusal `program-unknown`
    synchronized List<Shown> end(Optional<String> program, Optional<Digest> certificate) {
        Predicate<Admitted> meant = a -> program.map(a.program()::equals).orElse(true)
                && certificate.map(a.certificate().sha256()::equals).orElse(true);
        var ended = admitted.values().stream().filter(meant).toList();
        if (ended.isEmpty() || (program.isEmpty() && certificate.isEmpty())) {
            throw Refusal.of("program-unknown", "このプログラムは登録されていません", "No such program is let in");
        }
        try {
            for (var a : ended) {
                Files.deleteIfExists(file(a));
            }
            Folders.sync(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        } finally {
            admitted = read(folder);
        }
        return ended.stream().map(Shown::of).toList();
    }

    private Path file(Admitted a) {
        return folder.resolve(a.certificate().sha256().hex() + ".json");
    }

    List<Shown> list() {
        return admitted.values().stream().map(Shown::of).toList();
    }

    Collection<X509Certificate> certificates() {
        return admitted.values().stream().map(Admitted::x509).toList();
    }

    /// Asked at every request: what was ended a moment ago opens nothing on a standing connection.
    @Override
    public void check(X509Certificate certificate) {
        if (find(certificate).isEmpty()) {
            throw Refusal.of(
                    "certificate-revoked",
                    "この証明書は、この医療機関の受付に登録されていません",
                    "This institution does not let this certificate in");
        }
    }

    /// Names of the desks that a caller may use.
    Set<String> desks(Caller.Program caller) {
        return find(caller.certificate()).map(a -> Set.copyOf(a.desks())).orElse(Set.of());
    }

    private Optional<Admitted> find(X509Certificate certificate) {
        return Optional.ofNullable(admitted.get(KeyFiles.encoded(certificate).sha256()));
    }
}
