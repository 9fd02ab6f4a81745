package org.mizuhiki.apps.role;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.ledger.RemoteLedger;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.wire.Peers;

/// A region's authority without witnesses, so that its ledger may go on from an old copy, and a key
/// server's certificate to write into that ledger.
final class LoneAuthority implements AutoCloseable {
    private static final SecureRandom DIE = new SecureRandom();
    private static final List<String> IN_NO_BACKUP =
            List.of("accreditation", "log-keys", "tls", "config.yaml", "region.json", "ledger-keys.json");

    final Path folder;
    private final Path tls;
    private RunningRole running;

    private LoneAuthority(Path folder, Path tls, RunningRole running) {
        this.folder = folder;
        this.tls = tls;
        this.running = running;
    }

    static LoneAuthority found(Path region) throws IOException {
        var folder = OpenFolder.open(region).resolve("authority");
        int port = free();
        int plain = free();
        var address = URI.create("https://localhost:" + port);
        var base = URI.create("http://localhost:" + plain);
        var servers = new Founding.Addresses(address, address, address, address);
        new Founding(folder, "test", base, Map.of(), servers).hold(Clock.systemUTC(), DIE);
        Files.writeString(folder.resolve("config.yaml"), """
                role: authority
                folder: .
                host: 127.0.0.1
                port: %d
                names: [localhost]
                region: region.json
                postgres: ../postgres
                plain: {port: %d, base: "%s"}
                """.formatted(port, plain, base));
        var authority = new LoneAuthority(folder, region.resolve("keys-tls"), start(folder));
        authority.enrol("keys", authority.ticket("keys"), authority.tls);
        return authority;
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static RunningRole start(Path folder) {
        return Roles.start(RoleConfig.read(folder.resolve("config.yaml")), Clock.systemUTC(), DIE);
    }

    /// A folder with keys and configuration only, as an operator has it before a restore.
    Path fresh(Path other) throws IOException {
        Files.createDirectories(other);
        for (var name : IN_NO_BACKUP) {
            copy(folder.resolve(name), other.resolve(name), _ -> true);
        }
        // unpacked once: that takes longer than the restore
        var config = Files.readString(other.resolve("config.yaml"));
        var programs = folder.resolveSibling("postgres").toString();
        Files.writeString(other.resolve("config.yaml"), config.replace("../postgres", programs));
        return other;
    }

    /// The same authority, run from another folder.
    LoneAuthority movedTo(Path other) {
        return new LoneAuthority(other, tls, start(other));
    }

    void stop() {
        running.close();
    }

    void startAgain() {
        running = start(folder);
    }

    String operate(String operation, Map<String, String> asked) {
        return Roles.operate(folder, operation, asked);
    }

    String ticket(String role) {
        return operate("ticket", Map.of("kind", "server", "role", role, "host", "localhost"));
    }

    void enrol(String role, String ticket, Path tls) throws IOException {
        var file = Files.writeString(folder.resolveSibling("ticket-" + role), ticket);
        ServerIdentity.of(tls, Optional.of(file), uri(), region().trust().roots(), Clock.systemUTC(), DIE);
    }

    RemoteLedger ledger() {
        var keys =
                ServerIdentity.of(tls, Optional.empty(), uri(), region().trust().roots(), Clock.systemUTC(), DIE);
        return new RemoteLedger(Peers.connect(uri(), keys.get(), DIE));
    }

    /// Checks the ledger's proof of an entry as anybody can.
    void prove(Digest leaf) {
        var check = new OfflineEvidenceCheck(
                new Seals(DIE).stamps(), new PinnedStampRoots(region().trust().roots()));
        check.check(ledger().evidence(leaf), region().log());
    }

    static Entry entry(String name) {
        return new Entry("disclosure", Bytes.utf8(name).sha256());
    }

    URI uri() {
        return URI.create(region().authority());
    }

    RegionFile region() {
        return RegionFile.read(folder.resolve("region.json"));
    }

    static void copy(Path from, Path to, Predicate<Path> wanted) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : all.filter(wanted).toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    @Override
    public void close() {
        running.close();
    }
}
