package org.mizuhiki.router;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Engine;
import org.mizuhiki.ike.PacketPolicy;
import org.mizuhiki.ike.State;
import org.mizuhiki.vpn.Verdict;

/// Does at one router what was verified there. All connections of the router go through one agent; its
/// methods may be called by any thread and take as long as the engine does.
public final class Agent {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private volatile Engine engine;
    private final PacketPolicy policy;
    private final Bytes certificate;
    private final Bytes ca;
    private final Map<String, Held> held = new HashMap<>();

    /// What the agent remembers of a connection.
    ///
    /// @param ppk for an engine that starts anew, which has forgotten it; wiped in the end
    /// @param traffic bytes in both directions when somebody last looked
    /// @param quietSince when that number was seen first
    private record Held(Plan plan, Verdict.Good good, Secret ppk, long traffic, Instant quietSince) {}

    /// @param certificate this router's (DER); its key is loaded into the engine
    /// @param ca          under which it and its partners' stand; its revocation list is loaded into the
    ///     engine: without one in force no partner is believed
    public Agent(Engine engine, PacketPolicy policy, Bytes certificate, Bytes ca) {
        this.engine = engine;
        this.policy = policy;
        this.certificate = certificate;
        this.ca = ca;
    }

    /// Makes this side ready: rules, PPK and tunnel. The side that is asked does this before the other
    /// connects. A later serial of the same connection takes the place of the one before; what is up goes
    /// on.
    ///
    /// @param partner the partner's certificate (DER), from wherever
    /// @param ppk     as it came out of this side's slot; stays the caller's to close
    /// @throws Refusal `tunnel-wrong-certificate`, `service-exclusive`, and those of engine and packet
    ///     policy
    public synchronized void prepare(Verdict.Good good, Bytes partner, Secret ppk, Instant now) {
        var plan = Plan.of(good, certificate, partner, ca);
        policy.open(plan.passage());
        engine.loadPpk(good.information().ppkId(), ppk);
        var before =
                Optional.ofNullable(held.put(good.information().connection(), new Held(plan, good, copy(ppk), 0, now)));
        // the side that begins loads a changed tunnel in the act of renewing it
        if (before.isEmpty() || !plan.begins()) {
            engine.load(plan.tunnel());
        }
        before.filter(b -> plan.begins()).ifPresent(b -> renew(b, plan, good));
        before.ifPresent(b -> b.ppk().close());
    }

    private static Secret copy(Secret ppk) {
        return Secret.taking(ppk.lend(byte[]::clone));
    }

    private void renew(Held before, Plan plan, Verdict.Good good) {
        var old = before.good().information().ppkId();
        if (engine.state(plan.tunnel().name()).isEmpty()) {
            engine.load(plan.tunnel());
        } else if (!old.equals(good.information().ppkId())) {
            engine.renew(plan.tunnel(), PATIENCE);
            engine.forgetPpk(old);
        }
    }

    /// Goes on with another engine after the last one has ended: everything is loaded again, and what this
    /// side began is begun anew. Rules were in force all the time, so nothing went out in the clear.
    ///
    /// @param next with key, CA's revocation list and all, as the one at the start
    /// @return connections that did not come up again; the next [#connect] tries once more
    public synchronized List<String> resume(Engine next, Duration patience) {
        engine = next;
        var failed = new ArrayList<String>();
        held.forEach((name, h) -> {
            try {
                engine.loadPpk(h.good().information().ppkId(), h.ppk());
                engine.load(h.plan().tunnel());
                if (h.plan().begins()) {
                    engine.initiate(name, patience);
                }
            } catch (Refusal e) {
                failed.add(name);
            }
        });
        return List.copyOf(failed);
    }

    /// Brings a prepared connection up, if this side is the one that begins; else tells how it is.
    ///
    /// @throws Refusal `connection-unknown`, and why not ([Engine#initiate])
    public Optional<State> connect(String connection, Duration patience) {
        var mine = held(connection)
                .orElseThrow(() -> Refusal.of(
                        "connection-unknown",
                        "この接続の接続情報がありません。接続管理センターから取り直してください",
                        "There is no connection information for this connection; fetch it from the centre"));
        return mine.plan().begins() ? Optional.of(engine.initiate(connection, patience)) : engine.state(connection);
    }

    /// Ends a connection at this side, whoever asked for it: from the first line on nothing passes, in the
    /// end no key of it is left. Done also if there was none.
    public synchronized void end(String connection) {
        policy.shut(connection);
        var mine = Optional.ofNullable(held.remove(connection));
        mine.ifPresent(h -> {
            h.ppk().close();
            engine.remove(connection, h.plan().tunnel().ppk());
        });
    }

    /// Ends what has had its time or carried nothing for longer than was agreed; called every few seconds.
    ///
    /// @return which were ended
    public synchronized List<String> tend(Instant now) {
        held.replaceAll((name, h) -> looked(name, h, now));
        var over = held.entrySet().stream()
                .filter(e -> isOver(e.getValue(), now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        over.forEach(this::end);
        return over;
    }

    /// New traffic keys count from zero: that alone is no traffic.
    private Held looked(String name, Held held, Instant now) {
        long traffic = engine.state(name).map(s -> s.bytesIn() + s.bytesOut()).orElse(held.traffic());
        boolean passed = traffic > held.traffic() || (traffic < held.traffic() && traffic > 0);
        return new Held(held.plan(), held.good(), held.ppk(), traffic, passed ? now : held.quietSince());
    }

    private static boolean isOver(Held held, Instant now) {
        var information = held.good().information();
        return !now.isBefore(information.until())
                || !now.isBefore(held.quietSince().plus(information.idle()));
    }

    private synchronized Optional<Held> held(String connection) {
        return Optional.ofNullable(held.get(connection));
    }
}
