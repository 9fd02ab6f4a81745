package org.mizuhiki.apps.demo;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.lab.Host;

/// Remote maintenance (seed 003, 5.1 e, 9.2, A.1 and B.5 g): by contract partners only, who have exchanged
/// their privacy policies, by a named technician, to one machine, in the customer's time.
final class MaintenanceStory {
    static final String NAME = "remote-maintenance";
    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Duration A_MOMENT = Duration.ofSeconds(5);

    private final Telling telling;
    private final Sites sites;
    private final OnDemand demand;
    private final Maintenance maintenance;
    private final Host technician;
    private final InetAddress machine;

    /// Of sites whose routers run and are connected otherwise; the customer is B, the company C.
    MaintenanceStory(Telling telling, Sites sites) {
        this.telling = telling;
        this.sites = sites;
        this.demand = new OnDemand(sites);
        this.maintenance = new Maintenance(demand, "b", "c");
        this.technician = sites.host("c");
        this.machine = sites.address("b");
    }

    void tell() throws Exception {
        telling.chapter("契約した相手だけの、1台だけへの遠隔保守", "Remote maintenance: one contract, one machine, one technician");
        endOthers();
        var neighbour = neighbour();
        try (var _ = sites.host("b").echo(Maintenance.SHELL);
                var _ = sites.host("b").echo(Maintenance.STATE);
                var _ = sites.host("b").echo(Sites.PORT)) {
            refusals();
            reachesOneMachine(neighbour);
            takenBack();
            endsWithItsWindow();
        }
    }

    /// Another connection between the two would reach what maintenance must not.
    private void endOthers() throws Exception {
        var partner = sites.router("b").identity();
        for (var c : demand.desk("c").connections()) {
            if (c.asked().equals(partner) || c.asking().equals(partner)) {
                demand.desk("c").end(c.connection());
                OnDemand.await(() -> maintenance.isOver(c.connection()), "it ended");
            }
        }
    }

    /// Another machine beside the one that is maintained, with the same programs.
    private InetAddress neighbour() {
        var network = sites.country.lab().site("b").network();
        sites.host("b").space().run("ip", "addr", "replace", network.host(3).getHostAddress() + "/24", "dev", "eth0");
        return network.host(3);
    }

    private interface Deed {
        void run() throws Exception;
    }

    private void refused(String step, String rule, String japanese, String english, PersonId who, Deed before)
            throws Exception {
        telling.step(NAME, step, japanese, english, () -> {
            before.run();
            var told = maintenance.refused(who);
            expect(told.startsWith(rule), told + " instead of " + rule);
            return new Told<>("", told);
        });
    }

    private void refusals() throws Exception {
        var named = maintenance.technician();
        var contract = maintenance.contract();
        refused(
                "without-contract",
                "agreement-missing",
                "契約がなければ断られる",
                "Without a contract it is refused",
                named,
                () -> {});
        refused(
                "one-signature",
                "agreement-missing",
                "病院だけがプライバシーポリシーの交換と契約に署名しても、断られる",
                "Policies and contract signed by the hospital alone: refused",
                named,
                () -> maintenance.agree("b", contract, maintenance.during(AN_HOUR)));
        refused(
                "other-protocol",
                "protocol-not-allowed",
                "統一ポリシーにない通信を含む契約は、双方が署名しても断られる",
                "A contract that opens more than the provider's policy: refused, though both sign",
                named,
                () -> {
                    maintenance.agree("b", maintenance.withDesktop(), maintenance.during(AN_HOUR));
                    maintenance.agree("c", maintenance.withDesktop());
                });
        refused(
                "not-named",
                "technician-not-named",
                "双方が同じ契約に署名する。契約に名前のない人は断られる",
                "Both sign the same contract; somebody whom it does not name is refused",
                maintenance.stranger(),
                () -> {
                    maintenance.agree("b", contract, maintenance.yesterday());
                    maintenance.agree("c", contract);
                });
        refused(
                "not-signed",
                "technician-not-signed",
                "作業者本人が作業に署名していなければ断られる",
                "The technician has not signed for the work: refused",
                named,
                () -> {});
        refused(
                "outside-window",
                "outside-window",
                "病院が決めた時間の外では断られる",
                "Outside the hospital's window: refused",
                named,
                maintenance::sign);
    }

    private void reachesOneMachine(InetAddress neighbour) throws Exception {
        var connection = connected("connected", "時間が決まると、作業者が接続し、契約の機器に届く", "In the window the technician connects");
        telling.step(
                NAME,
                "one-machine",
                "契約の機器と通信だけが通る。隣の機器も、ほかのポートも、逆向きも通らない",
                "The machine and the openings of the contract answer; its neighbour, other ports, the way back do not",
                () -> {
                    expect(technician.reaches(machine, Maintenance.SHELL), "the shell answers");
                    expect(!technician.reachesAtOnce(machine, Sites.PORT), "another port");
                    expect(!technician.reachesAtOnce(neighbour, Maintenance.SHELL), "another machine");
                    try (var _ = technician.echo(Maintenance.SHELL)) {
                        expect(!sites.host("b").reachesAtOnce(sites.address("c"), Maintenance.SHELL), "the way back");
                    }
                    return new Told<>("", machine.getHostAddress() + ", tcp 22 and udp 161, nothing else");
                });
        telling.step(
                NAME,
                "by-hand",
                "病院が自分の機器で切断する。誰が・いつ・何をしたかは双方に残る",
                "The hospital cuts it at its own router; who, when and what stays with both",
                () -> {
                    sites.place.operate("routers/b", "cut", Map.of("connection", connection));
                    OnDemand.await(
                            () -> maintenance.isOver(connection) && hasEnded(connection), "it ended at both ends");
                    expect(!technician.reachesAtOnce(machine, Maintenance.SHELL), "nothing passes");
                    return new Told<>("", told(connection));
                });
    }

    private String connected(String step, String japanese, String english) throws Exception {
        return telling.step(NAME, step, japanese, english, () -> {
            maintenance.agree("b", maintenance.contract(), maintenance.during(AN_HOUR));
            var connected = maintenance.connect();
            return new Told<>(
                    connected.connection(),
                    connected.firstPacket().toMillis() + " ms from the request to the first packet");
        });
    }

    private void takenBack() throws Exception {
        var connection = connected("again", "もう一度接続する", "Connected once more");
        telling.step(
                NAME,
                "windows-taken-back",
                "病院が時間を取り下げると、動いている接続も切れる",
                "The hospital takes its windows back: what runs ends",
                () -> {
                    maintenance.agree("b", maintenance.contract());
                    long start = System.nanoTime();
                    OnDemand.await(() -> maintenance.isOver(connection), "it ended at both ends");
                    long taken = (System.nanoTime() - start) / 1_000_000;
                    expect(!technician.reachesAtOnce(machine, Maintenance.SHELL), "nothing passes");
                    var again = maintenance.refused(maintenance.technician());
                    expect(again.startsWith("outside-window"), again);
                    return new Told<>("", taken + " ms after the signature; " + told(connection));
                });
    }

    private void endsWithItsWindow() throws Exception {
        telling.step(NAME, "window-over", "時間が終わると、接続も終わる", "With the window the connection ends by itself", () -> {
            maintenance.agree("b", maintenance.contract(), maintenance.during(A_MOMENT));
            var connection = maintenance.connect().connection();
            OnDemand.await(() -> maintenance.isOver(connection) && hasEnded(connection), "it ended");
            return new Told<>("", told(connection));
        });
    }

    private boolean hasEnded(String connection) {
        return maintenance.record("b", connection).stream()
                .anyMatch(m -> m.ended().isPresent());
    }

    /// What both sides' records say of it, if they say the same.
    private String told(String connection) {
        var customers = maintenance.record("b", connection);
        expect(customers.isPresent() && customers.equals(maintenance.record("c", connection)), "both have it");
        var m = customers.get();
        expect(m.technician().equals(maintenance.technician()), "it was the technician");
        return "%s: %s, %s, %s - %s (%s)"
                .formatted(
                        m.contract(),
                        m.technician(),
                        m.purpose(),
                        m.since(),
                        m.ended().map(Object::toString).orElse(""),
                        m.reason().orElse(""));
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }
}
