package org.mizuhiki.apps.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.centre.SubscriberDesk.State;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.lab.Host;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// Connected on demand (seed 001, the demonstrated network; seed 003, D.6): five sites whose routers are
/// real ones, connected when somebody wants it and both sides' policies say yes, and never else.
final class VpnStory {
    static final String NAME = "vpn-on-demand";
    private static final Duration HUNDRED_A_SECOND = Duration.ofMillis(10);

    private final Telling telling;
    private final Sites sites;
    private final OnDemand demand;
    private final Map<String, String> connections = new HashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    VpnStory(Telling telling, Sites sites) {
        this.telling = telling;
        this.sites = sites;
        this.demand = new OnDemand(sites);
    }

    void tell() throws Exception {
        telling.chapter("必要なときだけ、双方の同意でつながるVPN", "Connected on demand, with both sides' consent");
        try {
            prepare();
            for (var partner : List.of("a", "c", "d", "e")) {
                connect("b", partner);
            }
            undisturbed("b", List.of("a", "d"), () -> {
                connect("c", "d");
                connect("c", "e");
            });
            dropsOut();
            changesPartner();
            records();
            refused();
            cutWithoutCentre();
            revoked();
        } finally {
            for (var one : open) {
                one.close();
            }
        }
    }

    private void prepare() throws Exception {
        telling.step(
                NAME,
                "registration",
                "5つの拠点の機器が登録される（鍵はトークンの中で作られる）",
                "Five sites' routers go through the registration; keys are made in their tokens",
                () -> {
                    sites.register();
                    return new Told<>("", sites.names().size() + " routers, steps a) to l) each");
                });
        telling.step(
                NAME,
                "policies",
                "プロバイダの統一ポリシーと各拠点の接続ポリシーに署名する",
                "The provider signs the uniform policy, each site its own",
                () -> {
                    demand.policies();
                    return new Told<>("", "1 uniform policy, 5 memberships, 5 policies");
                });
        telling.step(
                NAME,
                "first-boot",
                "AのVPN機器の初期設定をQRコードにする（機器は残りをセンターから受け取り、照合する）",
                "The provider makes a QR code for A's router, which fetches the rest and checks it",
                () -> new Told<>("", sites.firstBoot() + " characters"));
        telling.step(
                NAME,
                "routers-up",
                "各拠点のVPN機器が起動し、センターに現れる",
                "The routers start and show themselves to the centre",
                () -> {
                    open.addAll(demand.start());
                    return new Told<>("", Memory.ofAll(sites.processes.handles("router-")) + " MiB for five routers");
                });
        telling.step(
                NAME,
                "one-clock",
                "各機器の時計を時刻サーバーと比べる",
                "The routers compare their clocks with a time server",
                () -> new Told<>("", clocks()));
    }

    private String clocks() throws Exception {
        if (sites.country.time().isEmpty()) {
            return "no time server here (package chrony)";
        }
        var told = new ArrayList<String>();
        for (var site : sites.names()) {
            OnDemand.await(() -> demand.state(site).clock().isPresent(), site + " asked the time server");
            var clock = demand.state(site).clock().orElseThrow();
            expect(!clock.tooFar(), site + "'s clock is right");
            told.add("%s %+.3f s".formatted(site, clock.ahead().toNanos() / 1e9));
        }
        return String.join(", ", told);
    }

    private void connect(String from, String to) throws Exception {
        var who = from.toUpperCase(Locale.ROOT);
        var whom = to.toUpperCase(Locale.ROOT);
        telling.step(
                NAME,
                from + "-" + to,
                who + "が" + whom + "との接続を求め、最初のパケットが通る",
                who + " asks for " + whom + "; the first packet passes",
                () -> new Told<>(
                        "", connected(from, to, Optional.empty()) + " ms from the request to the first packet"));
    }

    /// @return milliseconds from the request to the first packet that came back
    private long connected(String from, String to, Optional<String> instead) throws Exception {
        var connected = demand.connect(from, to, instead);
        connections.put(from + "-" + to, connected.connection());
        return connected.firstPacket().toMillis();
    }

    private interface Deed {
        void run() throws Exception;
    }

    /// Traffic at a hundred packets a second on other connections, and not one of them lost.
    private void undisturbed(String from, List<String> to, Deed deed) throws Exception {
        var streams = new HashMap<String, Host.Stream>();
        try {
            for (var partner : to) {
                var connection = Objects.requireNonNull(connections.get(from + "-" + partner));
                streams.put(
                        partner, sites.host(from).stream(demand.seen(from, connection), Sites.PORT, HUNDRED_A_SECOND));
            }
            deed.run();
            telling.step(
                    NAME,
                    "undisturbed",
                    "その間、ほかの接続の通信は1つも失われない",
                    "Meanwhile nothing was lost on the other connections",
                    () -> {
                        var told = new ArrayList<String>();
                        for (var stream : streams.entrySet()) {
                            int lost = stream.getValue().lost();
                            told.add("%s-%s: %d sent, %d lost"
                                    .formatted(
                                            from,
                                            stream.getKey(),
                                            stream.getValue().sent(),
                                            lost));
                            expect(lost == 0, told.getLast());
                        }
                        return new Told<>("", String.join("; ", told));
                    });
        } finally {
            streams.values().forEach(Host.Stream::close);
        }
    }

    private void dropsOut() throws Exception {
        telling.step(NAME, "drops-out", "Eが抜けても、ほかは動き続ける", "E leaves; the others go on", () -> {
            var be = Objects.requireNonNull(connections.get("b-e"));
            var host = demand.seen("b", be);
            demand.desk("e").end(be);
            OnDemand.await(() -> !sites.host("b").reachesAtOnce(host, Sites.PORT), "nothing reaches E any more");
            expect(sites.host("b").reaches(sites.address("a"), Sites.PORT), "B still reaches A");
            return new Told<>("", "b-e is closed at both ends");
        });
    }

    private void changesPartner() throws Exception {
        telling.step(
                NAME,
                "change-of-partner",
                "Cが相手をEからAに替える（一度の指示で）",
                "C changes its partner from E to A, in one order",
                () -> new Told<>(
                        "",
                        connected("c", "a", Optional.ofNullable(connections.get("c-e"))) + " ms to the first packet"));
    }

    private void records() throws Exception {
        telling.step(
                NAME,
                "records",
                "誰が誰と通信したかを、双方の出入口の機器が記録する（中身は残さない）",
                "Both access points record who spoke with whom, never what",
                () -> {
                    var ba = Objects.requireNonNull(connections.get("b-a"));
                    var b = sites.address("b").getHostAddress();
                    OnDemand.await(
                            () -> demand.lines("a", ba).stream()
                                            .filter(l -> l.source().equals(b))
                                            .count()
                                    >= 2,
                            "both routers told of it");
                    return new Told<>("", demand.lines("a", ba).size() + " records of b-a");
                });
    }

    private void refused() throws Exception {
        telling.step(
                NAME,
                "refusal",
                "Eが「誰とも接続しない」と決めると、依頼は理由つきで断られる",
                "E decides to be closed: a request is refused, with the rule and whose it is",
                () -> {
                    Thread.sleep(1_000); // a later second: the later policy counts
                    demand.policy("e", Answer.NEVER);
                    var outcome = demand.ask("d", "e", Optional.empty());
                    expect(outcome.state() == State.REFUSED, "it is refused");
                    var why = outcome.refused().orElseThrow();
                    expect(why.owner().equals(sites.office("e").person().code().value()), "by E's own rule");
                    return new Told<>("", why.rule() + ": " + why.named() + " of " + why.owner());
                });
    }

    private void cutWithoutCentre() throws Exception {
        telling.step(
                NAME,
                "cut-without-centre",
                "センターが落ちても通信は続き、拠点は自分で切断できる",
                "The centre is killed: tunnels go on, and a site cuts one at its own router",
                () -> {
                    var bc = Objects.requireNonNull(connections.get("b-c"));
                    sites.processes.kill("centre");
                    expect(sites.host("b").reaches(sites.address("c"), Sites.PORT), "B reaches C");
                    sites.place.operate("routers/c", "cut", Map.of("connection", bc));
                    expect(!sites.host("b").reachesAtOnce(sites.address("c"), Sites.PORT), "it is cut");
                    long start = System.nanoTime();
                    connected("b", "c", Optional.empty(), bc);
                    return new Told<>(
                            "",
                            "connected anew " + (System.nanoTime() - start) / 1_000_000
                                    + " ms after the cut, the centre's restart included");
                });
    }

    /// Once the centre has heard that the earlier one was cut.
    private void connected(String from, String to, Optional<String> instead, String before) throws Exception {
        OnDemand.await(
                () -> {
                    try {
                        return demand.desk(from).connections().stream()
                                .noneMatch(c -> c.connection().equals(before));
                    } catch (Refusal away) {
                        return false;
                    }
                },
                "the centre is back and has heard of the cut");
        connected(from, to, instead);
    }

    private void revoked() throws Exception {
        telling.step(
                NAME,
                "revocation",
                "Dのサービス証明書が失効すると、動いている接続も切れる",
                "D's service certificate is revoked: what runs is cut",
                () -> {
                    var host = demand.seen("c", Objects.requireNonNull(connections.get("c-d")));
                    expect(sites.host("c").reaches(host, Sites.PORT), "C reaches D");
                    var d = sites.router("d");
                    long start = System.nanoTime();
                    sites.place.operate(
                            "authority",
                            "revoke",
                            Map.of(
                                    "kind",
                                    "service",
                                    "subscriber",
                                    d.subscriber(),
                                    "service",
                                    d.name(),
                                    "device",
                                    d.device().identity(),
                                    "reason",
                                    "key-compromise"));
                    OnDemand.await(
                            () -> demand.live("c").stream()
                                    .noneMatch(l -> l.asked().equals(d.identity())),
                            "C let go of D");
                    expect(!sites.host("c").reachesAtOnce(host, Sites.PORT), "nothing passes");
                    return new Told<>("", (System.nanoTime() - start) / 1_000_000 + " ms after the revocation");
                });
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }
}
