package org.mizuhiki.ike;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// strongSwan's IKEv2 daemon as a process of ours, one per router. It outlives this program on purpose: the
/// tunnels go on, and the next start adopts it.
///
/// In its folder (mode 0700): `strongswan.conf`, `vici` (its control socket), `pid`, `charon.log`.
public final class Charon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Charon.class);
    private static final Path PROGRAM = Path.of("/usr/sbin/charon-systemd");
    private static final Duration START = Duration.ofSeconds(15);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final long LOOK_AGAIN_MS = 10;

    private final Setup setup;
    private final ProcessHandle process;

    /// How the daemon is to run.
    ///
    /// @param folder      its own, made if missing; its path goes into a socket's name, so it is short
    /// @param space       the network it serves
    /// @param esp         who encrypts the packets
    /// @param modules     libraries of tokens (PKCS#11) by the name that [OwnKey.InToken] uses
    /// @param environment what those libraries want to find there, e.g. `SOFTHSM2_CONF`
    public record Setup(
            Path folder, NetworkSpace space, Esp esp, Map<String, Path> modules, Map<String, String> environment) {
        public Setup {
            modules = Map.copyOf(modules);
            environment = Map.copyOf(environment);
        }
    }

    private Charon(Setup setup, ProcessHandle process) {
        this.setup = setup;
        this.process = process;
    }

    /// Adopts the daemon of this folder if it lives and runs as is wanted, else starts it.
    ///
    /// @throws Refusal `engine-missing`, `engine-start` with where to read why
    public static Charon run(Setup setup) {
        try {
            Files.createDirectories(setup.folder());
            Files.setPosixFilePermissions(setup.folder(), PosixFilePermissions.fromString("rwx------"));
            var file = setup.folder().resolve("strongswan.conf");
            var wanted = configuration(setup);
            var survivor = running(setup);
            if (survivor.isPresent()) {
                if (Files.readString(file).equals(wanted) && answers(setup)) {
                    LOG.info("adopted the VPN engine that outlived its last controller");
                    return new Charon(setup, survivor.get());
                }
                stop(survivor.get());
            }
            Files.writeString(file, wanted);
            return start(setup);
        } catch (IOException e) {
            throw notStarted(e);
        }
    }

    /// Asks the daemon of that folder, if there is one; starts none.
    public static Optional<Engine> find(Path folder) {
        return Files.exists(folder.resolve("vici")) ? Optional.of(Engine.on(folder.resolve("vici"))) : Optional.empty();
    }

    private static Charon start(Setup setup) throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            throw Refusal.of(
                    "engine-missing",
                    "strongSwan（Debianのcharon-systemd）がありません。./mizuhiki setup を管理者として実行してください",
                    "strongSwan (Debian's charon-systemd) is not here; run ./mizuhiki setup as root");
        }
        Files.deleteIfExists(setup.folder().resolve("vici"));
        // a session of its own: an interrupt at our terminal is not meant for the tunnels
        var command = setup.space().command(PROGRAM.toString());
        command.command().add(0, "setsid");
        command.environment().putAll(setup.environment());
        command.environment().put("STRONGSWAN_CONF", file(setup).toString());
        command.redirectErrorStream(true)
                .redirectOutput(setup.folder().resolve("output").toFile());
        var process = command.start().toHandle();
        Files.writeString(setup.folder().resolve("pid"), Long.toString(process.pid()));
        long end = System.nanoTime() + START.toNanos();
        while (!answers(setup)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                stop(process);
                throw notStarted(new IOException("the engine ended or does not answer"));
            }
            pause();
        }
        return new Charon(setup, process);
    }

    private static Path file(Setup setup) {
        return setup.folder().resolve("strongswan.conf").toAbsolutePath();
    }

    /// The process of the last start, if it is still that: numbers of processes are used again.
    private static Optional<ProcessHandle> running(Setup setup) {
        try {
            var pid = Long.parseLong(
                    Files.readString(setup.folder().resolve("pid")).strip());
            var environment =
                    Files.readString(Path.of("/proc", Long.toString(pid), "environ"), StandardCharsets.ISO_8859_1);
            boolean ours = ("\0" + environment).contains("\0STRONGSWAN_CONF=" + file(setup) + "\0");
            return ours ? ProcessHandle.of(pid) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean answers(Setup setup) {
        if (!Files.exists(setup.folder().resolve("vici"))) {
            return false;
        }
        try (var engine = Engine.on(setup.folder().resolve("vici"))) {
            engine.loaded();
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    private static String configuration(Setup setup) {
        var folder = setup.folder().toAbsolutePath();
        var tokens = new StringBuilder();
        setup.modules().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(m -> tokens.append("%s { path = %s }%n".formatted(m.getKey(), m.getValue())));
        // no plugin that fetches: a router never waits for a list or an OCSP responder that is out of reach
        return """
                charon-systemd {
                  load = random nonce pkcs11 openssl aes sha1 sha2 hmac kdf gcm curve25519 pem pkcs1 pkcs8 x509 revocation constraints pubkey vici %s socket-default updown
                  piddir = %s
                  retransmit_tries = 4
                  retransmit_timeout = 0.7
                  ikesa_table_size = 256
                  ikesa_table_segments = 4
                  plugins {
                    vici { socket = unix://%s/vici }
                    %s
                    revocation { enable_ocsp = no }
                    pkcs11 {
                      load_certs = no
                      modules {
                        %s
                      }
                    }
                  }
                  filelog { log { path = %s/charon.log
                    time_format = %%FT%%T
                    default = 1
                    flush_line = yes } }
                }
                """.formatted(setup.esp().plugins(), folder, folder, setup.esp().settings(), tokens, folder);
    }

    /// A new line to the daemon; many may be open.
    public Engine engine() {
        return Engine.on(setup.folder().resolve("vici"));
    }

    /// Completed when the daemon has ended, by whomever.
    public CompletableFuture<ProcessHandle> onExit() {
        return process.onExit();
    }

    /// Number of the process.
    public long pid() {
        return process.pid();
    }

    /// Ends the daemon and with it all its tunnels; partners are told.
    @Override
    public void close() {
        stop(process);
    }

    private static void stop(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Refusal notStarted(IOException e) {
        return Refusal.of(
                "engine-start",
                "VPNエンジン（strongSwan）を開始できません。そのフォルダーの charon.log と output を確認してください",
                "The VPN engine (strongSwan) does not start; see charon.log and output in its folder",
                e);
    }
}
