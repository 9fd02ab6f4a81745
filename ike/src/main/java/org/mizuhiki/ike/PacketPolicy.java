package org.mizuhiki.ike;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.house.Refusal;

/// What may enter and leave a site, by nftables (seed 003, 8.1 d: no way from one tunnel into another). In
/// force from [#enforce] on; each change is one transaction; a program that dies leaves the rules as they
/// are, and the next [#enforce] takes them over without a gap.
public final class PacketPolicy implements AutoCloseable {
    private final NetworkSpace space;
    private final Esp esp;
    private final Set<String> outside;
    private final Map<String, Passage> passages = new LinkedHashMap<>();
    private Set<String> standing = Set.of();

    private PacketPolicy(NetworkSpace space, Esp esp, Set<String> outside) {
        this.space = space;
        this.esp = esp;
        this.outside = Set.copyOf(outside);
    }

    /// @param outside  the router's interfaces towards the Internet
    /// @param passages that are open from the start
    /// @throws Refusal `network-command`, `network-missing`, `service-exclusive`
    public static PacketPolicy enforce(NetworkSpace space, Esp esp, Set<String> outside, Collection<Passage> passages) {
        var policy = new PacketPolicy(space, esp, outside);
        passages.forEach(p -> {
            policy.requireAlone(p);
            policy.passages.put(p.tunnel(), p);
        });
        policy.commit();
        return policy;
    }

    /// Opens a passage, or changes the one of that tunnel.
    ///
    /// @throws Refusal `service-exclusive` while a service runs that must not run beside this; nothing
    ///     changed
    public synchronized void open(Passage passage) {
        requireAlone(passage);
        var before = passages.put(passage.tunnel(), passage);
        try {
            commit();
        } catch (Refusal e) {
            if (before == null) {
                passages.remove(passage.tunnel());
            } else {
                passages.put(passage.tunnel(), before);
            }
            throw e;
        }
    }

    /// From now on nothing passes there, not even what was under way.
    public synchronized void shut(String tunnel) {
        if (passages.remove(tunnel) != null) {
            commit();
        }
    }

    /// @throws Refusal `service-exclusive` while a service runs that must not run beside this
    public synchronized void requireAlone(Passage wanted) {
        boolean other = passages.values().stream()
                .filter(p -> !p.tunnel().equals(wanted.tunnel()))
                .anyMatch(p -> p.exclusive().isPresent()
                        && wanted.exclusive().isPresent()
                        && !p.exclusive().equals(wanted.exclusive()));
        if (other) {
            throw Refusal.of(
                    "service-exclusive",
                    "同時に利用できない種類のサービスを利用中です。先にその接続を切断してください",
                    "A service is in use that must not run beside this one; disconnect it first");
        }
    }

    private void commit() {
        space.feed(new Ruleset(esp, outside, passages.values()).script(), "nft", "-f", "-");
        stand(passages.values());
    }

    /// The engine makes a route into a tunnel only where this machine has an address inside the tunnel's
    /// own network; a translated network is nowhere, so its base, which is no host's, stands on the
    /// loopback.
    private void stand(Collection<Passage> open) {
        var wanted = open.stream()
                .flatMap(p -> p.translated().stream())
                .map(t -> t.shown().base().getHostAddress() + "/32")
                .collect(Collectors.toSet());
        wanted.forEach(a -> space.run("ip", "addr", "replace", a, "dev", "lo"));
        standing.stream().filter(a -> !wanted.contains(a)).forEach(a -> space.run("ip", "addr", "del", a, "dev", "lo"));
        standing = wanted;
    }

    /// Removes every rule: this machine is a router without any from now on.
    @Override
    public synchronized void close() {
        stand(List.of());
        space.feed(Ruleset.nothing(), "nft", "-f", "-");
    }
}
