package org.mizuhiki.centre;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.SignedRecords;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// The centre over HTTP: for routers with their service certificates, and for institutions and their
/// professionals. Nothing is remembered by `Idempotency-Key` but wishes: everything else is idempotent by
/// itself.
public final class CentreRoutes {
    static final String LOCATION = "/v1/vpn/location";
    static final String ORDERS = "/v1/vpn/orders";
    static final String REPORTS = "/v1/vpn/reports";
    static final String LOGS = "/v1/vpn/logs";
    static final String DECLARATIONS = "/v1/vpn/declarations";
    static final String REQUESTS = "/v1/vpn/requests";
    static final String CONNECTIONS = "/v1/vpn/connections";
    static final String BOOKINGS = "/v1/vpn/bookings";
    static final String MAINTENANCE = "/v1/vpn/maintenance";

    /// Base64, and a little JSON around it.
    private static final int MAX_DECLARATION = SignedRecords.MAX_BYTES * 3 / 2;

    /// Base64 of a batch, signature, chain and a little JSON around them.
    private static final int MAX_BATCH = LogBatch.MAX_BYTES * 3 / 2 + (32 << 10);

    private CentreRoutes() {}

    public record OrdersBody(List<Order> orders) {
        public OrdersBody {
            orders = List.copyOf(orders);
        }
    }

    /// @param signed CAdES-T
    public record DeclarationBody(Bytes signed) {}

    public record DeclarationsBody(List<Bytes> declarations) {
        public DeclarationsBody {
            declarations = List.copyOf(declarations);
        }
    }

    public record WaitingBody(List<SubscriberDesk.Waiting> waiting) {
        public WaitingBody {
            waiting = List.copyOf(waiting);
        }
    }

    public record ConnectionsBody(List<SubscriberDesk.Running> connections) {
        public ConnectionsBody {
            connections = List.copyOf(connections);
        }
    }

    public record BookingsBody(List<SubscriberDesk.Booked> bookings) {
        public BookingsBody {
            bookings = List.copyOf(bookings);
        }
    }

    public record MaintainedBody(List<SubscriberDesk.Maintained> maintained) {
        public MaintainedBody {
            maintained = List.copyOf(maintained);
        }
    }

    public static List<Route> of(PostgresCentre centre) {
        return Stream.of(forRouters(centre), forSubscribers(centre), ofConnections(centre), SessionRoutes.of(centre))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Route> forRouters(PostgresCentre centre) {
        return List.of(
                Route.put(
                                LOCATION,
                                "Tell where the calling router is, and the key that its PPKs are sealed to",
                                Access.DEVICE,
                                RouterDesk.Location.class,
                                RouterDesk.Seen.class,
                                call -> new Reply.Json(
                                        router(centre, call).locate(call.body(RouterDesk.Location.class))))
                        .remembersNothing(),
                Route.get(
                        ORDERS,
                        "Orders for the calling router after a number (?after=0, and &mark= with the digest of the"
                                + " order of that number); answers when there is one, at the latest after 10 seconds",
                        Access.DEVICE,
                        OrdersBody.class,
                        call -> new Reply.Json(
                                new OrdersBody(router(centre, call).orders(done(call))))),
                Route.post(
                                REPORTS,
                                "Tell what became of a connection",
                                Access.DEVICE,
                                RouterDesk.Report.class,
                                Void.class,
                                call -> {
                                    router(centre, call).report(call.body(RouterDesk.Report.class));
                                    return new Reply.Done();
                                })
                        .remembersNothing(),
                Route.post(
                                LOGS,
                                "Hand in a signed batch of records of traffic",
                                Access.DEVICE,
                                SignedBatch.class,
                                Void.class,
                                call -> {
                                    router(centre, call).log(call.body(SignedBatch.class));
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BATCH)
                        .remembersNothing());
    }

    private static List<Route> forSubscribers(PostgresCentre centre) {
        return List.of(
                Route.post(
                                DECLARATIONS,
                                "Hand in a signed policy, membership or approval of the caller's institution",
                                Access.INSTITUTION,
                                DeclarationBody.class,
                                SubscriberDesk.Filed.class,
                                call -> new Reply.Json(subscriber(centre, call)
                                        .declare(
                                                call.body(DeclarationBody.class).signed())))
                        .alsoFor(Access.PROFESSIONAL)
                        .upTo(MAX_DECLARATION)
                        .remembersNothing(),
                get(
                        DECLARATIONS,
                        "What was said last by the caller's institution, and by the provider about its routers",
                        DeclarationsBody.class,
                        call -> new DeclarationsBody(subscriber(centre, call).declarations())),
                Route.post(
                                REQUESTS,
                                "Ask for a connection of one of the caller's routers",
                                Access.INSTITUTION,
                                SubscriberDesk.Wish.class,
                                SubscriberDesk.Outcome.class,
                                call -> new Reply.Json(ask(centre, call)))
                        .alsoFor(Access.PROFESSIONAL)
                        .alsoFor(Access.DEVICE),
                get(
                        REQUESTS,
                        "Requests that wait for a person of the caller's institution",
                        WaitingBody.class,
                        call -> new WaitingBody(subscriber(centre, call).waiting())),
                get(
                        REQUESTS + "/{request}",
                        "What became of a request",
                        SubscriberDesk.Outcome.class,
                        call -> subscriber(centre, call).outcome(new Digest(call.path("request")))));
    }

    /// What runs, what is to run, and what ran.
    private static List<Route> ofConnections(PostgresCentre centre) {
        return List.of(
                get(
                        CONNECTIONS,
                        "Connections that run at the caller's routers",
                        ConnectionsBody.class,
                        call -> new ConnectionsBody(subscriber(centre, call).connections())),
                Route.delete(CONNECTIONS + "/{connection}", "End a connection", Access.INSTITUTION, call -> {
                            subscriber(centre, call).end(call.path("connection"));
                            return new Reply.Done();
                        })
                        .alsoFor(Access.PROFESSIONAL)
                        .remembersNothing(),
                get(
                        BOOKINGS,
                        "What is booked at the caller's routers",
                        BookingsBody.class,
                        call -> new BookingsBody(subscriber(centre, call).bookings())),
                Route.delete(BOOKINGS + "/{request}", "Take a booking back", Access.INSTITUTION, call -> {
                            subscriber(centre, call).cancel(new Digest(call.path("request")));
                            return new Reply.Done();
                        })
                        .alsoFor(Access.PROFESSIONAL)
                        .remembersNothing(),
                get(
                        MAINTENANCE,
                        "Remote maintenance at the caller's routers or from them: who, when, under which contract",
                        MaintainedBody.class,
                        call -> new MaintainedBody(subscriber(centre, call).maintained())),
                get(
                        CONNECTIONS + "/{connection}/records",
                        "What both routers handed in of a connection, signed (?after=0: batches after so many)",
                        Recorded.class,
                        call -> subscriber(centre, call).recorded(call.path("connection"), number(call))));
    }

    private interface Answering {
        Object answer(Call call);
    }

    private static Route get(String path, String summary, Class<?> gives, Answering answering) {
        return Route.get(path, summary, Access.INSTITUTION, gives, call -> new Reply.Json(answering.answer(call)))
                .alsoFor(Access.PROFESSIONAL);
    }

    private static RouterDesk router(PostgresCentre centre, Call call) {
        if (call.caller() instanceof Caller.Service s) {
            return centre.router(service(s), s.certificate(), call.address());
        }
        throw Refusal.of(
                "access-denied",
                "この操作にはサービス証明書が必要です",
                "This takes a service certificate; the device's own will not do");
    }

    private static Member.Service service(Caller.Service caller) {
        return new Member.Service(caller.subscriber(), caller.name(), Member.Device.parse(caller.device()));
    }

    private static SubscriberDesk subscriber(PostgresCentre centre, Call call) {
        return centre.subscriber(institution(call.caller()));
    }

    private static SubscriberDesk.Outcome ask(PostgresCentre centre, Call call) {
        var wish = call.body(SubscriberDesk.Wish.class);
        return switch (call.caller()) {
            // a router asks for itself only
            case Caller.Service s -> centre.ask(wish, Optional.empty(), service(s)::equals);
            case Caller.Person p -> subscriber(centre, call).ask(wish, Optional.of(p.id()));
            case Caller.Institution _, Caller.Device _, Caller.Server _, Caller.Program _, Caller.Anyone _ ->
                subscriber(centre, call).ask(wish, Optional.<PersonId>empty());
        };
    }

    static InstitutionCode institution(Caller caller) {
        return switch (caller) {
            case Caller.Institution i -> i.code();
            case Caller.Person p -> Affiliation.of(Member.of(p.certificate())).code();
            case Caller.Device _, Caller.Service _, Caller.Server _, Caller.Program _, Caller.Anyone _ ->
                throw Refusal.of("access-denied", "この操作は医療機関とその担当者が行えます", "This is for institutions and their people");
        };
    }

    private static RouterDesk.Done done(Call call) {
        return new RouterDesk.Done(number(call), call.query("mark").map(Digest::new));
    }

    private static long number(Call call) {
        var text = call.query("after").orElse("");
        if (!text.matches("[0-9]{1,18}")) {
            throw Refusal.of(
                    "query-malformed", "after には番号を指定してください", "'after' is the number of the last one that is known");
        }
        return Long.parseLong(text);
    }
}
