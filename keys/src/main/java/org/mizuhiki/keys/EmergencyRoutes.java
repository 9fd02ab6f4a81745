package org.mizuhiki.keys;

import java.util.List;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.Emergencies.Allowance;
import org.mizuhiki.keys.Emergencies.Challenge;
import org.mizuhiki.keys.Emergencies.Covered;
import org.mizuhiki.keys.Emergencies.Opened;
import org.mizuhiki.keys.KeyRoutes.StatementBody;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Emergencies over HTTP. What is given against a statement is never answered from memory: it may be over.
public record EmergencyRoutes(Emergencies emergencies) {
    private static final Digest START = Digest.ofHash(new byte[32]);
    private static final int SMALL = 1024;

    /// A signed statement of 256 KiB in base64, and what goes with it.
    private static final int MAX_BODY = 400 << 10;

    /// [Emergencies#MAX_PAGE] slots of 4 KiB in base64.
    private static final int MAX_SLOTS = 1 << 20;

    /// The patient's statement, the public half of the key that it names, and this server's part of it.
    public record AllowBody(Bytes signed, Bytes key, Bytes share) {}

    /// Slots for the emergency key.
    public record CoverBody(List<Covered> covered) {}

    /// Whose letters.
    public record PatientBody(PersonId patient) {}

    /// The reader's statement, and the evidence that it names.
    public record OpenBody(Bytes signed, Bytes presence) {}

    /// Whose letters, and from which on.
    public record LettersBody(PersonId patient, Digest after) {}

    /// Letters by name.
    public record LetterList(List<Digest> letters) {}

    public List<Route> routes() {
        return Stream.of(allowing(), opening()).flatMap(List::stream).toList();
    }

    private List<Route> allowing() {
        return List.of(
                Route.post(
                                "/v1/emergency",
                                "Files what the caller allows for emergencies, with the key server's part",
                                Access.ANY_PERSON,
                                AllowBody.class,
                                Filed.class,
                                call -> {
                                    var body = call.body(AllowBody.class);
                                    return new Reply.Json(emergencies.allow(
                                            call.person(), body.signed(), new Reader.XWing(body.key()), body.share()));
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.get(
                        "/v1/emergency",
                        "What the caller allows for emergencies, and the openings by it",
                        Access.ANY_PERSON,
                        Allowance.class,
                        call -> new Reply.Json(emergencies.standing(call.person()))),
                Route.get(
                        "/v1/emergency/uncovered",
                        "The caller's letters that are not closed for the emergency key yet (?after=)",
                        Access.ANY_PERSON,
                        LetterList.class,
                        call -> new Reply.Json(new LetterList(emergencies.uncovered(
                                call.person(),
                                call.query("after").map(Digest::new).orElse(START))))),
                Route.post(
                                "/v1/emergency/slots",
                                "Keeps slots of the caller's letters for the emergency key",
                                Access.ANY_PERSON,
                                CoverBody.class,
                                Void.class,
                                call -> {
                                    emergencies.cover(
                                            call.person(),
                                            call.body(CoverBody.class).covered());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_SLOTS)
                        .remembersNothing());
    }

    private List<Route> opening() {
        return List.of(
                Route.post(
                                "/v1/emergency/asks",
                                "A nonce that the terminal has to answer, and what the patient allows",
                                Access.PROFESSIONAL,
                                PatientBody.class,
                                Challenge.class,
                                call -> new Reply.Json(emergencies.ask(
                                        call.person(),
                                        call.body(PatientBody.class).patient())))
                        .upTo(SMALL)
                        .remembersNothing(),
                Route.post(
                                "/v1/emergency/openings",
                                "Logs the caller's emergency opening, then gives this server's part of the key",
                                Access.PROFESSIONAL,
                                OpenBody.class,
                                Opened.class,
                                call -> {
                                    var body = call.body(OpenBody.class);
                                    return new Reply.Json(
                                            emergencies.open(call.person(), body.signed(), body.presence()));
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.post(
                                "/v1/emergency/letters",
                                "The letters that the caller may open now",
                                Access.PROFESSIONAL,
                                LettersBody.class,
                                LetterList.class,
                                call -> {
                                    var body = call.body(LettersBody.class);
                                    return new Reply.Json(new LetterList(
                                            emergencies.letters(call.person(), body.patient(), body.after())));
                                })
                        .upTo(SMALL)
                        .remembersNothing(),
                Route.post(
                                "/v1/emergency/disclosures",
                                "Logs the caller's disclosure, then releases the slot for the emergency key",
                                Access.PROFESSIONAL,
                                StatementBody.class,
                                Release.class,
                                call -> new Reply.Json(emergencies.release(
                                        call.person(),
                                        call.body(StatementBody.class).signed())))
                        .upTo(MAX_BODY)
                        .remembersNothing());
    }
}
