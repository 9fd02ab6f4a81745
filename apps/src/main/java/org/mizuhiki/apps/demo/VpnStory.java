package org.mizuhiki.apps.demo;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.role.RouterAnswers;
import org.mizuhiki.centre.SubscriberDesk;
import org.mizuhiki.centre.SubscriberDesk.Outcome;
import org.mizuhiki.centre.SubscriberDesk.State;
import org.mizuhiki.centre.SubscriberDesk.Wish;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.lab.Host;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.SubscriberPolicy.Rule;
import org.mizuhiki.vpn.SubscriberPolicy.SiteNetwork;
import org.mizuhiki.vpn.SubscriberPolicy.Way;
import org.mizuhiki.vpn.Terms;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.vpn.Zone;
import org.mizuhiki.wire.Json;

/// Connected on demand (seed 001, the demonstrated network; seed 003, D.6): five sites whose routers are
/// real ones, connected when somebody wants it and both sides' policies say yes, and never else.
final class VpnStory {
    static final String NAME = "vpn-on-demand";
    private static final Terms TERMS = new Terms(Duration.ofHours(8), Duration.ofMinutes(30), Duration.ofHours(1));
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration PACE = Duration.ofMillis(5);
    private static final Duration HUNDRED_A_SECOND = Duration.ofMillis(10);
    private static final String SERVICE = "referral";
    private static final String GROUP = "region";

    private final Telling telling;
    private final Sites sites;
    private final Map<String, String> connections = new HashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    VpnStory(Telling telling, Sites sites) {
        this.telling = telling;
        this.sites = sites;
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
                    policies();
                    return new Told<>("", "1 uniform policy, 5 memberships, 5 policies");
                });
        telling.step(
                NAME,
                "routers-up",
                "各拠点のVPN機器が起動し、センターに現れる",
                "The routers start and show themselves to the centre",
                () -> {
                    for (var site : sites.names()) {
                        open.add(sites.host(site).echo(Sites.PORT));
                        sites.start(site);
                    }
                    for (var site : sites.names()) {
                        await(() -> sites.place.isOpen("routers/" + site), site + " is up");
                    }
                    return new Told<>("", Memory.ofAll(sites.processes.handles("router-")) + " MiB for five routers");
                });
    }

    private void policies() {
        var at = sites.now();
        var openings = new ArrayList<Service.Opening>();
        for (boolean toAsked : List.of(true, false)) {
            openings.add(new Service.Opening(Service.Protocol.TCP, Sites.PORT, Sites.PORT, toAsked));
            openings.add(new Service.Opening(Service.Protocol.UDP, Sites.PORT, Sites.PORT, toAsked));
        }
        var referral = new Service(SERVICE, ServiceClass.EXCHANGE, Zone.SECURE, Zone.SECURE, openings, 0, TERMS);
        var provider = sites.provider();
        sites.declare(
                provider,
                new UniformPolicy(
                        provider.person().code(),
                        at,
                        sites.until(),
                        sites.nonce(),
                        Proposals.usual(),
                        List.of(referral),
                        List.of(new UniformPolicy.Group(GROUP, List.of(SERVICE))),
                        Network.parse("172.20.0.0/14"),
                        50));
        for (var site : sites.names()) {
            sites.declare(
                    provider,
                    new Membership(
                            provider.person().code(), at, sites.until(), sites.nonce(), GROUP, sites.router(site)));
            policy(site, Answer.AUTOMATIC);
        }
    }

    private void policy(String site, Answer answer) {
        var network = Network.parse(sites.country.lab().site(site).network().toString());
        var rule = new Rule(
                answer == Answer.NEVER ? "closed" : "colleagues",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Way.BOTH,
                Optional.empty(),
                answer,
                List.of(),
                TERMS);
        var office = sites.office(site);
        sites.declare(
                office,
                new SubscriberPolicy(
                        office.person().code(),
                        sites.now(),
                        sites.until(),
                        sites.nonce(),
                        sites.router(site),
                        List.of(new SiteNetwork(network, Zone.SECURE)),
                        List.of(rule)));
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
        long start = System.nanoTime();
        var outcome = ask(from, to, instead);
        if (outcome.state() != State.CONNECTED) {
            throw new IllegalStateException("not connected: " + outcome);
        }
        var connection = outcome.connection().orElseThrow();
        connections.put(from + "-" + to, connection);
        try (var stream = sites.host(from).stream(seen(from, connection), Sites.PORT, PACE)) {
            await(() -> stream.received() > 0, "a packet passes");
        }
        return (System.nanoTime() - start) / 1_000_000;
    }

    private Outcome ask(String from, String to, Optional<String> instead) throws Exception {
        var wish = new Wish(
                sites.router(from).identity(), sites.router(to).identity(), SERVICE, Duration.ofHours(2), instead);
        long end = System.nanoTime() + SOON.toNanos();
        while (true) {
            try {
                return desk(from).ask(wish, Optional.empty());
            } catch (Refusal e) {
                boolean coming = e.code().equals("router-unknown") || e.code().equals("server-unreachable");
                if (!coming || System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private SubscriberDesk desk(String site) {
        return sites.desk(sites.office(site));
    }

    /// The partner's host as it is seen from a site.
    private InetAddress seen(String site, String connection) throws Exception {
        var line = new RouterAnswers.Line[1];
        await(
                () -> {
                    var all = live(site).stream()
                            .filter(l -> l.connection().equals(connection))
                            .toList();
                    all.forEach(l -> line[0] = l);
                    return !all.isEmpty();
                },
                "the router knows of it");
        var shown = Network.parse(Objects.requireNonNull(line[0]).partner().getFirst());
        return org.mizuhiki.ike.Cidr.of(shown.toString()).host(2);
    }

    private List<RouterAnswers.Line> live(String site) {
        return Json.readList(
                Bytes.utf8(sites.place.operate("routers/" + site, "live", Map.of())), RouterAnswers.Line.class);
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
                streams.put(partner, sites.host(from).stream(seen(from, connection), Sites.PORT, HUNDRED_A_SECOND));
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
            var host = seen("b", be);
            desk("e").end(be);
            await(() -> !sites.host("b").reaches(host, Sites.PORT), "nothing reaches E any more");
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

    private void refused() throws Exception {
        telling.step(
                NAME,
                "refusal",
                "Eが「誰とも接続しない」と決めると、依頼は理由つきで断られる",
                "E decides to be closed: a request is refused, with the rule and whose it is",
                () -> {
                    Thread.sleep(1_000); // a later second: the later policy counts
                    policy("e", Answer.NEVER);
                    var outcome = ask("d", "e", Optional.empty());
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
                    expect(!sites.host("b").reaches(sites.address("c"), Sites.PORT), "it is cut");
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
        await(
                () -> {
                    try {
                        return desk(from).connections().stream()
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
                    var host = seen("c", Objects.requireNonNull(connections.get("c-d")));
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
                    await(() -> live("c").stream().noneMatch(l -> l.asked().equals(d.identity())), "C let go of D");
                    expect(!sites.host("c").reaches(host, Sites.PORT), "nothing passes");
                    return new Told<>("", (System.nanoTime() - start) / 1_000_000 + " ms after the revocation");
                });
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, String claim) throws Exception {
        long end = System.nanoTime() + SOON.multipliedBy(2).toNanos();
        while (!condition.holds()) {
            expect(System.nanoTime() < end, claim);
            Thread.sleep(1);
        }
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }
}
