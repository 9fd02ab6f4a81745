package org.mizuhiki.apps.demo;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.mizuhiki.apps.role.RouterAnswers;
import org.mizuhiki.centre.LogBatch;
import org.mizuhiki.centre.Recorded;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.centre.SubscriberDesk;
import org.mizuhiki.centre.SubscriberDesk.Outcome;
import org.mizuhiki.centre.SubscriberDesk.State;
import org.mizuhiki.centre.SubscriberDesk.Wish;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Cidr;
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

/// What the demo's institutions do with the VPN: sign policies, ask for connections, look at their routers.
record OnDemand(Sites sites) {
    private static final Terms TERMS = new Terms(Duration.ofHours(8), Duration.ofMinutes(30), Duration.ofHours(1));
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration PACE = Duration.ofMillis(5);
    private static final String SERVICE = "referral";
    private static final String GROUP = "region";

    /// @param firstPacket from the request until a packet of a host came back from the partner's
    record Connected(String connection, Duration firstPacket) {}

    /// Hosts and routers.
    ///
    /// @return the hosts' programs, to be closed
    List<AutoCloseable> start() throws Exception {
        var open = new ArrayList<AutoCloseable>();
        for (var site : sites.names()) {
            open.add(sites.host(site).echo(Sites.PORT));
            sites.start(site);
        }
        for (var site : sites.names()) {
            await(() -> sites.place.isOpen("routers/" + site), site + " is up");
        }
        return open;
    }

    void policies() {
        var at = sites.now();
        var openings = new ArrayList<Service.Opening>();
        for (boolean toAsked : List.of(true, false)) {
            openings.add(new Service.Opening(Service.Protocol.TCP, Sites.PORT, Sites.PORT, toAsked));
            openings.add(new Service.Opening(Service.Protocol.UDP, Sites.PORT, Sites.PORT, toAsked));
        }
        var referral = new Service(SERVICE, ServiceClass.EXCHANGE, Zone.SECURE, Zone.SECURE, openings, 0, TERMS);
        var maintenance = Maintenance.service(TERMS);
        var provider = sites.provider();
        sites.declare(
                provider,
                new UniformPolicy(
                        provider.person().code(),
                        at,
                        sites.until(),
                        sites.nonce(),
                        Proposals.usual(),
                        List.of(referral, maintenance),
                        List.of(new UniformPolicy.Group(GROUP, List.of(SERVICE, maintenance.name()))),
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

    void policy(String site, Answer answer) {
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

    Connected connect(String from, String to, Optional<String> instead) throws Exception {
        long start = System.nanoTime();
        return through(from, ask(from, to, instead), Sites.PORT, start);
    }

    /// A connection that was asked for, as soon as a datagram to that port of the partner's came back.
    ///
    /// @param start when it was asked for, by `nanoTime`
    Connected through(String from, Outcome outcome, int port, long start) throws Exception {
        if (outcome.state() != State.CONNECTED) {
            throw new IllegalStateException("not connected: " + outcome);
        }
        var connection = outcome.connection().orElseThrow();
        try (var stream = sites.host(from).stream(seen(from, connection), port, PACE)) {
            await(() -> stream.received() > 0, "a packet passes");
        }
        return new Connected(connection, Duration.ofNanos(System.nanoTime() - start));
    }

    Outcome ask(String from, String to, Optional<String> instead) throws Exception {
        return ask(
                from,
                new Wish(
                        sites.router(from).identity(),
                        sites.router(to).identity(),
                        SERVICE,
                        Duration.ofHours(2),
                        instead));
    }

    /// As soon as the centre is there and knows both routers.
    Outcome ask(String from, Wish wish) throws Exception {
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

    SubscriberDesk desk(String site) {
        return sites.desk(sites.office(site));
    }

    List<RouterDesk.LogLine> lines(String site, String connection) {
        return Recorded.all(desk(site), connection).batches().stream()
                .flatMap(b -> LogBatch.decode(b.batch()).lines().stream())
                .toList();
    }

    /// The partner's host as it is seen from a site.
    InetAddress seen(String site, String connection) throws Exception {
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
        var network = Cidr.of(shown.toString());
        return network.length() == 32 ? network.base() : network.host(2);
    }

    List<RouterAnswers.Line> live(String site) {
        return Json.readList(
                Bytes.utf8(sites.place.operate("routers/" + site, "live", Map.of())), RouterAnswers.Line.class);
    }

    RouterAnswers.Self state(String site) {
        return Json.read(
                Bytes.utf8(sites.place.operate("routers/" + site, "state", Map.of())), RouterAnswers.Self.class);
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(Condition condition, String claim) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("does not hold: " + claim);
            }
            Thread.sleep(1);
        }
    }
}
