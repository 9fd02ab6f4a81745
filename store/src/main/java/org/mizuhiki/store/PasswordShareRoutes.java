package org.mizuhiki.store;

import java.util.List;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.store.PasswordShares.Blinded;
import org.mizuhiki.store.PasswordShares.Evaluation;
import org.mizuhiki.store.PasswordShares.Guessed;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Password shares over HTTP: for the region's key server, and notices for persons themselves.
public record PasswordShareRoutes(PasswordShares shares) {
    private static final int MAX_BODY = 1024;
    private static final int MAX_BATCH = PasswordShares.MOST * 512;

    /// An epoch that begins.
    public record MakeBody(PersonId person, Digest epoch) {}

    /// The next epoch of the same key.
    public record ShiftBody(PersonId person, Digest from, Digest to, Bytes shift) {}

    /// The epoch that counts.
    public record KeepBody(PersonId person, Digest epoch) {}

    /// Passwords to be evaluated, of at most 32 persons.
    public record EvaluateBody(List<Blinded> blinded) {}

    /// The evaluations by this server's shares, in the same order.
    public record Evaluated(List<Evaluation> evaluations) {}

    /// What a person is told.
    public record Notices(List<Guessed> notices) {}

    public List<Route> routes() {
        return Stream.concat(epochs().stream(), guesses().stream()).toList();
    }

    private List<Route> epochs() {
        return List.of(
                Route.post(
                                "/v1/password-shares",
                                "Makes this server's share for a password that is being set",
                                Access.SERVER,
                                MakeBody.class,
                                Void.class,
                                call -> {
                                    var body = fromKeys(call).body(MakeBody.class);
                                    shares.make(body.person(), body.epoch());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.post(
                                "/v1/password-shares/shift",
                                "Makes the share of the next epoch of the same key",
                                Access.SERVER,
                                ShiftBody.class,
                                Void.class,
                                call -> {
                                    var body = fromKeys(call).body(ShiftBody.class);
                                    shares.shift(body.person(), body.from(), body.to(), body.shift());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        // the shift must lie on no disk: with old and new shares it gives the key
                        .remembersNothing(),
                Route.post(
                                "/v1/password-shares/keep",
                                "Keeps the share that counts and drops all others of the person",
                                Access.SERVER,
                                KeepBody.class,
                                Void.class,
                                call -> {
                                    var body = fromKeys(call).body(KeepBody.class);
                                    shares.keep(body.person(), body.epoch());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing());
    }

    private List<Route> guesses() {
        return List.of(
                Route.post(
                                "/v1/password-shares/evaluate",
                                "Evaluates blinded passwords by this server's shares; each counts as a guess",
                                Access.SERVER,
                                EvaluateBody.class,
                                Evaluated.class,
                                call -> {
                                    var body = fromKeys(call).body(EvaluateBody.class);
                                    if (body.blinded().size() > PasswordShares.MOST) {
                                        throw Refusal.of("too-many", "一度に32件までです", "At most 32 at once");
                                    }
                                    return new Reply.Json(new Evaluated(shares.evaluate(body.blinded())));
                                })
                        .upTo(MAX_BATCH)
                        .remembersNothing(),
                Route.get(
                        "/v1/password-notices",
                        "When the caller's ID was locked for too many guesses, newest first",
                        Access.ANY_PERSON,
                        Notices.class,
                        call -> new Reply.Json(new Notices(shares.notices(call.person())))));
    }

    /// No other server has any business with passwords.
    private static Call fromKeys(Call call) {
        if (call.caller() instanceof Caller.Server server && server.role().equals("keys")) {
            return call;
        }
        throw Refusal.of("access-denied", "この操作は鍵サーバーだけが行えます", "Only the key server may ask for this");
    }
}
