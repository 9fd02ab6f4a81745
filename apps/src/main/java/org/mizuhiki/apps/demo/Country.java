package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.ike.NetworkSpace;
import org.mizuhiki.lab.Lab;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.lab.Relay;
import org.mizuhiki.lab.SoftTokens;

/// The network in which the demo's routers stand: the lab with the seed's five sites, and the region's centre
/// in it. Everybody calls the centre at its usual name; the routers' calls go over the lab's Internet, so that
/// the centre sees where they come from.
final class Country implements AutoCloseable {
    private static final Path CHRONY = Path.of("/usr/sbin/chronyd");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Lab lab;
    private final List<Relay> relays = new ArrayList<>();

    private Country(Lab lab) {
        this.lab = lab;
    }

    /// What is missing here for real tunnels, if anything is.
    static Optional<String> missing() {
        return LabRouter.missing().or(() -> SoftTokens.possible() ? Optional.empty() : Optional.of("softhsm2, opensc"));
    }

    static Country up(Path folder, SecureRandom die) {
        var country = new Country(Lab.up(folder, Lab.SEED, die));
        try {
            country.keepTime();
            return country;
        } catch (RuntimeException e) {
            country.close();
            throw e;
        }
    }

    /// A time server beside the centre: Debian's chrony, which gives out this machine's own clock and sets
    /// none. It ends with the lab.
    private void keepTime() {
        if (!Files.isExecutable(CHRONY)) {
            return;
        }
        try {
            var settings = Files.writeString(lab.folder().resolve("chrony.conf"), """
                    local stratum 10
                    allow
                    cmdport 0
                    pidfile %s
                    """.formatted(
                            lab.folder().resolve("chrony.pid").toAbsolutePath()));
            lab.centre()
                    .command(
                            CHRONY.toString(),
                            "-x",
                            "-d",
                            "-u",
                            "root",
                            "-f",
                            settings.toAbsolutePath().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(lab.folder().resolve("chrony.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the time server cannot be started", e);
        }
    }

    /// Address of the time server, as everybody in this network reaches it; absent where chrony is not installed.
    Optional<String> time() {
        return Files.isExecutable(CHRONY) ? Optional.of(lab.centreAddress().getHostAddress()) : Optional.empty();
    }

    Lab lab() {
        return lab;
    }

    /// Lets servers and routers reach each other.
    void join(Map<String, Integer> ports) throws Exception {
        int centre = ports.getOrDefault("centre", 0);
        int authority = ports.getOrDefault("authority", 0);
        var own = NetworkSpace.OWN;
        // people's commands at this machine, to the centre; the centre to the authority
        relays.add(Relay.open(own, centre, lab.centre(), new InetSocketAddress(LOOPBACK, centre)));
        relays.add(Relay.open(lab.centre(), authority, own, new InetSocketAddress(LOOPBACK, authority)));
        for (var site : lab.sites()) {
            var router = lab.router(site);
            relays.add(Relay.open(router, centre, router, new InetSocketAddress(lab.centreAddress(), centre)));
            relays.add(Relay.open(router, authority, own, new InetSocketAddress(LOOPBACK, authority)));
        }
    }

    @Override
    public void close() {
        relays.forEach(Relay::close);
        lab.close();
    }
}
