package org.mizuhiki.keys;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.seal.SignedRecords;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// The key server's operations over HTTP. The caller is who the TLS certificate says, never what a body
/// says.
public record KeyRoutes(KeyServer keys) {
    /// A signed statement, two slots and their JSON, all in base64.
    private static final long MAX_BODY = 2L * SignedRecords.MAX_BYTES;

    /// A letter's statement and its first two slots.
    public record LetterBody(Bytes signed, List<OwnedSlot> slots) {}

    /// Whose slot it is.
    public record OwnedSlot(PersonId reader, Slot slot) {}

    /// A slot alone.
    public record ReplacedSlot(Slot slot) {}

    /// A grant and the slot it names.
    public record GrantBody(Bytes signed, Slot slot) {}

    /// A care relation, revocation or disclosure.
    public record StatementBody(Bytes signed) {}

    /// Statements with their places in the ledger.
    public record FiledList(List<Filed> statements) {}

    public List<Route> routes() {
        return Stream.of(filing(), provisional(), asking())
                .flatMap(List::stream)
                .toList();
    }

    private List<Route> filing() {
        return List.of(
                Route.post(
                                "/v1/letters",
                                "Files a letter: the author's statement, the owner's and the author's slots",
                                Access.PROFESSIONAL,
                                LetterBody.class,
                                Filed.class,
                                call -> {
                                    var body = call.body(LetterBody.class);
                                    return new Reply.Json(keys.file(call.person(), body.signed(), slots(body)));
                                })
                        .upTo(MAX_BODY)
                        .forBrowsers(),
                Route.post(
                                "/v1/statements",
                                "Files a care relation, a revocation, a veto or its lifting, a confirmation",
                                Access.ANY_PERSON,
                                StatementBody.class,
                                Filed.class,
                                call -> new Reply.Json(keys.say(
                                        call.person(),
                                        call.body(StatementBody.class).signed())))
                        .upTo(MAX_BODY)
                        .forBrowsers(),
                Route.post(
                                "/v1/grants",
                                "Files a lateral grant, or an owner's to a delegate, with the reader's slot",
                                Access.ANY_PERSON,
                                GrantBody.class,
                                Filed.class,
                                call -> {
                                    var body = call.body(GrantBody.class);
                                    return new Reply.Json(keys.grant(call.person(), body.signed(), body.slot()));
                                })
                        .upTo(MAX_BODY)
                        .forBrowsers(),
                Route.post(
                                "/v1/disclosures",
                                "Logs the caller's disclosure, then releases the caller's slot",
                                Access.ANY_PERSON,
                                StatementBody.class,
                                Release.class,
                                call -> new Reply.Json(keys.release(
                                        call.person(),
                                        call.body(StatementBody.class).signed())))
                        .upTo(MAX_BODY)
                        // a slot given once must not be had again from memory when the grant has ended
                        .remembersNothing()
                        .forBrowsers());
    }

    private List<Route> provisional() {
        return List.of(
                Route.post(
                                "/v1/provisional-registrations",
                                "Files a provisional registration: the patient's and the supervisor's slots",
                                Access.PROFESSIONAL,
                                LetterBody.class,
                                Filed.class,
                                call -> {
                                    var body = call.body(LetterBody.class);
                                    return new Reply.Json(keys.register(call.person(), body.signed(), slots(body)));
                                })
                        .upTo(MAX_BODY),
                Route.put(
                        "/v1/letters/{letter}/slot",
                        "Replaces the owner's slot by one for the owner's new key",
                        Access.ANY_PERSON,
                        ReplacedSlot.class,
                        ReplacedSlot.class,
                        call -> {
                            var body = call.body(ReplacedSlot.class);
                            keys.replace(call.person(), new Digest(call.path("letter")), body.slot());
                            return new Reply.Json(body);
                        }));
    }

    private List<Route> asking() {
        return List.of(
                Route.get(
                                "/v1/statements",
                                "The statements that name the caller, newest first; query: limit (1 to 200), before (number)",
                                Access.ANY_PERSON,
                                FiledList.class,
                                call -> new Reply.Json(new FiledList(keys.involving(
                                        call.person(),
                                        (int) Math.min(
                                                KeyServer.MAX_PAGE + 1L,
                                                number(call.query("limit").orElse("50"))),
                                        call.query("before")
                                                .map(KeyRoutes::number)
                                                .orElse(Long.MAX_VALUE)))))
                        .forBrowsers(),
                Route.get(
                                "/v1/relations/{patient}/statements",
                                "What decides whether a care relation stands between the caller and a patient",
                                Access.PROFESSIONAL,
                                FiledList.class,
                                call -> new Reply.Json(new FiledList(
                                        keys.relation(call.person(), new PersonId(call.path("patient"))))))
                        .forBrowsers(),
                Route.get(
                                "/v1/letters/{letter}/statements",
                                "The statements of one letter, for its owner, author and readers",
                                Access.ANY_PERSON,
                                FiledList.class,
                                call -> new Reply.Json(new FiledList(
                                        keys.aboutLetter(call.person(), new Digest(call.path("letter"))))))
                        .forBrowsers());
    }

    /// Two slots for one person say nothing clear, so they are refused rather than one of them chosen.
    private static Map<PersonId, Slot> slots(LetterBody body) {
        var slots = new HashMap<PersonId, Slot>();
        for (var owned : body.slots()) {
            if (slots.put(owned.reader(), owned.slot()) != null) {
                throw No.slotMissing();
            }
        }
        return slots;
    }

    private static long number(String text) {
        if (!text.matches("[1-9][0-9]{0,18}")) {
            throw No.pageMalformed();
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw No.pageMalformed();
        }
    }
}
