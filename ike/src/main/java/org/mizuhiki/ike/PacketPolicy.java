package org.mizuhiki.ike;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Refusal;

/// What may enter and leave a site, by nftables (seed 003, 8.1 d: no way from one tunnel into another). In
/// force from [#enforce] on; each change is one transaction; a program that dies leaves the rules as they
/// are, and the next [#enforce] takes them over without a gap.
public final class PacketPolicy implements AutoCloseable {
    private final NetworkSpace space;
    private final Esp esp;
    private final Set<String> outside;
    private final Map<String, Passage> passages = new LinkedHashMap<>();
    private final Optional<Ways> ways;

    private PacketPolicy(NetworkSpace space, Esp esp, Set<String> outside) {
        this.space = space;
        this.esp = esp;
        this.outside = Set.copyOf(outside);
        this.ways = esp == Esp.USERSPACE ? Optional.of(new Ways(space)) : Optional.empty();
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

    /// An engine has come up, with a device of its own: the ways into its tunnels are made anew.
    ///
    /// @throws Refusal `network-command`
    public synchronized void lead() {
        ways.ifPresent(w -> w.lead(passages.values()));
    }

    /// Nothing is led anywhere before the rules are in force.
    private void commit() {
        space.feed(new Ruleset(esp, outside, passages.values()).script(), "nft", "-f", "-");
        lead();
    }

    /// Removes every rule: this machine is a router without any from now on.
    @Override
    public synchronized void close() {
        ways.ifPresent(w -> w.lead(List.of()));
        space.feed(Ruleset.nothing(), "nft", "-f", "-");
    }
}
