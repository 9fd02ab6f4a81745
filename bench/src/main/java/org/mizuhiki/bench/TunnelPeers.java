package org.mizuhiki.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.mizuhiki.ike.NetworkSpace;
import org.mizuhiki.lab.Lab;
import org.mizuhiki.lab.Site;

/// Other programs' tunnels between the same two routers, measured with iperf3 between the same two hosts.
/// What is not installed is left out.
final class TunnelPeers {
    static final int PORT = 5201;
    private static final int TIMES = 3;
    private static final Pattern RATE = Pattern.compile("([0-9.]+) Mbits/sec +receiver");

    private final Lab lab;
    private final Site from;
    private final Site to;

    TunnelPeers(Lab lab, Site from, Site to) {
        this.lab = lab;
        this.from = from;
        this.to = to;
    }

    boolean canMeasure() {
        return isHere("iperf3");
    }

    private static boolean isHere(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    /// Median of several runs of three seconds, Mbit/s over TCP from host to host.
    double throughput() throws Exception {
        var rates = new ArrayList<Double>();
        for (int i = 0; i < TIMES; i++) {
            rates.add(once());
        }
        return rates.stream().sorted().toList().get(TIMES / 2);
    }

    /// A server serves one run: it is busy for a moment after.
    private double once() throws Exception {
        var server = lab.host(to)
                .command("iperf3", "-s", "-1", "-p", "" + PORT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Thread.sleep(500);
            var address = to.network().host(2).getHostAddress();
            var said = lab.host(from).run("iperf3", "-c", address, "-p", "" + PORT, "-t", "3", "-f", "m");
            return RATE.matcher(said)
                    .results()
                    .map(m -> Double.valueOf(m.group(1)))
                    .findFirst()
                    .orElseThrow();
        } finally {
            end(server);
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /// `wireguard-go`, as the kernels in question have no WireGuard either.
    Optional<Double> wireguard() throws Exception {
        if (!isHere("wireguard-go") || !isHere("wg")) {
            return Optional.empty();
        }
        var folder = Files.createDirectory(lab.folder().resolve("wireguard"));
        for (var site : List.of(from, to)) {
            var secret = lab.router(site).run("wg", "genkey");
            Files.writeString(folder.resolve(site.name()), secret);
            Files.writeString(
                    folder.resolve(site.name() + ".pub"), lab.router(site).feed(secret, "wg", "pubkey"));
        }
        var running = new ArrayList<Process>();
        try {
            for (var site : List.of(from, to)) {
                var device = "wg-" + site.name(); // its control socket lies outside of the namespace
                running.add(daemon(site, folder, "wireguard-go", "-f", device));
                Thread.sleep(500);
                var other = site.equals(from) ? to : from;
                lab.router(site)
                        .run(
                                "wg",
                                "set",
                                device,
                                "private-key",
                                folder.resolve(site.name()).toString(),
                                "listen-port",
                                "51820",
                                "peer",
                                Files.readString(folder.resolve(other.name() + ".pub"))
                                        .strip(),
                                "endpoint",
                                lab.address(other).getHostAddress() + ":51820",
                                "allowed-ips",
                                other.network().toString());
                up(site, device, other);
            }
            return Optional.of(throughput());
        } finally {
            for (var process : running) {
                end(process);
            }
        }
    }

    private Process daemon(Site site, Path folder, String... words) {
        try {
            return lab.router(site)
                    .command(words)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(site.name() + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void up(Site site, String device, Site other) {
        NetworkSpace router = lab.router(site);
        router.run("ip", "link", "set", device, "up");
        router.run("ip", "route", "replace", other.network().toString(), "dev", device);
    }

    /// Each router vouches for its site's network (an unsafe route, in nebula's word).
    Optional<Double> nebula() throws Exception {
        if (!isHere("nebula") || !isHere("nebula-cert")) {
            return Optional.empty();
        }
        var folder = Files.createDirectory(lab.folder().resolve("nebula"));
        nebulaCert(folder, "ca", "-name", "bench");
        var sites = List.of(from, to);
        var running = new ArrayList<Process>();
        try {
            for (int i : IntStream.range(0, 2).toArray()) {
                var site = sites.get(i);
                nebulaCert(
                        folder,
                        "sign",
                        "-name",
                        site.name(),
                        "-ip",
                        "10.99.0." + (i + 1) + "/24",
                        "-subnets",
                        site.network().toString());
                var file = folder.resolve(site.name() + ".yml");
                Files.writeString(file, configuration(folder, site, sites.get(1 - i), 2 - i));
                running.add(daemon(site, folder, "nebula", "-config", file.toString()));
            }
            Thread.sleep(2000);
            return Optional.of(throughput());
        } finally {
            for (var process : running) {
                end(process);
            }
        }
    }

    private String configuration(Path folder, Site own, Site other, int others) {
        return """
                pki: { ca: %1$s/ca.crt, cert: %1$s/%2$s.crt, key: %1$s/%2$s.key }
                static_host_map: { "10.99.0.%3$d": ["%4$s:4242"] }
                lighthouse: { am_lighthouse: false, hosts: ["10.99.0.%3$d"] }
                listen: { host: 0.0.0.0, port: 4242 }
                tun:
                  dev: nebula0
                  unsafe_routes: [ { route: %5$s, via: 10.99.0.%3$d } ]
                firewall:
                  outbound: [ { port: any, proto: any, host: any } ]
                  inbound: [ { port: any, proto: any, host: any } ]
                """.formatted(folder, own.name(), others, lab.address(other).getHostAddress(), other.network());
    }

    private void nebulaCert(Path folder, String... words) throws Exception {
        var command = new ArrayList<>(List.of("nebula-cert"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("nebula-cert failed");
        }
    }
}
