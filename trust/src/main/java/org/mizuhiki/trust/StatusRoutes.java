package org.mizuhiki.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.mizuhiki.trust.status.OcspResponder;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// OCSP over HTTP (RFC 6960, appendix A.1; RFC 5019, 5 and 6) and parts of revocation lists, with and
/// without TLS.
final class StatusRoutes {
    private static final String TYPE = "application/ocsp-response";

    private static final Pattern PART = Pattern.compile("(0|[1-9][0-9]{0,4})\\.crl");

    /// Answers live an hour, but a cache on the way must not go on for that long after a revocation.
    private static final Duration KEEP = Duration.ofMinutes(5);

    private StatusRoutes() {}

    static List<Route> of(OcspResponder responder, RevocationLists lists) {
        return List.of(
                Route.get(
                                "/crl/{ca}/{file}",
                                "Part of a CA's revocation list: <number>.crl",
                                Access.ANYONE,
                                byte[].class,
                                call -> list(lists.part(call.path("ca"), number(call.path("file")))))
                        .alsoPlain(),
                Route.post(
                                "/ocsp",
                                "Certificate status (RFC 6960)",
                                Access.ANYONE,
                                byte[].class,
                                byte[].class,
                                call -> new Reply.Raw(
                                        TYPE,
                                        responder.answer(call.bytes().toArray()).der()))
                        .upTo(OcspResponder.MAX_REQUEST)
                        .remembersNothing()
                        .alsoPlain(),
                Route.get(
                                "/ocsp/{request**}",
                                "Certificate status, the request as base64 in the path; caches may keep the answer",
                                Access.ANYONE,
                                byte[].class,
                                call -> reply(responder.answer(decoded(call.path("request")))))
                        .alsoPlain());
    }

    static Reply list(RevocationLists.Made list) {
        return new Reply.Dated("application/pkix-crl", list.der(), list.at(), list.until(), KEEP);
    }

    /// @throws org.mizuhiki.house.Refusal `ca-unknown`
    private static int number(String file) {
        if (!PART.matcher(file).matches()) {
            throw Revocations.unknown();
        }
        return Integer.parseInt(file.substring(0, file.length() - ".crl".length()));
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // answered as malformed
        }
    }

    private static Reply reply(OcspResponder.Answer answer) {
        if (answer.made().isEmpty()) {
            return new Reply.Raw(TYPE, answer.der());
        }
        Instant until = answer.until().orElseThrow();
        return new Reply.Dated(TYPE, answer.der(), answer.made().get(), until, KEEP);
    }
}
