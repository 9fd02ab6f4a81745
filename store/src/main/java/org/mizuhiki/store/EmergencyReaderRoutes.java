package org.mizuhiki.store;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.store.EmergencyReaders.Admission;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Emergency readers over HTTP. The token travels in a body, which no log shows.
public record EmergencyReaderRoutes(EmergencyReaders readers) {
    private static final int MAX_BODY = 1024;

    /// SHA-256 of what a reader has to show.
    public record AllowBody(Digest token) {}

    /// Whose envelopes, and what shows that the caller had the card.
    public record EnterBody(PersonId owner, Bytes token) {}

    public List<Route> routes() {
        return List.of(
                Route.put(
                                "/v1/emergency-access",
                                "Lets emergency readers in who show a token",
                                Access.ANY_PERSON,
                                AllowBody.class,
                                Void.class,
                                call -> {
                                    readers.allow(
                                            call.person(),
                                            call.body(AllowBody.class).token());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY),
                Route.delete("/v1/emergency-access", "Lets no emergency reader in", Access.ANY_PERSON, call -> {
                    readers.forbid(call.person());
                    return new Reply.Done();
                }),
                Route.delete(
                        "/v1/emergency-readers/{reader}",
                        "Ends what a reader was let in for",
                        Access.ANY_PERSON,
                        call -> {
                            readers.dismiss(call.person(), new PersonId(call.path("reader")));
                            return new Reply.Done();
                        }),
                Route.post(
                                "/v1/emergency-readers",
                                "The key server's word that a reader is let in",
                                Access.SERVER,
                                Admission.class,
                                Void.class,
                                call -> {
                                    readers.admit(
                                            PasswordShareRoutes.fromKeys(call).body(Admission.class));
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.post(
                                "/v1/emergency-readers/enter",
                                "The reader's word, with the token",
                                Access.PROFESSIONAL,
                                EnterBody.class,
                                Void.class,
                                call -> {
                                    var body = call.body(EnterBody.class);
                                    readers.enter(call.person(), body.owner(), body.token());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing());
    }
}
