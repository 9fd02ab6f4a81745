package org.mizuhiki.ike;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.vici.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which of two associations a tunnel's packets take while it is renewed, so that none is lost.
///
/// A new association that the engine itself leads packets into is used by the side that is asked before the
/// other side, which still reads its answer, can open them. So here the engine makes associations without
/// policies (`policies = no`), each under a number of its own (`reqid`), and the policies are installed
/// beside them: first one that is wide at the own side, which the packets going out do not take, as a
/// narrower one is in force, and which lets in what comes; then, when the partner is known to be ready, the
/// exact one, which they do take.
/// Both stay if this program ends.
///
/// That a narrower policy goes before a wider one, and of equal ones the newest, is how `kernel-libipsec`
/// orders them. With ESP in the kernel the engine's own policies are used.
final class Steering {
    /// Between a tunnel's name and the number; in no tunnel's name.
    private static final char LEADS = '+';

    private static final char ADMITS = '~';
    private static final Pattern NUMBERED = Pattern.compile("[^+~]*[+~]([0-9]+)");

    /// Policies belong to nobody: no partner has this name and this address.
    private static final List<String> NOWHERE = List.of("127.0.0.1");

    /// The engine numbers its own from 1.
    private static final long OURS = 1 << 20;

    private static final long THE_ENGINES = 0;
    private static final Logger LOG = LoggerFactory.getLogger(Steering.class);

    private final Engine engine;
    private final boolean isOurs;
    private final Map<String, Led> led = new ConcurrentHashMap<>();

    /// What was loaded last.
    ///
    /// @param number of its associations, not of those before; [#THE_ENGINES] where it leads its packets itself
    record Led(Tunnel tunnel, long number) {}

    Steering(Engine engine) {
        this.engine = engine;
        this.isOurs = engine.ask("stats", Section.EMPTY).items("plugins").contains("kernel-libipsec");
    }

    boolean isOurs() {
        return isOurs;
    }

    /// Loads a tunnel of which nothing is up: its packets take the next association.
    synchronized void lead(Tunnel tunnel) {
        var same = Optional.ofNullable(led.get(tunnel.name()))
                .filter(l -> l.tunnel().equals(tunnel));
        var next = same.orElseGet(() -> leading(tunnel));
        load(next, false);
        if (same.isEmpty()) {
            forgetOthers(next);
        }
    }

    /// Networks in which we have no address: the engine is to say so itself, when it is to connect them.
    private Led leading(Tunnel tunnel) {
        var next = new Led(tunnel, next());
        try {
            point(next);
            return next;
        } catch (Refusal e) {
            LOG.warn("tunnel {} gets no policy: {}", tunnel.name(), e.getMessage());
            return new Led(tunnel, THE_ENGINES);
        }
    }

    /// Loads what a tunnel that is up is renewed to: what comes in under it is let in, and nothing goes out.
    ///
    /// @param begins whether this side asks for it: the proofs then come before the traffic keys
    synchronized Led admit(Tunnel tunnel, boolean begins) {
        var same = Optional.ofNullable(led.get(tunnel.name()))
                .filter(l -> l.tunnel().equals(tunnel));
        if (same.isPresent() && !begins) { // said again: the policies are there
            load(same.get(), false);
            return same.get();
        }
        var next = new Led(tunnel, next());
        if (isOurs) {
            install(next, ADMITS);
        }
        load(next, begins);
        return next;
    }

    /// What was loaded here of this name, for the association of that number.
    synchronized Optional<Led> led(String name, long number) {
        return Optional.ofNullable(led.get(name))
                .filter(l -> l.number() != THE_ENGINES)
                .map(l -> new Led(l.tunnel(), number));
    }

    /// From now on packets take this one.
    synchronized void turnTo(Led next) {
        if (led.containsKey(next.tunnel().name())) { // else it was ended in this very moment
            point(next);
        }
    }

    /// What did not come up after all lets nothing in.
    synchronized void withdraw(Led next) {
        if (isOurs) {
            uninstall(next.tunnel().name() + ADMITS + next.number());
        }
    }

    private void point(Led next) {
        if (isOurs && !names(next.tunnel().name()).contains(next.tunnel().name() + LEADS + next.number())) {
            install(next, LEADS);
        }
    }

    /// Of the associations before nothing is left.
    synchronized void forgetOthers(Led last) {
        if (!isOurs) {
            return;
        }
        var name = last.tunnel().name();
        names(name).stream()
                .filter(n -> !n.equals(name + LEADS + last.number()))
                .forEach(this::uninstall);
    }

    /// Takes up what an earlier run of this program left.
    ///
    /// @param number of the association that is up
    synchronized void takeUp(Tunnel tunnel, long number) {
        var last = new Led(tunnel, number);
        led.put(tunnel.name(), last);
        point(last);
        forgetOthers(last);
    }

    synchronized void forget(String name) {
        led.remove(name);
        if (isOurs) {
            names(name).forEach(this::uninstall);
        }
    }

    private void load(Led one, boolean childless) {
        var plain = Wanted.connection(one.tunnel());
        var connection = childless ? plain.with("childless", "force") : plain;
        engine.must(
                "load-conn",
                Section.EMPTY.with(
                        one.tunnel().name(),
                        one.number() != THE_ENGINES
                                ? Wanted.unled(connection, one.tunnel().name(), one.number())
                                : connection));
        led.put(one.tunnel().name(), one);
    }

    /// Greater than all that the engine has: a number that two tunnels shared would lead one's packets into
    /// the other.
    private long next() {
        if (!isOurs) {
            return THE_ENGINES;
        }
        var ofPolicies =
                policies().map(NUMBERED::matcher).filter(Matcher::matches).map(m -> Long.parseLong(m.group(1)));
        var ofTunnels = engine.states().stream().map(State::number);
        var loaded = led.values().stream().map(Led::number);
        return Stream.of(ofPolicies, ofTunnels, loaded)
                        .flatMap(s -> s)
                        .mapToLong(n -> n)
                        .filter(n -> n > OURS)
                        .max()
                        .orElse(OURS)
                + 1;
    }

    private Stream<String> policies() {
        return engine.stream("list-policies", "list-policy", Section.EMPTY.with("trap", "yes")).stream()
                .flatMap(event -> event.sections().values().stream())
                .map(policy -> policy.text("child"));
    }

    private List<String> names(String tunnel) {
        return policies()
                .filter(p -> p.startsWith(tunnel + LEADS) || p.startsWith(tunnel + ADMITS))
                .toList();
    }

    private void install(Led one, char how) {
        var name = one.tunnel().name() + how + one.number();
        // the own side: what comes in is bound to the partner's networks by the policy, and to ours by the flows.
        // The other way round a partner could send in its neighbour's name
        var own = one.tunnel().own().networks().stream()
                .map(n -> how == ADMITS ? wider(n) : n)
                .toList();
        engine.must("load-conn", Section.EMPTY.with(name, Wanted.policy(one, name, NOWHERE, own)));
        engine.must("install", Section.EMPTY.with("child", name).with("ike", name));
        // installed is enough: nobody may connect by it
        engine.ask("unload-conn", Section.EMPTY.with("name", name));
    }

    private void uninstall(String name) {
        engine.ask("uninstall", Section.EMPTY.with("child", name).with("ike", name));
    }

    /// A bit shorter. What is for the other half is stopped by the packet policy, as always.
    private static Cidr wider(Cidr network) {
        int length = Math.max(0, network.length() - 1);
        var bytes = network.base().getAddress();
        if (network.length() > 0) {
            bytes[length / 8] &= (byte) ~(0x80 >> length % 8);
        }
        try {
            return new Cidr(InetAddress.getByAddress(bytes), length);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has the length of its base", e);
        }
    }
}
