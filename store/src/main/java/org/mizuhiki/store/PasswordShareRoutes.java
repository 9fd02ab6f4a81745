package org.mizuhiki.store;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.store.OwnShares.Guessed;
import org.mizuhiki.store.PasswordShares.Blinded;
import org.mizuhiki.store.PasswordShares.Evaluation;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Password shares over HTTP: for the region's key server, and for persons themselves. Tokens travel in
/// bodies, which no log shows.
///
/// @param keyrings by whose tokens persons are recognised who come without a certificate
public record PasswordShareRoutes(PasswordShares shares, OwnShares own, Keyrings keyrings) {
    private static final int MAX_BODY = 1024;
    private static final int MAX_BATCH = PasswordShares.MOST * 512;

    /// A password that is being set.
    ///
    /// @param token of the account's master key, when no certificate is shown
    public record BeginBody(PersonId person, Optional<Bytes> token, Digest epoch, Bytes element) {}

    /// The blinded password, evaluated.
    public record Begun(Bytes evaluated) {}

    /// @param token of the account's master key, when no certificate is shown
    public record NoticesBody(PersonId person, Optional<Bytes> token) {}

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
        return Stream.of(epochs(), guesses(), persons()).flatMap(List::stream).toList();
    }

    private List<Route> epochs() {
        return List.of(
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
        return List.of(Route.post(
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
                .remembersNothing());
    }

    private List<Route> persons() {
        return List.of(
                Route.post(
                                "/v1/own-password-share",
                                "Makes this server's share for the caller's password that is being set, and evaluates",
                                Access.ANYONE,
                                BeginBody.class,
                                Begun.class,
                                call -> {
                                    var body = call.body(BeginBody.class);
                                    var who = who(call, body.person(), body.token());
                                    return new Reply.Json(new Begun(own.begin(who, body.epoch(), body.element())));
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing()
                        .forBrowsers(),
                Route.post(
                                "/v1/password-notices/list",
                                "When the caller's ID was locked for too many guesses, newest first",
                                Access.ANYONE,
                                NoticesBody.class,
                                Notices.class,
                                call -> {
                                    var body = call.body(NoticesBody.class);
                                    return new Reply.Json(
                                            new Notices(own.notices(who(call, body.person(), body.token()))));
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing()
                        .forBrowsers());
    }

    /// A session at the key server is no word here: only the certificate, or what the master key gives.
    private PersonId who(Call call, PersonId named, Optional<Bytes> token) {
        if (call.caller() instanceof Caller.Person person) {
            return person.id();
        }
        keyrings.fetch(named, token.orElse(Bytes.of()));
        return named;
    }

    /// No other server has any business with passwords, or with emergencies.
    static Call fromKeys(Call call) {
        if (call.caller() instanceof Caller.Server server && server.role().equals("keys")) {
            return call;
        }
        throw Refusal.of("access-denied", "この操作は鍵サーバーだけが行えます", "Only the key server may ask for this");
    }
}
