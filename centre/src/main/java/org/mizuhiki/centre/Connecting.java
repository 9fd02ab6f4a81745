package org.mizuhiki.centre;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.centre.ConnectionRows.Live;
import org.mizuhiki.centre.RouterRows.Router;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Approval;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.Deciding;
import org.mizuhiki.vpn.Deciding.Situation;
import org.mizuhiki.vpn.Decision;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenancePapers;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Meeting;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.Request;
import org.mizuhiki.vpn.Side;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.UniformPolicy;

/// From a request to signed connection information with both routers, within one transaction that holds both.
///
/// @param centre the server's own certificate and key, with which it signs
/// @param standing whether a certificate still stands, from memory
record Connecting(
        SaidRows said,
        Seals seals,
        Supplier<Author> centre,
        org.mizuhiki.wire.Standing standing,
        InstitutionCode provider,
        SecureRandom die) {
    private static final int PPK = 32;

    /// All that a decision rests on, and the routers that it is for.
    private record Known(Situation situation, List<Said<Declaration>> said, Router asking, Router asked) {
        Said<UniformPolicy> uniform() {
            return of(UniformPolicy.class).findFirst().orElseThrow();
        }

        <D extends Declaration> Stream<Said<D>> of(Class<D> kind) {
            return said.stream().filter(s -> kind.isInstance(s.declaration())).map(s -> s.as(kind));
        }

        /// What a router needs to check the information by.
        List<Digest> papers(Router router, ConnectionInformation information) {
            var subscriber = router.service().subscriber();
            var agreed = information.maintenance().stream()
                    .flatMap(m -> Stream.of(m.customer(), m.maintainer(), m.work()))
                    .toList();
            return Stream.of(
                            said.stream().filter(s -> agreed.contains(s.id())).map(Said::id),
                            Stream.of(uniform().id()),
                            of(SubscriberPolicy.class)
                                    .filter(p -> p.declaration().router().equals(router.service()))
                                    .map(Said::id),
                            of(Membership.class)
                                    .filter(m -> m.declaration().group().equals(information.group()))
                                    .map(Said::id),
                            of(Approval.class)
                                    .filter(a -> a.declaration().by().value().equals(subscriber))
                                    .map(Said::id))
                    .flatMap(s -> s)
                    .toList();
        }
    }

    /// What both are told, as it is signed and as it reads: nobody has to read it again.
    record Agreed(ConnectionInformation information, SignedInformation signed) {
        static Agreed sign(ConnectionInformation information, Author centre) {
            return new Agreed(information, SignedInformation.sign(information, centre));
        }
    }

    static boolean isParty(Request request, InstitutionCode institution) {
        return Stream.of(request.asking(), request.asked())
                .anyMatch(r -> r.subscriber().equals(institution.value()));
    }

    /// Decides, and on a yes tells both routers, or books it where it begins later. The caller holds both
    /// ([RouterRows#lock]): nothing else happens to them meanwhile.
    ///
    /// @throws Refusal `router-unknown`
    SubscriberDesk.Outcome decide(Handle rows, Request request, Instant now) {
        // 1. all that was said, and what runs: at the time at which it begins
        var begins = request.begins().filter(now::isBefore);
        // what is booked stands in the way of what is to be booked
        var beside = begins.isPresent() ? BookingRows.beside(rows, request) : List.<Request>of();
        var known = known(rows, request, begins.orElse(now), live -> true, beside);
        // 2. the decision, and 3. what follows from it
        return switch (Deciding.decide(known.situation())) {
            case Decision.Allowed _
            when begins.isPresent() -> {
                var outcome = outcome(request, SubscriberDesk.State.BOOKED, Optional.empty());
                ConnectionRows.request(rows, request, outcome);
                yield outcome;
            }
            case Decision.Allowed yes -> {
                var agreed = Agreed.sign(information(known, yes, Optional.empty()), centre.get());
                var connection = agreed.information().connection();
                var outcome = outcome(request, SubscriberDesk.State.CONNECTED, Optional.of(connection));
                Telling.begin(rows, request, outcome, agreed, orders(known, agreed), now);
                yield outcome;
            }
            case Decision.Ask(var whom) -> {
                var outcome = new SubscriberDesk.Outcome(
                        request.id(), SubscriberDesk.State.WAITING, Optional.empty(), whom, Optional.empty());
                ConnectionRows.request(rows, request, outcome);
                yield outcome;
            }
            case Decision.Refused no -> {
                var outcome = new SubscriberDesk.Outcome(
                        request.id(), SubscriberDesk.State.REFUSED, Optional.empty(), List.of(), Optional.of(no));
                ConnectionRows.request(rows, request, outcome);
                yield outcome;
            }
        };
    }

    static SubscriberDesk.Outcome outcome(Request request, SubscriberDesk.State state, Optional<String> connection) {
        return new SubscriberDesk.Outcome(request.id(), state, connection, List.of(), Optional.empty());
    }

    /// Decides anew about a connection that runs: new keys and addresses for both, or a word why it must end.
    Optional<String> renew(Handle rows, Live live, Instant now) {
        var last = live.information();
        if (!now.isBefore(last.until())) {
            return Optional.of("time-over");
        }
        var request = ConnectionRows.request(rows, last.request()).orElseThrow();
        var known = known(rows, request, now, i -> !i.connection().equals(last.connection()), List.of());
        return switch (Deciding.decide(known.situation())) {
            case Decision.Allowed yes -> {
                var agreed = Agreed.sign(information(known, yes, Optional.of(last)), centre.get());
                Telling.renew(rows, agreed, orders(known, agreed));
                yield Optional.empty();
            }
            case Decision.Ask _ -> Optional.of("approval-over");
            case Decision.Refused no -> Optional.of(no.rule());
        };
    }

    private static List<OrderRows.To> orders(Known known, Agreed agreed) {
        return List.of(
                order(known, agreed, known.asking(), known.asked()),
                order(known, agreed, known.asked(), known.asking()));
    }

    private static OrderRows.To order(Known known, Agreed agreed, Router router, Router partner) {
        return new OrderRows.To(
                router.service().identity(),
                Order.connect(agreed.signed(), KeyFiles.encoded(partner.certificate())),
                known.papers(router, agreed.information()));
    }

    /// @param counts what of that which runs then
    /// @param beside what is booked for then
    private Known known(
            Handle rows, Request request, Instant now, Predicate<ConnectionInformation> counts, List<Request> beside) {
        var routers = RouterRows.find(
                rows, List.of(request.asking().identity(), request.asked().identity()));
        var asking = router(routers, request.asking());
        var asked = router(routers, request.asked());
        var all = this.said.about(rows, provider, List.of(asking.service(), asked.service()), request.id());
        var live = ConnectionRows.of(
                        rows,
                        List.of(asking.service().identity(), asked.service().identity()))
                .stream()
                .map(Live::information)
                .filter(i -> now.isBefore(i.until()) && counts.test(i))
                .toList();
        var uniform = of(all, UniformPolicy.class).findFirst();
        var situation = new Situation(
                request,
                uniform,
                side(asking, all, live, now).also(BookingRows.running(asking.service(), beside, uniform)),
                side(asked, all, live, now).also(BookingRows.running(asked.service(), beside, uniform)),
                of(all, Approval.class).toList(),
                new MaintenancePapers(
                        of(all, MaintenanceAgreement.class).toList(),
                        of(all, MaintenanceWork.class).toList()),
                now);
        return new Known(situation, all, asking, asked);
    }

    private static <D extends Declaration> Stream<D> of(List<Said<Declaration>> all, Class<D> kind) {
        return all.stream().map(Said::declaration).filter(kind::isInstance).map(kind::cast);
    }

    private static Router router(List<Router> all, Member.Service service) {
        return all.stream()
                .filter(r -> r.service().identity().equals(service.identity()))
                .findFirst()
                .orElseThrow(Connecting::unknown);
    }

    static Refusal unknown() {
        return Refusal.of(
                "router-unknown",
                "このVPN機器はまだ接続管理センターに現れていません。名前を確かめ、機器の電源と回線を確認してください",
                "This router has not shown itself to the centre; check its name, its power and its line");
    }

    private Side side(Router router, List<Said<Declaration>> all, List<ConnectionInformation> live, Instant now) {
        var policy = all.stream()
                .filter(s -> s.declaration() instanceof SubscriberPolicy p
                        && p.router().equals(router.service()))
                .map(s -> new Side.SaidPolicy((SubscriberPolicy) s.declaration(), s.id()))
                .findFirst();
        var memberships = of(all, Membership.class)
                .filter(m -> m.router().equals(router.service()))
                .toList();
        var running = live.stream()
                .filter(i -> i.end(router.service()).isPresent())
                .map(i -> running(i, router))
                .toList();
        return new Side(router.service(), goodUntil(router, now), policy, memberships, running);
    }

    private static Side.Running running(ConnectionInformation information, Router router) {
        var partner = information.partner(router.service());
        return new Side.Running(
                partner.router(),
                information.service().name(),
                information.service().kind(),
                partner.networks().stream().map(Translated::shown).toList());
    }

    /// From memory: no decision waits for a responder.
    Optional<Instant> goodUntil(Router router, Instant now) {
        try {
            standing.check(router.certificate());
            var until = router.certificate().getNotAfter().toInstant();
            return Optional.of(until).filter(now::isBefore);
        } catch (Refusal revokedOrUnknown) {
            return Optional.empty();
        }
    }

    /// Whether it was revoked or has expired. Lists that are too old cut nothing: tunnels that both sides
    /// want live on while the authority is away; new ones, and new keys, wait until it is known.
    boolean isOver(Router router, Instant now) {
        try {
            standing.check(router.certificate());
        } catch (Refusal e) {
            return e.code().equals("certificate-revoked");
        }
        return !now.isBefore(router.certificate().getNotAfter().toInstant());
    }

    private ConnectionInformation information(Known known, Decision.Allowed yes, Optional<ConnectionInformation> last) {
        var in = known.situation();
        var uniform = known.uniform();
        var until = last.map(ConnectionInformation::until)
                .filter(yes.until()::isAfter)
                .orElse(yes.until());
        var meeting = Meeting.of(known.asking().place(), known.asked().place());
        try (var ppk = ppk()) {
            return new ConnectionInformation(
                    meeting.form(),
                    last.map(ConnectionInformation::connection).orElseGet(() -> Declaration.nonce(die)),
                    last.map(l -> l.serial() + 1).orElse(1L),
                    in.now(),
                    last.map(ConnectionInformation::since).orElse(in.now()),
                    until,
                    yes.terms().idle(),
                    yes.terms().renewal(),
                    in.request().id(),
                    uniform.id(),
                    yes.group(),
                    yes.service(),
                    uniform.declaration().proposals(),
                    meeting.initiator(),
                    Declaration.nonce(die), // a new name with every new key: a router sees by it that there is one
                    end(known.asking(), meeting.asking(), yes.asking(), last.map(ConnectionInformation::asking), ppk),
                    end(known.asked(), meeting.asked(), yes.asked(), last.map(ConnectionInformation::asked), ppk),
                    yes.maintenance());
        }
    }

    private Secret ppk() {
        var raw = new byte[PPK];
        die.nextBytes(raw);
        return Secret.taking(raw);
    }

    private End end(Router router, Meeting.Place place, Decision.Granted granted, Optional<End> last, Secret ppk) {
        // addresses that applications use already stay as long as the networks do
        var networks = last.map(End::networks)
                .filter(n -> n.stream()
                        .map(Translated::real)
                        .toList()
                        .equals(granted.networks().stream()
                                .map(Translated::real)
                                .toList()))
                .orElse(granted.networks());
        return new End(
                router.service(),
                KeyFiles.encoded(router.certificate()).sha256(),
                Optional.of(place.address()),
                networks,
                seals.wrap(ppk, router.sealing()).encoded(),
                granted.consent(),
                place.other());
    }
}
