package org.mizuhiki.centre;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.centre.ConnectionRows.Live;
import org.mizuhiki.centre.RouterRows.Router;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.vpn.Request;
import org.mizuhiki.wire.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The centre over its own database. What a router is told, and what the ledger is to know, is written in the
/// transaction that decides it.
public final class PostgresCentre {
    /// Where this room's migrations lie on the class path.
    public static final String MIGRATIONS = "db/centre";

    /// Name of the ledger's entry for the end of a connection.
    static final String END = "vpn-connection-end";

    private static final int AT_ONCE = 500;
    private static final Logger LOG = LoggerFactory.getLogger(PostgresCentre.class);

    private final Database database;
    private final InstitutionCode provider;
    private final Predicate<Member.Service> inService;
    private final Connecting connecting;
    private final Filing filing;
    private final Bookings bookings;
    private final Sessions sessions;
    private final Outbox outbox;
    private final Channels channels;
    private final Validator validator;
    private final Clock clock;
    private final SecureRandom die;
    private final Bells bells = new Bells();

    /// @param provider whose uniform policy and memberships count
    /// @param centre the server's own certificate and key
    /// @param standing whether a router's certificate still stands, from memory
    /// @param inService whether a service is provided to its subscriber, asked when a router shows a certificate
    /// for the first time
    /// @param validator of routers that sign what they saw
    public record Around(
            InstitutionCode provider,
            Supplier<Author> centre,
            Standing standing,
            Predicate<Member.Service> inService,
            Declarations declarations,
            Validator validator,
            Ledger ledger,
            Clock clock,
            SecureRandom die) {}

    /// @param database migrated by [#MIGRATIONS]
    public PostgresCentre(Database database, Around around) {
        this.database = database;
        this.provider = around.provider();
        this.inService = around.inService();
        this.validator = around.validator();
        this.clock = around.clock();
        this.die = around.die();
        var said = new SaidRows(around.declarations());
        this.connecting = new Connecting(said, new Seals(die), around.centre(), around.standing(), provider, die);
        this.filing = new Filing(said, provider, connecting);
        this.bookings = new Bookings(database, connecting, this::now, this::after);
        this.sessions = new Sessions(this, database, connecting, die);
        this.channels = new Channels(database, said, bells);
        this.outbox = new Outbox(database, around.ledger());
    }

    /// The centre as this router sees it.
    ///
    /// @param certificate that it shows now
    /// @param seen where it calls from
    public RouterDesk router(Member.Service router, X509Certificate certificate, InetAddress seen) {
        return new RouterCounter(this, router, certificate, seen);
    }

    /// The centre as this institution sees it.
    public SubscriberDesk subscriber(InstitutionCode institution) {
        return new SubscriberCounter(this, institution);
    }

    /// Begins what is booked for now; new keys where they are due, ends where time is over or consent is
    /// gone; to be called every second. A connection that cannot be seen to stops no other.
    public void renew() {
        channels.write();
        bookings.begin();
        for (var connection : database.reading(rows -> ConnectionRows.due(rows, now(), AT_ONCE))) {
            renew(connection);
        }
    }

    private void renew(String connection) {
        try {
            renewed(connection);
        } catch (RuntimeException e) {
            LOG.warn("a connection could not be renewed, next try soon: {}", e.toString());
        }
    }

    private void renewed(String connection) {
        var rung = database.inTransaction(rows -> {
            var live = held(rows, connection);
            live.ifPresent(l -> connecting.renew(rows, l, now()).ifPresent(reason -> cut(rows, l, reason)));
            return live.map(PostgresCentre::routers).orElse(List.of());
        });
        after(rung);
    }

    /// Both routers first, then the look: what was seen before may have ended, or been renewed, meanwhile.
    private static Optional<Live> held(Handle rows, String connection) {
        ConnectionRows.find(rows, connection).ifPresent(l -> RouterRows.lock(rows, routers(l)));
        return ConnectionRows.find(rows, connection);
    }

    /// Ends what runs at routers whose certificate stands no more; to be called whenever lists may be new.
    public void cutRevoked() {
        var now = now();
        for (Router router : database.reading(RouterRows::atWork)) {
            if (connecting.isOver(router, now)) {
                var identity = router.service().identity();
                database.reading(rows -> ConnectionRows.of(rows, List.of(identity)))
                        .forEach(live -> end(live, "certificate-not-good"));
            }
        }
    }

    /// Appends to the ledger what a crash or an absent ledger left undone; to be called at start and every
    /// minute.
    public void settle() {
        outbox.settle();
    }

    /// Sends those away who wait, before a stop.
    public void release() {
        channels.release();
    }

    RouterDesk.Seen locate(
            Member.Service router, X509Certificate certificate, InetAddress seen, RouterDesk.Location told) {
        var identity = router.identity();
        var known = database.reading(rows -> RouterRows.find(rows, identity));
        if (known.filter(r -> r.certificate().equals(certificate)).isEmpty() && !inService.test(router)) {
            throw Refusal.of(
                    "router-not-in-service",
                    "このVPN機器へのサービスは提供されていません。プロバイダに確認してください",
                    "The service is not provided to this router; ask the provider");
        }
        var place = new Sighting(seen, told).place();
        var now = new Router(router, certificate, new Reader.XWing(told.sealing()), place);
        boolean moved = known.filter(now::equals).isEmpty();
        database.inTransaction(rows -> {
            RouterRows.lock(rows, List.of(identity));
            RouterRows.locate(rows, now, now());
            told.clock().ifPresent(c -> RouterRows.clock(rows, identity, Duration.between(clock.instant(), c)));
            if (moved) {
                ConnectionRows.makeDue(rows, List.of(identity), now()); // they follow it to its new place
            }
            return identity;
        });
        if (moved) {
            renew();
        }
        return new RouterDesk.Seen(place.address().host(), place.address().translated(), now());
    }

    List<Order> orders(String router, RouterDesk.Done last) {
        return channels.orders(router, last);
    }

    void report(String router, RouterDesk.Report report) {
        var live = database.reading(rows -> ConnectionRows.find(rows, report.connection()))
                .filter(l -> routers(l).contains(router))
                .orElseThrow(PostgresCentre::unknown);
        switch (report.happened()) {
            case UP ->
                database.inTransaction(rows -> ConnectionRows.up(rows, report.connection(), router, report.at()));
            case DOWN -> end(live, report.reason().orElse("router-down"));
            case REFUSED -> end(live, report.reason().orElse("router-refused"));
        }
    }

    void log(String router, SignedBatch signed) {
        var batch = signed.open(validator);
        // its own only: what another router signed has to come from that one
        if (!batch.router().equals(router)) {
            throw unknown();
        }
        database.inTransaction(rows -> {
            if (!ConnectionRows.isOf(rows, batch.connection(), List.of(router))) {
                throw unknown();
            }
            RouterRows.lock(rows, List.of(router));
            if (LogRows.keep(rows, batch, signed, now())) {
                Outbox.add(rows, batch.entry());
            }
            return batch;
        });
        outbox.settleSoon();
    }

    SubscriberDesk.Outcome ask(SubscriberDesk.Wish wish, Optional<PersonId> by, Predicate<Member.Service> mine) {
        var now = now();
        var request = new Request(
                Member.Service.parse(wish.asking()),
                Member.Service.parse(wish.asked()),
                wish.service(),
                wish.longest(),
                wish.technician().or(() -> by),
                now,
                Declaration.nonce(die),
                wish.begins());
        if (!mine.test(request.asking())) {
            throw Refusal.of("router-not-yours", "自院のVPN機器ではありません", "This is not your router");
        }
        var rung = new ArrayList<String>();
        var outcome = database.inTransaction(rows -> {
            // a change of partner ends the old one together with the new one's begin
            var old = wish.instead()
                    .map(c -> ConnectionRows.find(rows, c)
                            .filter(l -> routers(l).contains(wish.asking()))
                            .orElseThrow(PostgresCentre::unknown));
            rung.addAll(List.of(wish.asking(), wish.asked()));
            old.ifPresent(l -> rung.addAll(routers(l)));
            RouterRows.lock(rows, rung);
            old.ifPresent(l -> cut(rows, l, "changed"));
            bookings.check(rows, request, now);
            return connecting.decide(rows, request, now);
        });
        after(rung);
        return outcome;
    }

    /// A declaration that was checked and is its sender's own.
    void file(org.mizuhiki.vpn.Declarations.Said<org.mizuhiki.vpn.Declaration> declaration) {
        after(database.inTransaction(rows -> filing.file(rows, declaration, now())));
        renew();
    }

    Filing filing() {
        return filing;
    }

    SessionDesk sessions(InstitutionCode institution) {
        return new SessionCounter(this, sessions, institution);
    }

    Bookings bookings() {
        return bookings;
    }

    void end(String connection, String reason, Predicate<Live> mine) {
        end(
                database.reading(rows -> ConnectionRows.find(rows, connection))
                        .filter(mine)
                        .orElseThrow(PostgresCentre::unknown),
                reason);
    }

    private void end(Live live, String reason) {
        database.inTransaction(rows -> {
            RouterRows.lock(rows, routers(live));
            cut(rows, live, reason);
            return reason;
        });
        after(routers(live));
    }

    void cut(Handle rows, Live live, String reason) {
        Telling.end(rows, live.information(), reason, now());
    }

    void after(List<String> routers) {
        routers.forEach(bells::ring);
        outbox.settleSoon();
    }

    static List<String> routers(Live live) {
        var information = live.information();
        return List.of(
                information.asking().router().identity(),
                information.asked().router().identity());
    }

    boolean isProvider(InstitutionCode institution) {
        return institution.equals(provider);
    }

    <T> T reading(Database.Work<T> work) {
        return database.reading(work);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    static Refusal unknown() {
        return Refusal.of(
                "connection-unknown", "その接続は動いていないか、関係者ではありません", "No such connection runs, or it is not yours");
    }
}
