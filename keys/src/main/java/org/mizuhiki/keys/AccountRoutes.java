package org.mizuhiki.keys;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Account.Notice;
import org.mizuhiki.keys.Account.State;
import org.mizuhiki.keys.PasswordRoutes.TokenBody;
import org.mizuhiki.keys.Recoveries.Approval;
import org.mizuhiki.keys.Recoveries.Asked;
import org.mizuhiki.keys.Recoveries.Begun;
import org.mizuhiki.keys.Recoveries.Standing;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Accounts and their recovery over HTTP. Who comes without a certificate shows a token, or what a slot is
/// released for; both travel in bodies, which no log shows.
public record AccountRoutes(Account account, Recoveries recoveries) {
    private static final int SMALL = 8192;
    private static final int APPROVAL = 48 << 10;
    private static final int MAX_BODY = 1 << 20;

    /// An ID, and what one of its slots is released for.
    public record EnterBody(PersonId person, Bytes release) {}

    /// A session with the account's key, the digest of the next one, and the account's next state.
    public record ReplaceBody(Passwords.Shown shown, Digest access, State next) {}

    /// A state that begins, and the digest of its key.
    public record OwnBody(Digest access, State next) {}

    /// What happened at the ID.
    public record Notices(List<Notice> notices) {}

    /// An ID, and the asking device's key.
    public record BeginBody(PersonId person, Bytes key) {}

    /// A recovery, and the asking device's secret.
    public record StandingBody(Digest recovery, Bytes secret) {}

    /// What a guardian is asked.
    public record AskedList(List<Asked> asked) {}

    /// Recoveries under way.
    public record BegunList(List<Begun> recoveries) {}

    /// How many were ended.
    public record Vetoed(int ended) {}

    public List<Route> routes() {
        return Stream.of(entering(), within(), recovering(), guarding())
                .flatMap(List::stream)
                .toList();
    }

    private List<Route> entering() {
        return List.of(
                Route.post(
                                "/v1/account/sessions",
                                "Opens a session for the caller's certificate",
                                Access.ANY_PERSON,
                                Void.class,
                                Passwords.Session.class,
                                call -> new Reply.Json(account.open(call.person())))
                        .upTo(SMALL)
                        .remembersNothing()
                        .forBrowsers(),
                open(
                                "/v1/account/entries",
                                "Opens a session for who shows what a slot is released for",
                                EnterBody.class,
                                Passwords.Session.class,
                                call -> {
                                    var body = call.body(EnterBody.class);
                                    return new Reply.Json(account.enter(body.person(), body.release()));
                                })
                        .forBrowsers());
    }

    private List<Route> within() {
        return List.of(
                open(
                                "/v1/account/state",
                                "The account's slots and head",
                                TokenBody.class,
                                State.class,
                                call -> new Reply.Json(account.state(token(call))))
                        .forBrowsers(),
                open(
                                "/v1/account/notices/list",
                                "What happened at the ID, newest first",
                                TokenBody.class,
                                Notices.class,
                                call -> new Reply.Json(new Notices(account.notices(token(call)))))
                        .forBrowsers(),
                open(
                                "/v1/account/replace",
                                "Replaces slots and head, all or none",
                                ReplaceBody.class,
                                Void.class,
                                call -> {
                                    var body = call.body(ReplaceBody.class);
                                    account.replace(body.shown(), body.access(), body.next());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .forBrowsers(),
                Route.put(
                                "/v1/account",
                                "Puts the caller's first slots and head, or those that begin anew",
                                Access.ANY_PERSON,
                                OwnBody.class,
                                Void.class,
                                call -> {
                                    var body = call.body(OwnBody.class);
                                    account.replaceOwn(call.person(), body.access(), body.next());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing()
                        .forBrowsers(),
                open("/v1/password/sessions/end", "Ends the session", TokenBody.class, Void.class, call -> {
                            account.end(token(call));
                            return new Reply.Done();
                        })
                        .forBrowsers());
    }

    private List<Route> recovering() {
        return List.of(
                open(
                        "/v1/account/recoveries",
                        "Asks the guardians of an ID; the person and all of them are told",
                        BeginBody.class,
                        Begun.class,
                        call -> {
                            var body = call.body(BeginBody.class);
                            return new Reply.Json(recoveries.begin(body.person(), body.key(), call.place()));
                        }),
                open(
                        "/v1/account/recoveries/standing",
                        "Where a recovery stands; after its delay the guardians' shares",
                        StandingBody.class,
                        Standing.class,
                        call -> {
                            var body = call.body(StandingBody.class);
                            return new Reply.Json(recoveries.standing(body.recovery(), body.secret()));
                        }),
                open(
                                "/v1/account/recoveries/list",
                                "The recoveries under way for the session's person",
                                TokenBody.class,
                                BegunList.class,
                                call -> new Reply.Json(new BegunList(recoveries.under(token(call)))))
                        .forBrowsers(),
                open(
                                "/v1/account/recoveries/veto",
                                "Ends all recoveries of the session's person",
                                TokenBody.class,
                                Vetoed.class,
                                call -> new Reply.Json(new Vetoed(recoveries.veto(token(call)))))
                        .forBrowsers());
    }

    private List<Route> guarding() {
        return List.of(
                Route.get(
                                "/v1/guarding",
                                "The recoveries that the caller is asked to approve",
                                Access.ANY_PERSON,
                                AskedList.class,
                                call -> new Reply.Json(new AskedList(recoveries.asked(call.person()))))
                        .forBrowsers(),
                Route.post(
                                "/v1/guarding/approvals",
                                "Approves a recovery with the caller's share, closed for the asking device",
                                Access.ANY_PERSON,
                                Approval.class,
                                Void.class,
                                call -> {
                                    recoveries.approve(call.person(), certificate(call), call.body(Approval.class));
                                    return new Reply.Done();
                                })
                        .upTo(APPROVAL)
                        .remembersNothing()
                        .forBrowsers());
    }

    private static X509Certificate certificate(Call call) {
        if (call.caller() instanceof Caller.Person person) {
            return person.certificate();
        }
        throw Refusal.of("caller-not-a-person", "個人の証明書が必要です", "This wants a person's certificate");
    }

    private static Bytes token(Call call) {
        return call.body(TokenBody.class).token();
    }

    private static Route open(String path, String summary, Class<?> takes, Class<?> gives, Route.Handler handler) {
        return Route.post(path, summary, Access.ANYONE, takes, gives, handler)
                .upTo(SMALL)
                .remembersNothing();
    }
}
