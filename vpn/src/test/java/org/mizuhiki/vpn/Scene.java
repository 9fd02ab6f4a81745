package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Deciding.Situation;
import org.mizuhiki.vpn.Side.Running;
import org.mizuhiki.vpn.Side.SaidPolicy;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.SubscriberPolicy.Rule;
import org.mizuhiki.vpn.SubscriberPolicy.SiteNetwork;
import org.mizuhiki.vpn.SubscriberPolicy.Way;

/// One request and all that it depends on, made up at random.
final class Scene {
    static final List<String> GROUPS = List.of("region", "images", "empty");
    private static final List<Network> NETWORKS =
            List.of(Network.parse("10.1.0.0/24"), Network.parse("10.2.0.0/24"), Network.parse("192.168.1.0/24"));

    final RandomGenerator die;
    private final PersonId approver;
    private final PersonId technician;

    Scene(RandomGenerator die) {
        this.die = die;
        this.approver = PersonId.random(die);
        this.technician = PersonId.random(die);
    }

    private <T> T one(List<T> of) {
        return of.get(die.nextInt(of.size()));
    }

    private boolean chance(int oneIn) {
        return die.nextInt(oneIn) == 0;
    }

    private Instant soon() {
        return Pretend.NOW.plusSeconds(die.nextInt(-3600, 6 * 3600));
    }

    private Terms terms() {
        return new Terms(
                Duration.ofMinutes(die.nextInt(1, 600)),
                Duration.ofMinutes(die.nextInt(1, 60)),
                Duration.ofMinutes(die.nextInt(1, 60)));
    }

    private Service service(String name, ServiceClass kind) {
        var like = Pretend.referral();
        return new Service(name, kind, Zone.SECURE, Zone.SECURE, like.openings(), 0, terms());
    }

    UniformPolicy uniform() {
        var services = List.of(
                service("referral", ServiceClass.EXCHANGE),
                service("maintenance", ServiceClass.REMOTE_MAINTENANCE),
                service("asp", ServiceClass.ASP));
        var names = services.stream().map(Service::name).toList();
        return new UniformPolicy(
                Pretend.PROVIDER,
                Pretend.NOW.minusSeconds(7200),
                chance(10) ? soon() : Pretend.NOW.plus(Duration.ofDays(9)),
                Pretend.nonce(),
                Proposals.usual(),
                services,
                List.of(
                        new UniformPolicy.Group("region", names),
                        new UniformPolicy.Group("images", names.subList(0, 2)),
                        new UniformPolicy.Group("empty", List.of())),
                Network.parse("100.64.0.0/10"),
                4);
    }

    private Rule rule(int number, InstitutionCode partner) {
        var answer = one(List.of(Answer.AUTOMATIC, Answer.AUTOMATIC, Answer.ASK, Answer.NEVER));
        return new Rule(
                "rule-" + number,
                chance(3) ? List.of(partner) : List.of(),
                chance(3) ? Optional.of(one(GROUPS)) : Optional.empty(),
                chance(3) ? Optional.of(one(List.of("referral", "asp"))) : Optional.empty(),
                chance(2) ? Way.BOTH : one(List.of(Way.values())),
                chance(3)
                        ? Optional.of(new Hours(
                                List.of(java.time.DayOfWeek.TUESDAY), die.nextInt(700), die.nextInt(700, 1441)))
                        : Optional.empty(),
                answer,
                answer == Answer.ASK ? List.of(approver) : List.of(),
                terms());
    }

    Side side(InstitutionCode of, InstitutionCode partner) {
        var rules = new ArrayList<Rule>();
        for (int i = die.nextInt(1, 4); i > 0; i--) {
            rules.add(rule(i, partner));
        }
        var policy = new SubscriberPolicy(
                of,
                Pretend.NOW.minusSeconds(60),
                chance(10) ? Pretend.NOW : Pretend.NOW.plus(Duration.ofDays(5)),
                Pretend.nonce(),
                Pretend.router(of),
                List.of(new SiteNetwork(one(NETWORKS), Zone.SECURE)),
                rules);
        var memberships = new ArrayList<Membership>();
        for (var group : GROUPS) {
            if (!chance(4)) {
                memberships.add(membership(of, group));
            }
        }
        var running = new ArrayList<Running>();
        if (chance(6)) {
            var other = new InstitutionCode("0110000001");
            running.add(new Running(
                    Pretend.router(other), "asp", one(List.of(ServiceClass.values())), List.of(one(NETWORKS))));
        }
        return new Side(
                Pretend.router(of),
                chance(12) ? Optional.empty() : Optional.of(Pretend.NOW.plusSeconds(die.nextInt(1, 100_000))),
                chance(12) ? Optional.empty() : Optional.of(SaidPolicy.of(policy)),
                memberships,
                running);
    }

    Membership membership(InstitutionCode of, String group) {
        return new Membership(
                Pretend.PROVIDER,
                Pretend.NOW.minusSeconds(60),
                chance(8) ? soon().plusSeconds(3600) : Pretend.NOW.plus(Duration.ofDays(4)),
                Pretend.nonce(),
                group,
                Pretend.router(of));
    }

    private Request request(Member.Service asking, Member.Service asked, String service) {
        return new Request(
                asking,
                asked,
                service,
                Duration.ofMinutes(die.nextInt(1, 900)),
                chance(8) ? Optional.empty() : Optional.of(chance(8) ? approver : technician),
                Pretend.NOW,
                Pretend.nonce());
    }

    Situation situation() {
        return situation(one(List.of("referral", "referral", "asp", "maintenance")));
    }

    Situation situation(String service) {
        var request = request(Pretend.router(Pretend.A), Pretend.router(Pretend.B), service);
        var approvals = new ArrayList<Approval>();
        for (var by : List.of(Pretend.A, Pretend.B)) {
            if (!chance(3)) {
                approvals.add(approval(by, request, !chance(5)));
            }
        }
        return new Situation(
                request,
                chance(15) ? Optional.empty() : Optional.of(uniform()),
                side(Pretend.A, Pretend.B),
                side(Pretend.B, Pretend.A),
                approvals,
                maintenance(),
                Pretend.NOW);
    }

    /// B is maintained by A, under one contract or two.
    private MaintenancePapers maintenance() {
        var agreements = new ArrayList<MaintenanceAgreement>();
        var works = new ArrayList<MaintenanceWork>();
        for (var number : chance(4) ? List.of("one", "two") : List.of("one")) {
            var contract = contract(number);
            if (!chance(10)) {
                agreements.add(agreement(Pretend.B, contract, List.of(window(), window())));
            }
            if (!chance(10)) {
                agreements.add(agreement(Pretend.A, chance(8) ? contract(number) : contract, List.of()));
            }
            if (!chance(10)) {
                works.add(work(contract));
            }
        }
        return new MaintenancePapers(agreements, works);
    }

    private MaintenanceContract contract(String number) {
        return new MaintenanceContract(
                number,
                new MaintenanceContract.Site(Pretend.router(Pretend.B), List.of(host()), Pretend.PRIVACY),
                new MaintenanceContract.Site(Pretend.router(Pretend.A), List.of(host()), Pretend.PRIVACY),
                chance(12) ? "referral" : "maintenance",
                List.of(new Service.Opening(Service.Protocol.TCP, 443, chance(12) ? 444 : 443, true)),
                List.of(technician));
    }

    private Network host() {
        return Network.parse(one(List.of("10.1.0.7/32", "10.2.0.7/32", "192.168.1.7/32", "10.1.0.8/32")));
    }

    private MaintenanceAgreement.Window window() {
        var from = Pretend.NOW.plusSeconds(die.nextInt(-7200, 1800));
        return new MaintenanceAgreement.Window(from, from.plusSeconds(die.nextInt(0, 14_400)));
    }

    private MaintenanceAgreement agreement(
            InstitutionCode by, MaintenanceContract contract, List<MaintenanceAgreement.Window> windows) {
        return new MaintenanceAgreement(
                by,
                Pretend.NOW.minusSeconds(60),
                chance(10) ? soon().plusSeconds(3600) : Pretend.NOW.plus(Duration.ofDays(3)),
                Pretend.nonce(),
                contract,
                windows);
    }

    private MaintenanceWork work(MaintenanceContract contract) {
        return new MaintenanceWork(
                Pretend.A,
                Pretend.NOW.minusSeconds(60),
                Pretend.NOW.plusSeconds(die.nextInt(0, 7200)),
                Pretend.nonce(),
                chance(12) ? approver : technician,
                contract.customer().router(),
                contract.id(),
                "inspection");
    }

    Approval approval(InstitutionCode by, Request request, boolean agreed) {
        return new Approval(
                by,
                Pretend.NOW.minusSeconds(5),
                Pretend.NOW.plusSeconds(600),
                Pretend.nonce(),
                approver,
                request.id(),
                agreed);
    }
}
