package org.mizuhiki.lab;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.End;
import org.mizuhiki.ike.Engine;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.ike.PacketPolicy;
import org.mizuhiki.ike.State;
import org.mizuhiki.ike.Tunnel;

/// A site's router as tests and benchmarks want it: a real engine and a real packet policy, driven by hand.
///
/// @param papers what it proves itself with; the key is loaded
public record LabRouter(Site site, LabAuthority.Papers papers, Charon charon, Engine engine, PacketPolicy policy)
        implements AutoCloseable {
    private static final List<String> PARTS =
            List.of("/usr/sbin/charon-systemd", "/usr/sbin/nft", "/usr/bin/pki", "/dev/net/tun");
    private static final Duration KEYS = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// What real tunnels need and is not here, if anything is: said to whoever skips them.
    public static Optional<String> missing() {
        if (!Lab.possible()) {
            return Optional.of("管理者権限とネットワーク名前空間が必要です / it takes root and network namespaces");
        }
        return PARTS.stream()
                .filter(part -> !Files.exists(Path.of(part)))
                .findFirst()
                .map(part -> part + " がありません / is not here");
    }

    /// Starts a router with its key in hand.
    public static LabRouter start(Lab lab, Site site, LabAuthority authority) {
        var papers = authority.issue(site.name());
        var router = start(lab, site, papers, Map.of(), Map.of());
        router.engine.loadKey(papers.inHand());
        return router;
    }

    /// Starts a router whose key is still to be loaded, e.g. from a token.
    ///
    /// @param modules     see [Charon.Setup]
    /// @param environment see [Charon.Setup]
    public static LabRouter start(
            Lab lab,
            Site site,
            LabAuthority.Papers papers,
            Map<String, Path> modules,
            Map<String, String> environment) {
        var space = lab.router(site);
        var esp = Esp.detect(space);
        var policy = PacketPolicy.enforce(space, esp, Set.of("eth0"), List.of());
        var setup = new Charon.Setup(lab.folder().resolve(site.name()), space, esp, modules, environment);
        var charon = Charon.run(setup);
        return new LabRouter(site, papers, charon, charon.engine(), policy);
    }

    /// Loads a tunnel at both ends that this router is to ask for, with a new PPK that both require.
    ///
    /// @param at where the partner is
    /// @return its name, which is the PPK's, too
    public String agree(LabRouter called, InetAddress at, LabAuthority authority, SecureRandom die) {
        var name = site.name() + "-" + called.site.name();
        engine.load(agreed(called, at, authority, name, die));
        return name;
    }

    /// Renews a tunnel that this router asked for, with a new PPK of that name.
    public State renew(LabRouter called, InetAddress at, LabAuthority authority, String ppk, SecureRandom die) {
        return engine.renew(agreed(called, at, authority, ppk, die), PATIENCE);
    }

    private Tunnel agreed(LabRouter called, InetAddress at, LabAuthority authority, String name, SecureRandom die) {
        var bytes = new byte[32];
        die.nextBytes(bytes);
        try (var ppk = Secret.taking(bytes)) {
            called.engine.loadPpk(name, ppk);
            engine.loadPpk(name, ppk);
        }
        var tunnel = site.name() + "-" + called.site.name();
        called.engine.load(called.tunnel(tunnel, this, authority, Optional.empty(), Optional.of(name)));
        return tunnel(tunnel, called, authority, Optional.of(at), Optional.of(name));
    }

    /// The tunnel to a partner that both know under this name, seen from here.
    ///
    /// @param at empty: the partner calls us
    public Tunnel tunnel(
            String name, LabRouter partner, LabAuthority authority, Optional<InetAddress> at, Optional<String> ppk) {
        return tunnel(
                name,
                partner.papers.identity(),
                at,
                authority.certificate(),
                ppk,
                site.network(),
                partner.site.network());
    }

    /// The same, with every word of it the caller's.
    public Tunnel tunnel(
            String name,
            String partner,
            Optional<InetAddress> at,
            Bytes ca,
            Optional<String> ppk,
            Cidr own,
            Cidr other) {
        return new Tunnel(
                name,
                new End(papers.identity(), List.of(), List.of(own)),
                new End(partner, at.stream().toList(), List.of(other)),
                papers.certificate(),
                ca,
                Optional.empty(),
                ppk,
                Tunnel.Revocation.KNOWN,
                KEYS);
    }

    @Override
    public void close() {
        engine.close();
        charon.close();
        policy.close();
    }
}
