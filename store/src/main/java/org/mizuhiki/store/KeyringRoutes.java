package org.mizuhiki.store;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.store.Keyrings.Kept;
import org.mizuhiki.store.Keyrings.Next;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Keyrings over HTTP: with a token for who came in without a certificate, else for whom the certificate
/// names. Tokens travel in bodies, which no log shows.
public record KeyringRoutes(Keyrings keyrings) {
    private static final int MAX_BODY = 2 * Keyrings.MAX_BYTES;
    private static final int SMALL = 1024;

    /// Whose, and the token.
    public record FetchBody(PersonId person, Bytes token) {}

    /// The next one, and the token of the one before.
    public record KeepBody(PersonId person, Bytes token, long number, Bytes content, Digest access) {
        Next next() {
            return new Next(number, content, access);
        }
    }

    public List<Route> routes() {
        return List.of(
                Route.post(
                                "/v1/keyrings/fetch",
                                "A closed keyring, for who has the token of its master key",
                                Access.ANYONE,
                                FetchBody.class,
                                Kept.class,
                                call -> {
                                    var body = call.body(FetchBody.class);
                                    return new Reply.Json(keyrings.fetch(body.person(), body.token()));
                                })
                        .upTo(SMALL)
                        .remembersNothing()
                        .forBrowsers(),
                Route.post(
                                "/v1/keyrings/keep",
                                "Replaces a closed keyring by the next, for who has the token",
                                Access.ANYONE,
                                KeepBody.class,
                                Void.class,
                                call -> {
                                    var body = call.body(KeepBody.class);
                                    keyrings.keep(body.person(), body.token(), body.next());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing()
                        .forBrowsers(),
                Route.get(
                                "/v1/keyring",
                                "The caller's closed keyring",
                                Access.ANY_PERSON,
                                Kept.class,
                                call -> new Reply.Json(keyrings.fetchOwn(call.person())))
                        .forBrowsers(),
                Route.put(
                                "/v1/keyring",
                                "Puts the caller's first keyring, or one that begins anew",
                                Access.ANY_PERSON,
                                Next.class,
                                Void.class,
                                call -> {
                                    keyrings.keepOwn(call.person(), call.body(Next.class));
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing()
                        .forBrowsers());
    }
}
