package org.mizuhiki.provisional;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.AuthorityRoutes.EnrolledBody;
import org.mizuhiki.trust.AuthorityRoutes.EnrolmentBody;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Provisional registration over HTTP; who calls is who the TLS certificate says. Nothing is remembered by
/// `Idempotency-Key`: the same call gives the same answer by itself, and an activation's is for its device.
public final class ProvisionalRoutes {
    static final String ALL = "/v1/provisionals";
    static final String ACCREDITATION = "/v1/provisional-accreditation";
    static final String CONFIRMATIONS = "/v1/provisional-confirmations";
    static final String SUSPENSIONS = "/v1/provisional-suspensions";
    static final String ACTIVATIONS = "/v1/activations";
    static final String ON_FILE = "/v1/provisionals-on-file";
    static final String ENDED = "/v1/provisionals-ended";
    static final int MAX_ASKED = 500;

    /// A signed statement of 256 KiB in base64, and a little JSON around it.
    private static final int MAX_SIGNED = 384 << 10;

    private ProvisionalRoutes() {}

    /// @param activation the ticket of the patient's device, as written on paper
    public record RegistrationBody(Bytes signed, Bytes signing, Bytes sealing, Bytes binding, String activation) {}

    public record SignedBody(Bytes signed) {}

    public record RegistrationList(List<Registration> registrations) {
        public RegistrationList {
            registrations = List.copyOf(registrations);
        }
    }

    public record OnFile(boolean onFile) {}

    public record DigestList(List<Digest> registrations) {
        public DigestList {
            registrations = List.copyOf(registrations);
        }
    }

    public static List<Route> of(PostgresProvisionals provisionals) {
        return Stream.of(registering(provisionals), following(provisionals), asking(provisionals))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Route> registering(PostgresProvisionals provisionals) {
        return List.of(
                Route.get(
                        ACCREDITATION,
                        "The caller's accreditation as a registrar",
                        Access.PROFESSIONAL,
                        Accredited.class,
                        call -> new Reply.Json(as(provisionals, call).accreditation())),
                Route.post(
                                ALL,
                                "Register a patient who has no ID",
                                Access.PROFESSIONAL,
                                RegistrationBody.class,
                                EnrolledBody.class,
                                call -> new Reply.Json(registered(as(provisionals, call), call)))
                        .upTo(MAX_SIGNED)
                        .remembersNothing(),
                Route.get(
                        ALL,
                        "What the caller registered or supervises",
                        Access.PROFESSIONAL,
                        RegistrationList.class,
                        call -> new Reply.Json(
                                new RegistrationList(as(provisionals, call).list()))),
                Route.get(
                        ALL + "/{patient}",
                        "How far a registration got",
                        Access.ANY_PERSON,
                        Registration.class,
                        call -> new Reply.Json(as(provisionals, call).find(new PersonId(call.path("patient"))))));
    }

    private static List<Route> following(PostgresProvisionals provisionals) {
        return List.of(
                Route.post(
                                CONFIRMATIONS,
                                "Confirm an activated registration",
                                Access.PROFESSIONAL,
                                SignedBody.class,
                                Registration.class,
                                call -> new Reply.Json(as(provisionals, call)
                                        .confirm(call.body(SignedBody.class).signed())))
                        .upTo(MAX_SIGNED)
                        .remembersNothing(),
                Route.post(
                                SUSPENSIONS,
                                "Suspend a registration",
                                Access.ANY_PERSON,
                                SignedBody.class,
                                Registration.class,
                                call -> new Reply.Json(as(provisionals, call)
                                        .suspend(call.body(SignedBody.class).signed())))
                        .upTo(MAX_SIGNED)
                        .remembersNothing(),
                Route.post(
                                ACTIVATIONS,
                                "Activate a registration with the printed secret",
                                Access.ANYONE,
                                EnrolmentBody.class,
                                EnrolledBody.class,
                                call -> {
                                    var body = call.body(EnrolmentBody.class);
                                    var request = new Enrolment.Request(body.signing(), body.sealing(), body.binding());
                                    return new Reply.Json(EnrolledBody.of(
                                            provisionals.activate(Ticket.parse(body.ticket()), request)));
                                })
                        .upTo(1 << 16)
                        .remembersNothing());
    }

    private static List<Route> asking(PostgresProvisionals provisionals) {
        return List.of(
                Route.post(
                                ENDED,
                                "Which of these registrations were suspended or lapsed",
                                Access.SERVER,
                                DigestList.class,
                                DigestList.class,
                                call -> {
                                    var asked = call.body(DigestList.class).registrations();
                                    if (asked.size() > MAX_ASKED) {
                                        throw Refusal.of("too-many", "一度に500件までです", "At most 500 at once");
                                    }
                                    return new Reply.Json(new DigestList(provisionals.ended(asked)));
                                })
                        .upTo(1 << 16)
                        .remembersNothing(),
                Route.get(
                        ON_FILE,
                        "Whether a registration stands (?patient=&registration=)",
                        Access.SERVER,
                        OnFile.class,
                        call -> new Reply.Json(new OnFile(provisionals.isOnFile(
                                new PersonId(call.query("patient").orElse("")),
                                new Digest(call.query("registration").orElse("")))))));
    }

    private static EnrolledBody registered(Provisionals as, Call call) {
        var body = call.body(RegistrationBody.class);
        var request = new Enrolment.Request(body.signing(), Optional.of(body.sealing()), Optional.of(body.binding()));
        return EnrolledBody.of(as.register(body.signed(), request, Ticket.parse(body.activation())));
    }

    private static Provisionals as(PostgresProvisionals provisionals, Call call) {
        if (call.caller() instanceof Caller.Person person) {
            return provisionals.of(Member.of(person.certificate()));
        }
        throw Refusal.of("caller-not-a-person", "個人の証明書が必要です", "This needs a person's certificate");
    }
}
