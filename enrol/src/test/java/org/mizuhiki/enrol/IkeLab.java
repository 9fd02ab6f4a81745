package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mizuhiki.trust.KeyFiles;

/// Two network namespaces of the test's own with a cable between them, and strongSwan in each. Sides are
/// `a` (192.0.2.1) and `b` (192.0.2.2).
final class IkeLab implements AutoCloseable {
    private static final List<String> SIDES = List.of("a", "b");
    private final Path folder;
    private final Path library;
    private final Map<String, String> environment;
    private final String name = "mzk" + ProcessHandle.current().pid() + "-";
    private final List<Process> daemons = new ArrayList<>();

    /// Skips the test where namespaces or strongSwan are impossible.
    ///
    /// @param library PKCS#11, for strongSwan
    /// @param environment of the library
    IkeLab(Path folder, Path library, Map<String, String> environment) throws Exception {
        for (var program : List.of("/usr/sbin/charon-systemd", "/usr/sbin/swanctl", "/usr/sbin/ip")) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not here: skipped");
        }
        assumeTrue(Files.exists(Path.of("/dev/net/tun")), "there is no /dev/net/tun: skipped");
        this.folder = folder;
        this.library = library;
        this.environment = environment;
        assumeTrue(ended("ip", "netns", "add", name + "a") == 0, "namespaces cannot be made here: skipped");
        run("ip", "netns", "add", name + "b");
        run(
                "ip",
                "-n",
                name + "a",
                "link",
                "add",
                "cable",
                "type",
                "veth",
                "peer",
                "name",
                "cable",
                "netns",
                name + "b");
        for (var side : SIDES) {
            run("ip", "-n", name + side, "address", "add", address(side) + "/24", "dev", "cable");
            run("ip", "-n", name + side, "link", "set", "cable", "up");
            run("ip", "-n", name + side, "link", "set", "lo", "up");
        }
    }

    private static String address(String side) {
        return side.equals("a") ? "192.0.2.1" : "192.0.2.2";
    }

    /// @param own who the side is
    /// @param authorities whom it believes
    /// @param secrets of `swanctl.conf`
    void start(String side, X509Certificate own, List<X509Certificate> authorities, String secrets) throws Exception {
        var home = folder.resolve(side);
        for (var kind : List.of("x509", "x509ca", "private")) {
            Files.createDirectories(home.resolve(kind));
        }
        KeyFiles.writeChain(home.resolve("x509/own.pem"), List.of(own));
        for (int i = 0; i < authorities.size(); i++) {
            KeyFiles.writeChain(home.resolve("x509ca/" + i + ".pem"), List.of(authorities.get(i)));
        }
        Files.writeString(home.resolve("strongswan.conf"), daemon(home));
        var connection = connection(address(side), address(side.equals("a") ? "b" : "a"));
        KeyFiles.write(
                home.resolve("swanctl.conf"), (connection + secrets).getBytes(StandardCharsets.UTF_8), "rw-------");
        daemons.add(prepared(side, "ip", "netns", "exec", name + side, "charon-systemd")
                .start());
        while (!Files.exists(home.resolve("vici"))) {
            assertTrue(daemons.getLast().isAlive(), () -> "strongSwan does not start: " + log(side));
            Thread.sleep(50);
        }
        swanctl(side, "--load-all", "--file", home.resolve("swanctl.conf").toString());
    }

    private String daemon(Path home) {
        return """
            charon-systemd {
              load = random nonce openssl sha1 sha2 hmac kdf aes gcm pem pkcs1 pkcs8 x509 constraints pubkey pkcs11 vici kernel-libipsec kernel-netlink socket-default
              filelog { all {
                path = %1$s/log
                default = 1
              } }
              plugins {
                vici { socket = unix://%1$s/vici }
                pkcs11 { modules { token { path = %2$s } } }
              }
            }
            swanctl { load = pem pkcs1 pkcs8 x509 openssl random }
            """.formatted(home, library);
    }

    private static String connection(String here, String there) {
        return """
            connections { peer {
              version = 2
              childless = force
              local_addrs = %s
              remote_addrs = %s
              proposals = aes256gcm16-prfsha256-ecp256
              local {
                auth = pubkey
                certs = own.pem
              }
              remote { auth = pubkey }
            } }
            """.formatted(here, there);
    }

    String log(String side) {
        try {
            return Files.readString(folder.resolve(side).resolve("log"));
        } catch (IOException e) {
            return "no log";
        }
    }

    String swanctl(String side, String... words) throws Exception {
        var all = new ArrayList<>(List.of("swanctl"));
        all.addAll(List.of(words));
        all.addAll(List.of("--uri", "unix://" + folder.resolve(side).resolve("vici")));
        var process = prepared(side, all.toArray(String[]::new)).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    private ProcessBuilder prepared(String side, String... words) {
        var home = folder.resolve(side);
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        if (words[0].equals("ip")) {
            builder.redirectOutput(home.resolve("output").toFile());
        }
        builder.environment().putAll(environment);
        builder.environment()
                .put("STRONGSWAN_CONF", home.resolve("strongswan.conf").toString());
        builder.environment().put("SWANCTL_DIR", home.toString());
        return builder;
    }

    private static int ended(String... words) throws IOException {
        return new ProcessBuilder(words).start().onExit().join().exitValue();
    }

    private static void run(String... words) throws IOException {
        assertTrue(ended(words) == 0, String.join(" ", words));
    }

    @Override
    public void close() throws IOException {
        for (var daemon : daemons) {
            daemon.destroy();
            daemon.onExit().join();
        }
        for (var side : SIDES) {
            ended("ip", "netns", "delete", name + side);
        }
    }
}
