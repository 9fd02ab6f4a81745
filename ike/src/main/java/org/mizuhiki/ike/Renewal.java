package org.mizuhiki.ike;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.vici.Section;

/// A new association of a tunnel beside the old one, until that goes; with another PPK, and both ends proven
/// anew (RFC 8784 has no other way). What is lost: nothing, where [Steering] leads the packets. Where the
/// engine does, the partner uses the new one a moment before we can read it, and what it sends in that
/// moment may be lost; for that moment to be short, the proofs come first and the traffic keys in an exchange
/// of their own (RFC 6023).
record Renewal(Engine engine, Steering steering, Reasons reasons) {
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final long LOOK_AGAIN_MS = 50;
    private static final long UNDER_WAY_MS = 200;

    /// A partner that sends nothing shows nothing.
    private static final Duration READY = Duration.ofSeconds(1);

    /// For a partner whose program is just starting again, and goes on with the old one meanwhile.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// At the side that begins.
    ///
    /// @throws Refusal `tunnel-not-up` if there is none to renew, and why the new one did not come up
    State begin(Tunnel next, Duration patience) {
        var old = engine.state(next.name()).filter(s -> s.phase() == State.Phase.UP);
        if (old.isEmpty()) {
            throw reasons.refusal(next.name());
        }
        long before = old.get().generation();
        reasons.forget(next.name());
        // 1. another PPK makes it another association for the engine, not the same again; the partner is ready
        // to read what comes by it before it answers, and goes on sending by the old one
        var led = steering.admit(next, true);
        engine.must("initiate", Engine.initiating(next.name()));
        var last = engine.await(next.name(), patience, new Coming(reasons, next.name(), before));
        if (!Engine.isUp(last.filter(s -> s.generation() > before))) {
            newerThan(before, next.name()).forEach(s -> end(s.generation(), true));
            steering.withdraw(led);
            throw reasons.refusal(next.name());
        }
        // 2. we read and send by the new one
        steering.turnTo(led);
        // 3. so does the partner, and nothing is under way in the old one any more
        awaitPartner(next.name(), before);
        pause(UNDER_WAY_MS);
        end(before, false);
        // 4. a partner that has moved does not hear of it where it was
        engine.await(next.name(), FAREWELL, _ -> isGone(before));
        if (!isGone(before)) {
            end(before, true);
        }
        steering.forgetOthers(led);
        return last.orElseThrow();
    }

    /// At either side, whenever one has come up: at the side that is asked, what goes out takes it as soon as
    /// the partner shows that it reads it.
    void follow(String name) {
        var newest = engine.state(name).filter(s -> s.phase() == State.Phase.UP);
        var led = newest.flatMap(s -> steering.led(name, s.number()));
        if (led.isEmpty()) {
            return; // another's, or gone again
        }
        long generation = newest.get().generation();
        until(READY, () -> isAlone(name) || of(name, generation).anyMatch(s -> s.bytesIn() > 0));
        steering.turnTo(led.get());
        until(PATIENCE.plus(READY), () -> isAlone(name) || isOvertaken(name, generation));
        if (isAlone(name)) {
            steering.forgetOthers(led.get());
        }
    }

    /// What an earlier run of this program left: the newest association that is up goes on alone. Where none is,
    /// what is loaded and what leads into it are made anew, so that they belong together.
    void takeUp(Tunnel tunnel) {
        var up = engine.states(Section.EMPTY.with("ike", tunnel.name())).stream()
                .filter(s -> s.phase() == State.Phase.UP)
                .toList();
        if (up.isEmpty()) {
            steering.lead(tunnel);
            return;
        }
        long newest = up.stream().mapToLong(State::generation).max().orElseThrow();
        up.stream().filter(s -> s.generation() == newest).forEach(s -> steering.takeUp(tunnel, s.number()));
        up.stream().filter(s -> s.generation() < newest).forEach(s -> end(s.generation(), false));
    }

    /// Until it sends by the new one, or is seen to send nothing.
    private void awaitPartner(String name, long before) {
        if (!steering.isOurs()) {
            return; // it does already
        }
        long last = in(name, before);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            long then = last;
            if (until(
                            READY.multipliedBy(2),
                            () -> newerThan(before, name).stream().anyMatch(s -> s.bytesIn() > 0))
                    || in(name, before) == then) {
                return;
            }
            last = in(name, before);
        }
    }

    private long in(String name, long generation) {
        return of(name, generation).mapToLong(State::bytesIn).sum();
    }

    private boolean isOvertaken(String name, long generation) {
        return !newerThan(generation, name).isEmpty();
    }

    private boolean isAlone(String name) {
        return engine.states(Section.EMPTY.with("ike", name)).size() <= 1;
    }

    private java.util.stream.Stream<State> of(String name, long generation) {
        return engine.states(Section.EMPTY.with("ike", name)).stream().filter(s -> s.generation() == generation);
    }

    private boolean isGone(long generation) {
        return engine.states().stream().noneMatch(s -> s.generation() == generation);
    }

    private List<State> newerThan(long generation, String name) {
        return engine.states(Section.EMPTY.with("ike", name)).stream()
                .filter(s -> s.generation() > generation)
                .toList();
    }

    private void end(long generation, boolean unheard) {
        var ending = Section.EMPTY.with("ike-id", Long.toString(generation)).with("timeout", "-1");
        engine.ask("terminate", unheard ? ending.with("force", "yes") : ending);
    }

    private interface Look {
        boolean isSo();
    }

    private static boolean until(Duration limit, Look look) {
        long end = System.nanoTime() + limit.toNanos();
        while (!look.isSo()) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            pause(LOOK_AGAIN_MS);
        }
        return true;
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether the new one has come to its end, well or not. The old one may repeat itself towards a partner
    /// that is not there any more: that is no failure of the new one.
    private static final class Coming implements Predicate<Optional<State>> {
        private final Reasons reasons;
        private final String name;
        private final long before;
        private boolean begun;

        Coming(Reasons reasons, String name, long before) {
            this.reasons = reasons;
            this.name = name;
            this.before = before;
        }

        @Override
        public boolean test(Optional<State> newest) {
            var next = newest.filter(s -> s.generation() > before);
            begun |= next.isPresent();
            return Engine.isUp(next) || (next.isEmpty() && (begun || reasons.isAnswer(name)));
        }
    }
}
