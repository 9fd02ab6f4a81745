package org.mizuhiki.apps.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.centre.SessionDesk;
import org.mizuhiki.centre.SessionDesk.Session;
import org.mizuhiki.centre.SessionDesk.SessionWish;
import org.mizuhiki.centre.SubscriberDesk.Outcome;
import org.mizuhiki.lab.Host;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// One consultation of several sites (seed 003, D.4 g, 9.4 and 9.5): it opens as a star, invited sites connect
/// themselves with one another, one leaves while the others go on, the convener ends it.
final class SessionStory {
    static final String NAME = "session";
    private static final String CONVENER = "b";
    private static final List<String> SITES = List.of("b", "a", "c", "e");
    private static final Duration HUNDRED_A_SECOND = Duration.ofMillis(10);

    private final Telling telling;
    private final Sites sites;
    private final OnDemand demand;
    private String session = "";

    /// Of sites whose routers run.
    SessionStory(Telling telling, Sites sites) {
        this.telling = telling;
        this.sites = sites;
        this.demand = new OnDemand(sites);
    }

    void tell() throws Exception {
        telling.chapter("多地点の合同診療", "Several sites in one consultation");
        endOthers();
        demand.policy("e", Answer.AUTOMATIC);
        var open = new ArrayList<AutoCloseable>();
        try {
            for (var site : SITES) {
                open.add(sites.host(site).echo(Sites.PORT));
            }
            opens();
            joins();
            leaves();
            ends();
        } finally {
            for (var one : open) {
                one.close();
            }
        }
    }

    private void endOthers() throws Exception {
        for (var site : SITES) {
            for (var running : demand.desk(site).connections()) {
                demand.desk(site).end(running.connection());
            }
        }
        OnDemand.await(this::isQuiet, "nothing is connected");
    }

    private boolean isQuiet() {
        return SITES.stream().allMatch(s -> demand.live(s).isEmpty());
    }

    private SessionDesk desk(String site) {
        return sites.sessions(sites.office(site));
    }

    private void opens() throws Exception {
        telling.step(
                NAME, "open", "Bが始め、AとCとつながる（Bの1回線で）", "B opens it: connected with A and C, over its one line", () -> {
                    var wish = new SessionWish(
                            identity(CONVENER), "referral", List.of(identity("a"), identity("c")), Duration.ofHours(1));
                    long start = System.nanoTime();
                    var opened = desk(CONVENER).open(wish, Optional.empty());
                    session = opened.session();
                    return new Told<>("", passed(opened, start, List.of("b-a", "b-c")));
                });
    }

    private void joins() throws Exception {
        telling.step(
                NAME,
                "join",
                "BがEも招き、招かれたCは自らAとEにもつながる",
                "B invites E, too; C, who was invited, connects itself with A and E",
                () -> {
                    long start = System.nanoTime();
                    var invited = desk(CONVENER).join(session, identity("e"), Optional.empty());
                    var first = passed(invited, start, List.of("b-e"));
                    long again = System.nanoTime();
                    var joined = desk("c").join(session, identity("c"), Optional.empty());
                    return new Told<>("", first + "; " + passed(joined, again, List.of("c-a", "c-e")));
                });
    }

    private void leaves() throws Exception {
        telling.step(NAME, "leave", "Aが抜けても、ほかの通信は1つも失われない", "A leaves; nothing of the others' traffic is lost", () -> {
            var now = current();
            var gone = demand.seen("b", connection(now, "b", "a"));
            try (var be = stream(now, "b", "e");
                    var ce = stream(now, "c", "e")) {
                desk("a").leave(session, identity("a"));
                OnDemand.await(() -> !sites.host("b").reachesAtOnce(gone, Sites.PORT), "nothing reaches A any more");
                OnDemand.await(() -> demand.live("a").isEmpty(), "A has left all");
                int lost = be.lost() + ce.lost();
                expect(lost == 0, lost + " packets were lost");
                return new Told<>("", "b-e: %d sent, c-e: %d sent, 0 lost".formatted(be.sent(), ce.sent()));
            }
        });
    }

    private void ends() throws Exception {
        telling.step(NAME, "end", "Bが全部を終える", "B ends all of it", () -> {
            long start = System.nanoTime();
            desk(CONVENER).end(session);
            OnDemand.await(this::isQuiet, "nothing is connected");
            return new Told<>("", "nothing of it at any router " + since(start) + " ms later");
        });
    }

    private Host.Stream stream(Session now, String from, String to) throws Exception {
        return sites.host(from).stream(demand.seen(from, connection(now, from, to)), Sites.PORT, HUNDRED_A_SECOND);
    }

    /// Waits for the first packet of each pair, one after the other.
    private String passed(Session now, long start, List<String> pairs) throws Exception {
        var told = new ArrayList<String>();
        for (var pair : pairs) {
            var ends = pair.split("-");
            demand.through(ends[0], outcome(now, ends[0], ends[1]), Sites.PORT, start);
            told.add(pair + " " + since(start) + " ms");
        }
        return String.join(", ", told);
    }

    private Session current() {
        return desk(CONVENER).sessions().stream()
                .filter(s -> s.session().equals(session))
                .findFirst()
                .orElseThrow();
    }

    private Outcome outcome(Session now, String x, String y) {
        return now.pairs().stream()
                .filter(p -> List.of(p.asking(), p.asked()).containsAll(List.of(identity(x), identity(y))))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    private String connection(Session now, String x, String y) {
        return outcome(now, x, y).connection().orElseThrow();
    }

    private String identity(String site) {
        return sites.router(site).identity();
    }

    private static long since(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }
}
