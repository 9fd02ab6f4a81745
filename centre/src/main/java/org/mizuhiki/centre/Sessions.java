package org.mizuhiki.centre;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.centre.SessionDesk.Pair;
import org.mizuhiki.centre.SessionDesk.Session;
import org.mizuhiki.centre.SessionRows.Held;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Decision;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Request;

/// Sessions of several sites: each change in one transaction that holds the session and then its routers.
record Sessions(PostgresCentre centre, Database database, Connecting connecting, SecureRandom die) {
    private static final int MOST_SHOWN = 100;

    /// Whose hand it is, by router.
    interface Mine extends Predicate<String> {}

    Session open(SessionDesk.SessionWish wish, Optional<PersonId> by, Mine mine) {
        var now = centre.now();
        var sites = wish.sites().stream().distinct().toList();
        if (!mine.test(wish.convener())) {
            throw Refusal.of("router-not-yours", "自院のVPN機器ではありません", "This is not your router");
        }
        var longest = wish.longest();
        mustBe(!sites.isEmpty()
                && sites.size() <= SessionDesk.MOST_SITES
                && !sites.contains(wish.convener())
                && longest.compareTo(Duration.ofSeconds(1)) >= 0
                && longest.compareTo(Duration.ofDays(7)) <= 0);
        var until = now.plusSeconds(longest.toSeconds());
        var held = new Held(Declaration.nonce(die), wish.convener(), wish.service(), until);
        return changed(rows -> {
            SessionRows.open(rows, held, now);
            sites.forEach(s -> SessionRows.invite(rows, held.id(), s));
            RouterRows.lock(rows, all(rows, held));
            sites.forEach(s -> ask(rows, held, wish.convener(), s, by));
            return held;
        });
    }

    Session join(String session, String router, Optional<PersonId> by, Mine mine) {
        return changed(rows -> {
            var held = held(rows, session);
            var sites = SessionRows.sites(rows, session);
            boolean invited = sites.contains(router);
            mustBe(!router.equals(held.convener()));
            if (!invited && !mine.test(held.convener())) {
                throw Refusal.of(
                        "session-not-invited",
                        "この機器は招かれていません。主催者に追加してもらってください",
                        "This router is not invited; ask the convener to add it");
            }
            if (!mine.test(held.convener()) && !mine.test(router)) {
                throw unknown();
            }
            mustBe(invited || sites.size() < SessionDesk.MOST_SITES);
            SessionRows.invite(rows, session, router);
            RouterRows.lock(rows, all(rows, held));
            if (mine.test(held.convener())) {
                askUnlessThere(rows, held, held.convener(), router, by);
            }
            if (mine.test(router)) {
                all(rows, held).forEach(other -> askUnlessThere(rows, held, router, other, by));
            }
            return held;
        });
    }

    void leave(String session, String router, Mine mine) {
        changed(rows -> {
            var held = held(rows, session);
            if (!mine.test(router) && !mine.test(held.convener())) {
                throw unknown();
            }
            boolean all = router.equals(held.convener());
            stop(rows, held, p -> all || isIn(p, router), all ? "session-ended" : "session-left");
            if (all) {
                SessionRows.end(rows, session, centre.now());
            } else {
                SessionRows.remove(rows, session, router);
            }
            return held;
        });
    }

    void end(String session, Mine mine) {
        changed(rows -> {
            var held = held(rows, session);
            if (!mine.test(held.convener())) {
                throw unknown();
            }
            stop(rows, held, _ -> true, "session-ended");
            SessionRows.end(rows, session, centre.now());
            return held;
        });
    }

    List<Session> of(InstitutionCode institution) {
        var now = centre.now();
        return database.inTransaction(rows -> SessionRows.of(rows, institution, now, MOST_SHOWN).stream()
                .flatMap(id -> SessionRows.hold(rows, id, now).stream())
                .map(held -> view(rows, held))
                .toList());
    }

    private Session changed(Database.Work<Held> work) {
        var rung = new ArrayList<String>();
        var session = database.inTransaction(rows -> {
            rung.clear();
            var held = work.with(rows);
            var view = view(rows, held);
            view.pairs().forEach(p -> rung.addAll(List.of(p.asking(), p.asked())));
            return view;
        });
        centre.after(rung.stream().distinct().toList());
        return session;
    }

    private Held held(Handle rows, String session) {
        return SessionRows.hold(rows, session, centre.now()).orElseThrow(Sessions::unknown);
    }

    static Session view(Handle rows, Held held) {
        return new Session(
                held.id(),
                held.convener(),
                held.service(),
                held.until(),
                SessionRows.sites(rows, held.id()),
                SessionRows.pairs(rows, held.id()));
    }

    private static List<String> all(Handle rows, Held held) {
        return Stream.concat(Stream.of(held.convener()), SessionRows.sites(rows, held.id()).stream())
                .toList();
    }

    private void askUnlessThere(Handle rows, Held held, String asking, String asked, Optional<PersonId> by) {
        boolean there = asking.equals(asked)
                || SessionRows.pairs(rows, held.id()).stream()
                        .anyMatch(p -> isIn(p, asking)
                                && isIn(p, asked)
                                && (p.running() || p.outcome().state() == SubscriberDesk.State.WAITING));
        if (!there) {
            ask(rows, held, asking, asked, by);
        }
    }

    /// One pair; its end is the session's, however late a person agrees to it.
    private void ask(Handle rows, Held held, String asking, String asked, Optional<PersonId> by) {
        var now = centre.now();
        var request = new Request(
                Member.Service.parse(asking),
                Member.Service.parse(asked),
                held.service(),
                Duration.between(now, held.until()),
                by,
                now,
                Declaration.nonce(die),
                Optional.of(now));
        if (RouterRows.find(rows, asking).isPresent()
                && RouterRows.find(rows, asked).isPresent()) {
            connecting.decide(rows, request, now);
        } else {
            ConnectionRows.request(rows, request, absent(request));
        }
        SessionRows.mark(rows, held.id(), request.id());
    }

    /// A site that never showed itself stops no other.
    private static SubscriberDesk.Outcome absent(Request request) {
        var why = Connecting.unknown();
        var refused = new Decision.Refused(why.code(), request.asked().subscriber(), "", why.japanese(), why.english());
        return new SubscriberDesk.Outcome(
                request.id(), SubscriberDesk.State.REFUSED, Optional.empty(), List.of(), Optional.of(refused));
    }

    private void stop(Handle rows, Held held, Predicate<Pair> which, String reason) {
        RouterRows.lock(rows, all(rows, held));
        SessionRows.pairs(rows, held.id()).stream().filter(which).forEach(pair -> {
            var id = pair.outcome().request();
            if (pair.outcome().state() == SubscriberDesk.State.WAITING) {
                var request = ConnectionRows.request(rows, id).orElseThrow();
                var taken = Connecting.outcome(request, SubscriberDesk.State.CANCELLED, Optional.empty());
                ConnectionRows.request(rows, request, taken);
            }
            pair.outcome()
                    .connection()
                    .flatMap(c -> ConnectionRows.find(rows, c))
                    .ifPresent(live -> centre.cut(rows, live, reason));
        });
    }

    private static boolean isIn(Pair pair, String router) {
        return pair.asking().equals(router) || pair.asked().equals(router);
    }

    private static void mustBe(boolean holds) {
        if (!holds) {
            throw Refusal.of(
                    "session-malformed",
                    "多地点接続には、主催者以外の機器を1〜20台、7日以内の長さで指定してください",
                    "A session takes one to 20 routers beside its convener's, and lasts at most seven days");
        }
    }

    private static Refusal unknown() {
        return Refusal.of(
                "session-unknown", "その多地点接続はないか、終わったか、関係者ではありません", "No such session is open, or it is not yours");
    }
}
