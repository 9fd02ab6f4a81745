package org.mizuhiki.enrol;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.devices.Origins;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.CaName;
import org.mizuhiki.trust.Certification;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Published;
import org.mizuhiki.trust.RequestAttributes;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Login;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Enrolment over Secure Transport (RFC 7030, RFC 8951) for devices, services, servers and institutions.
/// The first certificate is had with a ticket as name and password of HTTP Basic, every next one with the
/// certificate that stands: nothing is remembered by `Idempotency-Key`, as trust gives the same answer to
/// the same request once who asks is known again. Persons have two keys, which EST cannot carry: their own
/// app enrols them.
public final class EstRoutes {
    private static final String PATH = "/.well-known/est";
    private static final String CERTS_ONLY = "application/pkcs7-mime; smime-type=certs-only";

    /// Trust reads requests of at most 4096 bytes; as base64 in short lines with CRLF they have this much.
    private static final int MAX_BODY = 6 << 10;

    private final Enrolment tickets;
    private final Certification certification;
    private final Published published;
    private final Origins origins;

    private EstRoutes(Enrolment tickets, Certification certification, Published published, Origins origins) {
        this.tickets = tickets;
        this.certification = certification;
        this.published = published;
        this.origins = origins;
    }

    /// @param tickets where tickets of all registrars are redeemed
    /// @param certification only its renewal is used
    /// @param origins who says where keys of devices and services lie
    public static List<Route> of(Enrolment tickets, Certification certification, Published published, Origins origins) {
        var est = new EstRoutes(tickets, certification, published, origins);
        return List.of(
                Route.get(
                        PATH + "/cacerts",
                        "EST: certificates of the region's CAs (RFC 7030, 4.1)",
                        Access.ANYONE,
                        byte[].class,
                        call -> est.authorities()),
                Route.get(
                        PATH + "/csrattrs",
                        "EST: what a request should look like (RFC 7030, 4.5)",
                        Access.ANYONE,
                        byte[].class,
                        call -> new Reply.Base64("application/csrattrs", RequestAttributes.asked(origins.nonce()))),
                Route.post(
                                PATH + "/simpleenroll",
                                "EST: first certificate, with a ticket as name and password (RFC 7030, 4.2.1)",
                                Access.ANYONE,
                                byte[].class,
                                byte[].class,
                                est::enrol)
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.post(
                                PATH + "/simplereenroll",
                                "EST: next certificate, with the one that stands (RFC 7030, 4.2.2)",
                                Access.DEVICE,
                                byte[].class,
                                byte[].class,
                                est::renew)
                        .alsoFor(Access.SERVER)
                        .alsoFor(Access.INSTITUTION)
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.post(
                                PATH + "/serverkeygen",
                                "EST: refused, keys are made where they are used (RFC 7030, 4.4)",
                                Access.ANYONE,
                                byte[].class,
                                byte[].class,
                                call -> {
                                    throw keysAreMadeByTheirOwners();
                                })
                        .upTo(MAX_BODY));
    }

    private Reply authorities() {
        var all = Stream.concat(Stream.of(CaName.ROOT.text()), published.standing().stream())
                .map(ca -> KeyFiles.certificate(published.certificate(ca)))
                .toList();
        return new Reply.Base64("application/pkcs7-mime", EstBody.certsOnly(all));
    }

    private Reply enrol(Call call) {
        var ticket = ticket(call.login());
        var request = request(call);
        try {
            return answer(tickets.enrol(ticket, request, origins.shownBy(call.caller())));
        } catch (Refusal e) {
            // an unknown ticket is a wrong password to this protocol; 404 would mean that there is no EST here
            throw e.code().equals("ticket-unknown") ? wrong() : e;
        } finally {
            ticket.secret().close();
        }
    }

    private Reply renew(Call call) {
        return answer(certification.renew(certificate(call.caller()), request(call), origins.shownBy(call.caller())));
    }

    private static Ticket ticket(Optional<Login> shown) {
        var login = shown.orElseThrow(EstRoutes::required);
        try (var password = login.password()) {
            return Ticket.of(login.name(), password);
        } catch (Refusal e) {
            throw wrong();
        }
    }

    private static Enrolment.Request request(Call call) {
        if (!call.mediaType().equals("application/pkcs10")) {
            throw Refusal.of(
                    "media-type-unsupported",
                    "申請はapplication/pkcs10で送ってください",
                    "Send the request as application/pkcs10");
        }
        return new Enrolment.Request(EstBody.decode(call.bytes()), Optional.empty(), Optional.empty());
    }

    /// The certificate alone (RFC 7030, 4.2.3); those above it are had at `cacerts`.
    private static Reply answer(Enrolment.Enrolled enrolled) {
        return new Reply.Base64(
                CERTS_ONLY, EstBody.certsOnly(List.of(enrolled.signing().getFirst())));
    }

    private static X509Certificate certificate(Caller caller) {
        return switch (caller) {
            case Caller.Device d -> d.certificate();
            case Caller.Service s -> s.certificate();
            case Caller.Server s -> s.certificate();
            case Caller.Institution i -> i.certificate();
            case Caller.Person _, Caller.Program _, Caller.Anyone _ ->
                throw new IllegalStateException("the route lets nobody else in");
        };
    }

    private static Refusal required() {
        return Refusal.of(
                "login-required",
                "登録券の番号（ピリオドの前）を名前、残りをパスワードとしてBasic認証で送ってください",
                "Show a ticket by HTTP Basic: what stands before its dot as name, the rest as password");
    }

    private static Refusal wrong() {
        return Refusal.of(
                "login-wrong",
                "登録券が見つからないか、誤りがあります。印刷された文字列を確認してください",
                "There is no such ticket, or it is mistyped; compare it with the print");
    }

    private static Refusal keysAreMadeByTheirOwners() {
        return Refusal.of(
                "server-keys-not-allowed",
                "鍵は使う機器の中で作成します。サーバーは秘密鍵を作らず、預かりません。simpleenrollを使ってください",
                "A key is made where it is used; no server of this region makes or holds another's key. Use simpleenroll");
    }
}
