package org.mizuhiki.router;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Engine;
import org.mizuhiki.ike.PacketPolicy;
import org.mizuhiki.ike.State;
import org.mizuhiki.ike.Tunnel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A router's hands: does what was verified there. All connections of the router go through one agent; its
/// methods may be called by any thread and take as long as the engine does.
public final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /// Why a connection is [#over]; code words.
    static final String TIME_OVER = "time-over";

    static final String IDLE = "idle";

    /// An older PPK is not asked for any more once the partner had the time to renew.
    private static final Duration STALE = Duration.ofMinutes(2);

    private volatile Engine engine;
    private final PacketPolicy policy;
    private final Map<String, Held> held = new HashMap<>();

    /// Connections that are tried by the partner's other address now.
    private final Set<String> detours = ConcurrentHashMap.newKeySet();

    /// With two ways to the partner, this long by one of them before the other is tried.
    private static final Duration ONE_WAY = Duration.ofSeconds(6);

    /// Nobody heard, or nothing was told: reasons to go another way.
    private static final Set<String> UNHEARD = Set.of("tunnel-partner-silent", "tunnel-not-up");

    /// What the agent remembers of a connection.
    ///
    /// @param ppk for an engine that starts anew, which has forgotten it; wiped in the end. Absent where this
    ///     program itself has started anew: then only the engine knows it
    /// @param inUse name of the PPK that went into the tunnel as it is up
    /// @param stale names of earlier PPKs that the engine still has, and since when
    /// @param traffic bytes in both directions when somebody last looked
    /// @param quietSince when that number was seen first
    private record Held(
            Accepted accepted,
            Plan plan,
            Optional<Secret> ppk,
            Optional<String> inUse,
            Map<String, Instant> stale,
            long traffic,
            Instant quietSince) {
        String ppkId() {
            return accepted.information().ppkId();
        }

        Held using(Optional<String> id) {
            return new Held(accepted, plan, ppk, id, stale, traffic, quietSince);
        }

        Held without(Map<String, Instant> forgotten) {
            var left = new TreeMap<>(stale);
            left.keySet().removeAll(forgotten.keySet());
            return new Held(accepted, plan, ppk, inUse, left, traffic, quietSince);
        }

        Held seen(long now, Instant quiet) {
            return new Held(accepted, plan, ppk, inUse, stale, now, quiet);
        }
    }

    /// @param engine with key, CAs and their revocation lists: without one in force no partner is believed
    public Agent(Engine engine, PacketPolicy policy) {
        this.engine = engine;
        this.policy = policy;
        policy.lead();
    }

    /// Makes this side ready: rules, PPK and tunnel. The side that is asked does this before the other
    /// connects. A later serial of the same connection takes the place of the one before; what is up goes
    /// on.
    ///
    /// @param ppk as it came out of this side's slot; stays the caller's to close
    /// @throws Refusal `tunnel-wrong-certificate`, `service-exclusive`, and those of engine and packet
    ///     policy
    public synchronized void prepare(Accepted accepted, Secret ppk, Instant now) {
        var plan = Plan.of(accepted);
        policy.open(plan.passage());
        engine.loadPpk(accepted.information().ppkId(), ppk);
        var before = Optional.ofNullable(held.get(accepted.connection()));
        var stale = new TreeMap<String, Instant>();
        before.ifPresent(b -> stale.putAll(b.stale()));
        before.filter(b -> !b.ppkId().equals(accepted.information().ppkId())).ifPresent(b -> stale.put(b.ppkId(), now));
        held.put(
                accepted.connection(),
                new Held(
                        accepted,
                        plan,
                        Optional.of(copy(ppk)),
                        before.flatMap(Held::inUse),
                        stale,
                        before.map(Held::traffic).orElse(0L),
                        now));
        detours.remove(accepted.connection()); // the centre's newest word first
        // the side that begins loads a changed tunnel in the act of renewing it
        if (!plan.begins()) {
            engine.load(plan.tunnel());
        }
        before.flatMap(Held::ppk).ifPresent(Secret::close);
    }

    private static Secret copy(Secret ppk) {
        return Secret.taking(ppk.lend(byte[]::clone));
    }

    /// Takes over what an earlier run of this program built and the engine still has; its passage is in
    /// force from the start ([PacketPolicy#enforce]).
    public synchronized void adopt(Accepted accepted, Instant now) {
        var plan = Plan.of(accepted);
        engine.adopt(plan.tunnel());
        var up = engine.state(accepted.connection())
                .filter(s -> s.phase() == State.Phase.UP)
                .map(s -> accepted.information().ppkId());
        held.put(accepted.connection(), new Held(accepted, plan, Optional.empty(), up, Map.of(), 0, now));
    }

    /// What the engine still has and nobody here agreed to is taken down.
    public synchronized void dropOthers() {
        engine.loaded().stream().filter(name -> !held.containsKey(name)).forEach(name -> {
            policy.shut(name);
            engine.remove(name, Optional.empty());
        });
    }

    /// Revocation lists (DER), each in the place of the older one of its CA.
    public void loadRevocations(List<Bytes> lists) {
        lists.forEach(engine::loadRevocations);
    }

    /// Refuses what could not be prepared, before anything is kept of it.
    ///
    /// @throws Refusal `tunnel-wrong-certificate`, `service-exclusive`
    public void check(Accepted accepted) {
        policy.requireAlone(accepted.passage());
    }

    /// Goes on with another engine after the last one has ended: everything is loaded again, for
    /// [#connect] to bring up; what it has besides is taken down. Rules were in force all the time, so
    /// nothing went out in the clear.
    ///
    /// @param next with key, CAs and lists, as the one at the start
    /// @return connections whose PPK nobody here knows any more: the centre has to make another
    public synchronized List<String> resume(Engine next) {
        if (engine != next) {
            engine.close();
        }
        engine = next;
        policy.lead();
        dropOthers();
        var lost = new ArrayList<String>();
        held.replaceAll((name, h) -> h.using(Optional.empty()));
        held.forEach((name, h) -> {
            if (h.ppk().isEmpty()) {
                lost.add(name);
            } else {
                engine.loadPpk(h.ppkId(), h.ppk().get());
                engine.load(h.plan().tunnel());
            }
        });
        return List.copyOf(lost);
    }

    /// Brings a prepared connection up with its newest PPK, if this side is the one that begins; else tells
    /// how it is. What is up goes on while it is renewed, and when that fails.
    ///
    /// @throws Refusal `connection-unknown`, and why not ([Engine#initiate], [Engine#renew])
    public Optional<State> connect(String connection, Duration patience) {
        var mine = held(connection)
                .orElseThrow(() -> Refusal.of(
                        "connection-unknown",
                        "この接続の接続情報がありません。接続管理センターから取り直してください",
                        "There is no connection information for this connection; fetch it from the centre"));
        if (!mine.plan().begins()) {
            return engine.state(connection);
        }
        boolean detour = detours.contains(connection) && mine.plan().detour().isPresent();
        var tunnel = mine.plan().detour().filter(_ -> detour).orElse(mine.plan().tunnel());
        var enough = mine.plan().detour().isPresent() && patience.compareTo(ONE_WAY) > 0 ? ONE_WAY : patience;
        try {
            return connect(mine, tunnel, enough);
        } catch (Refusal e) {
            if (UNHEARD.contains(e.code())) {
                go(connection, !detour);
            }
            throw e;
        }
    }

    /// The next attempt goes by the partner's other address, or by its first again.
    private synchronized void go(String connection, boolean detour) {
        if (detour && held.containsKey(connection)) {
            detours.add(connection);
        } else {
            detours.remove(connection);
        }
    }

    private Optional<State> connect(Held mine, Tunnel tunnel, Duration patience) {
        var connection = mine.accepted().connection();
        boolean up = engine.state(connection)
                .filter(s -> s.phase() == State.Phase.UP)
                .isPresent();
        State now;
        if (up && !mine.inUse().equals(Optional.of(mine.ppkId()))) {
            now = engine.renew(tunnel, patience);
        } else {
            engine.load(tunnel);
            if (!has(connection)) { // ended in this very moment
                return gone(connection, tunnel);
            }
            now = engine.initiate(connection, patience);
        }
        if (!has(connection)) { // or in this one
            return gone(connection, tunnel);
        }
        cameUp(connection, mine.ppkId());
        return Optional.of(now);
    }

    private Optional<State> gone(String connection, Tunnel tunnel) {
        engine.remove(connection, tunnel.ppk());
        return Optional.empty();
    }

    private synchronized void cameUp(String connection, String ppkId) {
        held.computeIfPresent(connection, (name, h) -> h.using(Optional.of(ppkId)));
    }

    /// Ends a connection at this side, whoever asked for it: from the first line on nothing passes, in the
    /// end no key of it is left. Done also if there was none.
    public synchronized void end(String connection) {
        var mine = Optional.ofNullable(held.remove(connection));
        detours.remove(connection);
        mine.flatMap(Held::ppk).ifPresent(Secret::close);
        policy.shut(connection);
        mine.ifPresent(h -> {
            engine.remove(connection, h.plan().tunnel().ppk());
            h.stale().keySet().forEach(engine::forgetPpk);
        });
    }

    /// Looks what has had its time or carried nothing for longer than was agreed, and has the engine forget
    /// PPKs that have been replaced; called every few seconds. An engine that does not answer hides idleness,
    /// and no end of time.
    ///
    /// @return which are to be ended, and why: `time-over` or `idle`
    public synchronized Map<String, String> over(Instant now) {
        try {
            held.replaceAll((name, h) -> looked(name, forgotten(h, now), now));
        } catch (Refusal e) {
            LOG.warn("the engine cannot be asked what passes: {}", e.getMessage());
        }
        var over = new TreeMap<String, String>();
        held.forEach((name, h) -> isOver(h, now).ifPresent(why -> over.put(name, why)));
        return over;
    }

    /// Forgets all secrets; tunnels go on.
    public synchronized void close() {
        held.values().stream().flatMap(h -> h.ppk().stream()).forEach(Secret::close);
        engine.close();
    }

    private Held forgotten(Held held, Instant now) {
        var old = new TreeMap<>(held.stale());
        old.values().removeIf(since -> now.isBefore(since.plus(STALE)));
        old.keySet().forEach(engine::forgetPpk);
        return old.isEmpty() ? held : held.without(old);
    }

    /// New traffic keys count from zero: that alone is no traffic.
    private Held looked(String name, Held held, Instant now) {
        long traffic = engine.state(name).map(s -> s.bytesIn() + s.bytesOut()).orElse(held.traffic());
        boolean passed = traffic > held.traffic() || (traffic < held.traffic() && traffic > 0);
        return held.seen(traffic, passed ? now : held.quietSince());
    }

    private static Optional<String> isOver(Held held, Instant now) {
        var information = held.accepted().information();
        if (!now.isBefore(information.until())) {
            return Optional.of(TIME_OVER);
        }
        return Optional.of(IDLE).filter(_ -> !now.isBefore(held.quietSince().plus(information.idle())));
    }

    /// All connections that this side agreed to and has not ended.
    public synchronized List<Accepted> connections() {
        return held.values().stream().map(Held::accepted).toList();
    }

    /// Whether this side agreed to it and has not ended it.
    public boolean has(String connection) {
        return held(connection).isPresent();
    }

    /// How a connection's tunnel is.
    public Optional<State> state(String connection) {
        return engine.state(connection);
    }

    private synchronized Optional<Held> held(String connection) {
        return Optional.ofNullable(held.get(connection));
    }
}
