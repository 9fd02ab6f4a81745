package org.mizuhiki.keys;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.Passwords.Shown;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Log-in by password over HTTP. Log-ins come without a certificate; who sets a password shows one, or a
/// session and the account's key. Tokens travel in bodies, which no log shows.
public record PasswordRoutes(Passwords passwords, Account account) {
    private static final int MAX_BODY = 8192;

    /// @param shown when no certificate is
    public record BeginBody(Bytes request, Optional<Shown> shown) {}

    /// @param shown when no certificate is
    public record SetBody(Digest registration, Bytes upload, Optional<Shown> shown) {}

    /// An ID and KE1.
    public record LoginBody(PersonId person, Bytes ke1) {}

    /// A log-in that was answered, and KE3.
    public record ProofBody(Digest login, Bytes ke3) {}

    /// A session.
    public record TokenBody(Bytes token) {}

    public List<Route> routes() {
        return Stream.of(setting(), loggingIn())
                .flatMap(List::stream)
                .map(route -> route.upTo(MAX_BODY))
                .toList();
    }

    private List<Route> setting() {
        return List.of(
                Route.post(
                                "/v1/password/registrations",
                                "Begins to set the caller's password (OPAQUE registration request)",
                                Access.ANYONE,
                                BeginBody.class,
                                Passwords.Begun.class,
                                call -> {
                                    var body = call.body(BeginBody.class);
                                    return new Reply.Json(passwords.begin(who(call, body.shown()), body.request()));
                                })
                        .remembersNothing()
                        .forBrowsers(),
                Route.put(
                                "/v1/password",
                                "Sets the caller's password (OPAQUE registration upload); all its sessions end",
                                Access.ANYONE,
                                SetBody.class,
                                Void.class,
                                call -> {
                                    var body = call.body(SetBody.class);
                                    passwords.set(who(call, body.shown()), body.registration(), body.upload());
                                    return new Reply.Done();
                                })
                        .forBrowsers());
    }

    private List<Route> loggingIn() {
        return List.of(
                Route.post(
                                "/v1/password/logins",
                                "Answers a log-in (OPAQUE KE1 to KE2); counted as a guess until it is proven",
                                Access.ANYONE,
                                LoginBody.class,
                                Passwords.Answered.class,
                                call -> {
                                    var body = call.body(LoginBody.class);
                                    return new Reply.Json(passwords.answer(body.person(), body.ke1()));
                                })
                        .remembersNothing()
                        .forBrowsers(),
                Route.post(
                                "/v1/password/sessions",
                                "Opens a session for who proves the password (OPAQUE KE3)",
                                Access.ANYONE,
                                ProofBody.class,
                                Passwords.Session.class,
                                call -> {
                                    var body = call.body(ProofBody.class);
                                    return new Reply.Json(passwords.prove(body.login(), body.ke3()));
                                })
                        // a token must lie on no disk
                        .remembersBriefly()
                        .forBrowsers());
    }

    private PersonId who(Call call, Optional<Shown> shown) {
        return call.caller() instanceof Caller.Person person
                ? person.id()
                : account.holder(shown.orElseThrow(No::sessionOver));
    }
}
