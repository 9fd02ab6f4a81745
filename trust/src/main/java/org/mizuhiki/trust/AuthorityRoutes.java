package org.mizuhiki.trust;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// The authority over HTTP. Enrolment needs a ticket and no certificate yet; status, lists and stamps carry
/// their own signatures and are served to anybody, without TLS too.
public final class AuthorityRoutes {
    private static final int MAX_JSON = 16 << 10;

    private final PostgresAuthority authority;
    private final TimeStampServer stamps;

    private AuthorityRoutes(PostgresAuthority authority, TimeStampServer stamps) {
        this.authority = authority;
        this.stamps = stamps;
    }

    public static List<Route> of(PostgresAuthority authority, TimeStampServer stamps) {
        var routes = new AuthorityRoutes(authority, stamps);
        var all = new ArrayList<Route>();
        all.addAll(routes.members());
        all.addAll(InvitationRoutes.of(authority));
        all.addAll(routes.listings());
        all.addAll(routes.published());
        return List.copyOf(all);
    }

    /// @param life of the ticket
    public record TicketWish(MemberBody member, Duration life) {}

    /// @param ticket as written on paper: `<id>.<secret>`
    public record TicketGiven(String ticket) {}

    /// @param ticket as written on paper
    public record EnrolmentBody(String ticket, Bytes signing, Optional<Bytes> sealing, Optional<Bytes> binding) {}

    /// @param signing DER, own first, root last
    public record EnrolledBody(List<Bytes> signing, Optional<Bytes> sealing) {
        public EnrolledBody {
            signing = List.copyOf(signing);
        }

        public static EnrolledBody of(Enrolment.Enrolled enrolled) {
            return new EnrolledBody(
                    enrolled.signing().stream().map(KeyFiles::encoded).toList(),
                    enrolled.sealing().map(KeyFiles::encoded));
        }

        public Enrolment.Enrolled enrolled() {
            return new Enrolment.Enrolled(
                    signing.stream().map(KeyFiles::certificate).toList(), sealing.map(KeyFiles::certificate));
        }
    }

    /// @param number which of the person's entries it is, from 1
    /// @param before digest of the record of the one before; absent in the first
    public record ListingBody(
            MemberBody member,
            int number,
            Optional<Digest> before,
            List<Bytes> signing,
            Bytes sealing,
            Bytes binding,
            Evidence evidence) {
        public ListingBody {
            signing = List.copyOf(signing);
        }

        static ListingBody of(Directory.Listing listing) {
            return new ListingBody(
                    MemberBody.of(listing.member()),
                    listing.place().number(),
                    listing.place().before(),
                    listing.signing().stream().map(KeyFiles::encoded).toList(),
                    KeyFiles.encoded(listing.sealing()),
                    listing.binding(),
                    listing.evidence());
        }

        Directory.Listing listing() {
            return new Directory.Listing(
                    member.member(),
                    new Directory.Place(number, before),
                    signing.stream().map(KeyFiles::certificate).toList(),
                    KeyFiles.certificate(sealing),
                    binding,
                    evidence);
        }
    }

    public record ListingsBody(List<ListingBody> listings) {
        public ListingsBody {
            listings = List.copyOf(listings);
        }
    }

    public record RevocationBody(MemberBody member, Revocation.Reason reason) {}

    /// @param done always true
    public record Done(boolean done) {}

    private List<Route> members() {
        return List.of(
                Route.post(
                                "/v1/tickets",
                                "Give out a ticket",
                                Access.INSTITUTION,
                                TicketWish.class,
                                TicketGiven.class,
                                this::ticket)
                        .upTo(MAX_JSON)
                        .remembersBriefly(),
                Route.post(
                                "/v1/registrar-tickets",
                                "Give out a ticket on which the institution's own CA issues",
                                Access.INSTITUTION,
                                TicketWish.class,
                                TicketGiven.class,
                                this::registrarTicket)
                        .upTo(MAX_JSON)
                        .remembersBriefly(),
                Route.post(
                                "/v1/enrolments",
                                "Redeem a ticket",
                                Access.ANYONE,
                                EnrolmentBody.class,
                                EnrolledBody.class,
                                this::enrol)
                        .upTo(MAX_JSON)
                        .forBrowsers(),
                Route.post(
                                "/v1/renewals",
                                "Renew a certificate; its own key signs the wish",
                                Access.ANYONE,
                                RenewalBody.class,
                                EnrolledBody.class,
                                call -> new Reply.Json(EnrolledBody.of(authority
                                        .renewals()
                                        .renew(call.body(RenewalBody.class).asked()))))
                        .upTo(MAX_JSON),
                Route.post(
                                "/v1/revocations",
                                "Revoke a member's certificates",
                                Access.INSTITUTION,
                                RevocationBody.class,
                                Done.class,
                                this::revoke)
                        .upTo(MAX_JSON));
    }

    /// Anybody's keys, each answer with its proof.
    private List<Route> listings() {
        return List.of(
                Route.get(
                                "/v1/directory/{id}",
                                "Find a person's keys",
                                Access.MEMBER,
                                ListingBody.class,
                                call -> new Reply.Json(
                                        ListingBody.of(authority.directory().find(new PersonId(call.path("id"))))))
                        .forBrowsers(),
                Route.get(
                        "/v1/directory/{id}/past",
                        "Find the keys that a person had before",
                        Access.MEMBER,
                        ListingsBody.class,
                        call -> listings(authority.directory().past(new PersonId(call.path("id"))))),
                Route.get(
                                "/v1/professionals",
                                "Search professionals by name or institution (?text=)",
                                Access.MEMBER,
                                ListingsBody.class,
                                this::professionals)
                        .forBrowsers(),
                Route.get(
                        RemoteForeignRoots.PATH,
                        "Roots of other PKIs that the region trusts, proven by the ledger",
                        Access.ANYONE,
                        ForeignRoots.History.class,
                        call -> new Reply.Json(authority.foreignRoots().history())));
    }

    private List<Route> published() {
        var all = new ArrayList<Route>();
        all.add(Route.get(
                        "/ca/{file}",
                        "Certificate of a CA below the root, or of the root: <name>.crt",
                        Access.ANYONE,
                        byte[].class,
                        call -> new Reply.Raw(
                                "application/pkix-cert", authority.published().certificate(name(call, ".crt"))))
                .alsoPlain());
        all.add(Route.get(
                        "/crl/{file}",
                        "Revocation list of such a CA: <name>.crl",
                        Access.ANYONE,
                        byte[].class,
                        this::list)
                .alsoPlain()
                .forBrowsers());
        all.addAll(registrars());
        all.addAll(StatusRoutes.of(authority.responder(), authority.lists()));
        all.add(Route.post(
                        "/tsa",
                        "Time stamp (RFC 3161)",
                        Access.ANYONE,
                        byte[].class,
                        byte[].class,
                        call -> new Reply.Raw("application/timestamp-reply", stamps.answer(call.bytes())))
                .upTo(TimeStampServer.MAX_REQUEST)
                .remembersNothing()
                .alsoPlain()
                .forBrowsers());
        return all;
    }

    /// Registrars' CAs come and go, so their names are in the path.
    private List<Route> registrars() {
        return List.of(
                Route.get(
                                "/ca/list.json",
                                "What the root certified, signed with ECDSA and ML-DSA-65",
                                Access.ANYONE,
                                CaList.class,
                                call -> new Reply.Json(
                                        authority.published().caList().orElseThrow(CaList::forged)))
                        .alsoPlain()
                        .forBrowsers(),
                Route.get(
                                "/ca/registrar/{file}",
                                "Certificate of a registrar's CA: <name>.crt",
                                Access.ANYONE,
                                byte[].class,
                                call -> new Reply.Raw(
                                        "application/pkix-cert",
                                        authority.published().certificate(name(call, ".crt"))))
                        .alsoPlain(),
                Route.get(
                                "/crl/registrar/{file}",
                                "Revocation list of a registrar's CA: <name>.crl",
                                Access.ANYONE,
                                byte[].class,
                                call -> new Reply.Raw(
                                        "application/pkix-crl",
                                        authority.published().crl(name(call, ".crl"))))
                        .alsoPlain()
                        .forBrowsers());
    }

    private Reply list(Call call) {
        var ca = name(call, ".crl");
        return ca.equals(CaName.ROOT.text())
                ? new Reply.Raw("application/pkix-crl", authority.published().crl(ca))
                : StatusRoutes.list(authority.lists().whole(ca));
    }

    private static String name(Call call, String ending) {
        var file = call.path("file");
        return file.endsWith(ending) ? file.substring(0, file.length() - ending.length()) : "";
    }

    private Revocation revocation(Registrar by) {
        return authority.revocation(by);
    }

    private Reply ticket(Call call) {
        var wish = call.body(TicketWish.class);
        var ticket = authority.enrolment(institution(call)).ticket(wish.member().member(), wish.life());
        return new Reply.Json(new TicketGiven(ticket.revealed()));
    }

    private Reply registrarTicket(Call call) {
        var wish = call.body(TicketWish.class);
        if (!(institution(call) instanceof Registrar.Accredited by)) {
            throw EnrolmentDesk.notAllowed();
        }
        var ticket = authority.registrarCas().ticket(by, wish.member().member(), wish.life());
        return new Reply.Json(new TicketGiven(ticket.revealed()));
    }

    private Reply enrol(Call call) {
        var body = call.body(EnrolmentBody.class);
        var request = new Enrolment.Request(body.signing(), body.sealing(), body.binding());
        // redeeming is the same for every registrar's ticket
        var enrolled = authority.enrolment(new Registrar.Operator()).enrol(Ticket.parse(body.ticket()), request);
        return new Reply.Json(EnrolledBody.of(enrolled));
    }

    private Reply revoke(Call call) {
        var body = call.body(RevocationBody.class);
        revocation(institution(call)).revoke(body.member().member(), body.reason());
        return new Reply.Json(new Done(true));
    }

    private Reply professionals(Call call) {
        return listings(authority.directory().professionals(call.query("text").orElse("")));
    }

    private static Reply listings(List<Directory.Listing> found) {
        return new Reply.Json(
                new ListingsBody(found.stream().map(ListingBody::of).toList()));
    }

    /// The operator's rights are never had over HTTP.
    static Registrar institution(Call call) {
        if (call.caller() instanceof Caller.Institution i) {
            // the name that the operator gave it, not one that it tells now
            if (Subjects.read(i.certificate()) instanceof Member.Institution known) {
                return new Registrar.Accredited(known.code(), known.name());
            }
        }
        throw Refusal.of(
                "caller-not-an-institution", "認定された医療機関からのみ操作できます", "Only an accredited institution may do this");
    }
}
