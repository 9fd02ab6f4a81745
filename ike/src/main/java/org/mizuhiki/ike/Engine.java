package org.mizuhiki.ike;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.vici.Line;
import org.mizuhiki.ike.vici.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door to a running [Charon]. Every method waits until what it says is so, or refuses; what was loaded
/// stays in the engine when this is closed, and is gone when the engine ends.
///
/// Refusals of all methods: `engine-away` (no line to it any more), `engine-refused` (with its words).
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final Duration TAKEDOWN = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MS = 50;

    private final Line asking;
    private final Line hearing;
    private final List<Consumer<Happening>> listeners = new CopyOnWriteArrayList<>();
    private final Reasons reasons = new Reasons();
    private final Steering steering;
    private final Object news = new Object();
    private final Map<String, Integer> following = new ConcurrentHashMap<>();
    private final AtomicBoolean gone = new AtomicBoolean();

    private Engine(Path socket) throws IOException {
        // a line that is lost, whichever, is an engine that is away for us: the next one goes on
        asking = Line.to(socket, ANSWER, this::away);
        steering = new Steering(this);
        hearing = Line.to(socket, ANSWER, this::away);
        hearing.listen("child-updown", e -> names(e).forEach(n -> heard(upOrDown(e, n))));
        hearing.listen("child-rekey", e -> names(e).forEach(n -> tell(new Happening.Renewed(n))));
        hearing.listen("ike-update", e -> names(e).forEach(n -> tell(new Happening.Moved(n, e.text("remote-host")))));
        hearing.listen("log", e -> reasons.heard(e.text("ikesa-name"), e.text("msg")));
    }

    /// @throws Refusal `engine-away` if nobody answers there
    static Engine on(Path socket) {
        try {
            return new Engine(socket);
        } catch (IOException e) {
            throw away(e);
        }
    }

    private void away() {
        if (!gone.getAndSet(true)) {
            tell(new Happening.EngineAway());
        }
    }

    /// Happenings reach the listener on the engine's own thread: it must hand on and not ask the engine
    /// itself.
    public void listen(Consumer<Happening> listener) {
        listeners.add(listener);
    }

    private static List<String> names(Section event) {
        return List.copyOf(event.sections().keySet());
    }

    /// An event of going down lacks the key `up`.
    private static Happening upOrDown(Section event, String name) {
        return event.text("up").equals("yes") ? new Happening.Up(name) : new Happening.Down(name);
    }

    private void heard(Happening upOrDown) {
        if (upOrDown instanceof Happening.Up(var name)) {
            // not on this thread: it hears the answers that would be waited for
            // and one for a name: a partner that makes associations in a loop must not make ours ask without end
            if (following.merge(name, 1, Integer::sum) == 1) {
                Thread.ofVirtual().name("follow").start(() -> follow(name));
            }
        }
        tell(upOrDown);
    }

    /// Once more if others came up meanwhile.
    private void follow(String name) {
        do {
            try {
                new Renewal(this, steering, reasons).follow(name);
            } catch (Refusal e) { // the engine has gone; what the next one has is taken up then
                LOG.debug("tunnel {} is not followed: {}", name, e.getMessage());
            }
        } while (following.computeIfPresent(name, (_, ups) -> ups > 1 ? 1 : null) != null);
    }

    private void tell(Happening happening) {
        synchronized (news) {
            news.notifyAll();
        }
        listeners.forEach(l -> l.accept(happening));
    }

    /// Loads a CA's certificate (DER), so that paths through it are found. That alone lets nobody in: each
    /// tunnel names its partner's CA.
    public void loadCa(Bytes certificate) {
        must("load-cert", Section.EMPTY.with("type", "X509").with("flag", "CA").with("data", certificate));
    }

    /// Loads a revocation list (DER; RFC 5280); it takes the place of the older one of its CA. A live
    /// tunnel does not notice: [#terminate] it.
    public void loadRevocations(Bytes list) {
        must("load-cert", Section.EMPTY.with("type", "X509_CRL").with("data", list));
    }

    /// Own private key; the tunnels' certificates say which they use.
    public void loadKey(OwnKey key) {
        switch (key) {
            case OwnKey.InToken(var module, var slot, var handle, var pin) ->
                must(
                        "load-token",
                        Section.EMPTY
                                .with("module", module)
                                .with("slot", Long.toString(slot))
                                .with("handle", handle.asHex())
                                .with("pin", pin));
            case OwnKey.InHand(var secret) ->
                must("load-key", Section.EMPTY.with("type", "any").with("data", secret));
        }
    }

    /// A post-quantum pre-shared key (RFC 8784) by its name; takes the place of one of that name. Live
    /// tunnels go on with the old until [#renew].
    public void loadPpk(String name, Secret ppk) {
        Tunnel.requireName(name);
        must(
                "load-shared",
                Section.EMPTY
                        .with("id", name)
                        .with("type", "ppk")
                        .with("data", ppk)
                        .with("owners", List.of(name)));
    }

    /// Nothing is left of that key in the engine's tables; that it was not there is well.
    public void forgetPpk(String name) {
        ask("unload-shared", Section.EMPTY.with("id", name));
    }

    /// Tells what is wanted. A live tunnel of that name does not change until the partner renews it: take it
    /// down before, or let it go on.
    public void load(Tunnel tunnel) {
        if (isUp(state(tunnel.name()))) {
            steering.admit(tunnel, false);
        } else {
            steering.lead(tunnel);
        }
    }

    /// Brings a loaded tunnel up; one that is up is left as it is.
    ///
    /// @param patience until when it must be up
    /// @throws Refusal why not: `tunnel-partner-silent`, `tunnel-not-authenticated`, `tunnel-without-ppk`,
    ///     `tunnel-partner-revoked`, `tunnel-networks-refused`, `tunnel-suite-refused`, `tunnel-not-up`
    public State initiate(String name, Duration patience) {
        // 1. the engine refuses a second initiation
        var before = state(name);
        if (!isEnding(before)) {
            return settled(name, patience);
        }
        // 2. it answers at once: an answer that is waited for says "no" to tunnels that come up a moment
        // later
        reasons.forget(name);
        must("initiate", initiating(name));
        // 3. up, or gone without having been
        return settled(name, patience);
    }

    private State settled(String name, Duration patience) {
        var last = await(name, patience, s -> isUp(s) || (reasons.isKnown(name) && isEnding(s)));
        if (isUp(last)) {
            return last.get();
        }
        terminate(name);
        throw reasons.refusal(name);
    }

    static boolean isUp(Optional<State> state) {
        return state.filter(s -> s.phase() == State.Phase.UP).isPresent();
    }

    /// That there is nothing says little by itself: a new one is not listed at once.
    static boolean isEnding(Optional<State> state) {
        return state.filter(s -> s.phase() != State.Phase.ENDING).isEmpty();
    }

    /// Takes a tunnel down at this side whatever the partner says, and tells the partner if it hears. Done
    /// also if there was none.
    public void terminate(String name) {
        if (state(name).isEmpty()) {
            return;
        }
        ask("terminate", ending(name));
        if (await(name, FAREWELL, Optional::isEmpty).isPresent()) {
            ask("terminate", ending(name).with("force", "yes"));
            if (await(name, TAKEDOWN, Optional::isEmpty).isPresent()) {
                throw refused("terminate: it lives on");
            }
        }
    }

    static Section initiating(String name) {
        return Section.EMPTY.with("ike", name).with("child", name).with("timeout", "-1");
    }

    private static Section ending(String name) {
        return Section.EMPTY.with("ike", name).with("timeout", "-1");
    }

    /// Takes a tunnel down and forgets it and its PPK: no trace of its keys is left at this side.
    public void remove(String name, Optional<String> ppk) {
        // first: the partner must not come back; that it was not loaded is well
        ask("unload-conn", Section.EMPTY.with("name", name));
        terminate(name);
        steering.forget(name);
        ppk.ifPresent(this::forgetPpk);
    }

    /// New traffic keys now instead of when their time has come, by a fresh exchange; loses no packet, as
    /// both sides read what comes under the old keys for a while.
    ///
    /// @throws Refusal `engine-refused` if there is no such tunnel
    public void refresh(String name) {
        must("rekey", Section.EMPTY.with("child", name));
    }

    /// Proves both ends anew and makes new keys throughout, with another PPK; the partner has loaded the
    /// tunnel with the new PPK's name before. When this returns, both may forget the old one. No packet is
    /// lost where [Esp#USERSPACE] encrypts ([Renewal]).
    ///
    /// @param next the tunnel as it is up, with the new PPK's name
    /// @throws Refusal `tunnel-not-up` if there is none to renew, and as [#initiate]: the old one goes on
    public State renew(Tunnel next, Duration patience) {
        return new Renewal(this, steering, reasons).begin(next, patience);
    }

    /// Takes up a tunnel that an earlier run of this program loaded: what is up goes on, and if that run
    /// ended in the middle of a renewal, this ends it.
    public void adopt(Tunnel tunnel) {
        new Renewal(this, steering, reasons).takeUp(tunnel);
    }

    /// A tunnel's newest state; empty if there is none and none is being made.
    public Optional<State> state(String name) {
        return states(Section.EMPTY.with("ike", name)).stream()
                .reduce((a, b) -> a.generation() > b.generation() ? a : b);
    }

    /// All there is. While a tunnel is renewed there are two of one name for a moment.
    public List<State> states() {
        return states(Section.EMPTY);
    }

    List<State> states(Section which) {
        return Seen.states(stream("list-sas", "list-sa", which));
    }

    /// Names of all loaded tunnels.
    public List<String> loaded() {
        return ask("get-conns", Section.EMPTY).items("conns");
    }

    /// Looks whenever something has happened, and now and then in case nothing was told: failures are not.
    Optional<State> await(String name, Duration patience, Predicate<Optional<State>> done) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var state = state(name);
            if (done.test(state) || System.nanoTime() > end) {
                return state;
            }
            synchronized (news) {
                try {
                    news.wait(LOOK_AGAIN_MS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return state;
                }
            }
        }
    }

    List<Section> stream(String command, String event, Section which) {
        try {
            return asking.stream(command, event, which);
        } catch (IOException e) {
            throw away(e);
        }
    }

    Section ask(String command, Section message) {
        try {
            return asking.ask(command, message);
        } catch (IOException e) {
            throw away(e);
        }
    }

    void must(String command, Section message) {
        var answer = ask(command, message);
        if (!answer.text("success").equals("yes")) {
            throw refused(command + ": " + answer.text("errmsg"));
        }
    }

    private static Refusal refused(String why) {
        return Refusal.of(
                "engine-refused", "VPNエンジン（strongSwan）が拒否しました：" + why, "The VPN engine (strongSwan) refused: " + why);
    }

    private static Refusal away(IOException e) {
        return Refusal.of(
                "engine-away",
                "VPNエンジン（strongSwan）が応答しません。再起動を待つか、記録 charon.log を確認してください",
                "The VPN engine (strongSwan) does not answer; wait for its restart, or see charon.log",
                e);
    }

    @Override
    public void close() {
        gone.set(true); // nobody is to hear of it
        asking.close();
        hearing.close();
    }
}
