package org.mizuhiki.enrol.acme;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Certification;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Renewal;
import org.mizuhiki.trust.Revocation.Reason;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Reply;

/// What becomes of certificates: revoked by their holder (RFC 8555, 7.6), renewed when the authority says
/// so (RFC 9773).
final class Certificates {
    private static final Duration ASK_AGAIN = Duration.ofHours(6);

    private final Database database;
    private final Certification certification;
    private final Door door;
    private final Urls urls;
    private final Clock clock;

    Certificates(Database database, Certification certification, Door door, Urls urls, Clock clock) {
        this.database = database;
        this.certification = certification;
        this.door = door;
        this.urls = urls;
        this.clock = clock;
    }

    /// By an account of the same server, or by the certificate's own key: whoever has that may end it, a
    /// thief too.
    Reply.Full revoke(Call call) {
        var asked = door.open(call, urls.revokeCert());
        var said = asked.jws().needPayload();
        var certificate = KeyFiles.certificate(Bytes.of(said.bytes("certificate")));
        var reason = reason(said.number("reason").orElse(0));
        var known = certification.known(certificate).orElseThrow(Certification::unknown);
        boolean mine = switch (asked) {
            case Door.Signed.ByAccount by -> by.account().member().equals(known.member());
            case Door.Signed.ByKey by ->
                by.key().encoded().equals(Bytes.of(certificate.getPublicKey().getEncoded()));
        };
        if (!mine) {
            throw Refusal.of(
                    "certificate-not-yours",
                    "この証明書を失効させるには、そのサーバーのアカウントか、証明書自身の鍵で署名してください",
                    "Sign with an account of that server, or with the certificate's own key, to revoke it");
        }
        certification.revoke(certificate, reason);
        return new Reply.Full(200, "-", Map.of(), "", Bytes.of());
    }

    /// RFC 5280, 5.3.1. Unsaid and unspecified: that it is not used any more is all that is known.
    private static Reason reason(int code) {
        return switch (code) {
            case 0 -> Reason.UNSPECIFIED;
            case 1 -> Reason.KEY_COMPROMISE;
            case 4 -> Reason.SUPERSEDED;
            case 5 -> Reason.CESSATION;
            default ->
                throw Refusal.of(
                        "reason-unfit",
                        "失効の理由は 0（なし）、1（鍵の漏えい）、4（更新）、5（使用終了）のいずれかです",
                        "A reason is 0 (unspecified), 1 (keyCompromise), 4 (superseded) or 5 (cessationOfOperation)");
        };
    }

    /// RFC 9773, 4: from one third of remaining life on, spread over a tenth of the rest; a revoked one at once.
    Reply.Full renewalInfo(Call call) {
        var order = database.inTransaction(rows -> new OrderRows(rows).named(call.path("certificate")))
                .orElseThrow(Certification::unknown);
        var window = window(order.certificate());
        return Orders.json(
                200, Map.of("suggestedWindow", window), Map.of("Retry-After", Long.toString(ASK_AGAIN.toSeconds())));
    }

    private Map<String, String> window(X509Certificate certificate) {
        boolean revoked = certification
                .known(certificate)
                .map(Certification.Known::revoked)
                .orElse(true);
        if (revoked) {
            var now = clock.instant();
            return Map.of(
                    "start", Orders.seconds(now.minus(Duration.ofHours(1))),
                    "end", Orders.seconds(now.minus(Duration.ofMinutes(1))));
        }
        var start = Renewal.dueFrom(certificate);
        var rest = Duration.between(start, certificate.getNotAfter().toInstant());
        return Map.of("start", Orders.seconds(start), "end", Orders.seconds(start.plus(rest.dividedBy(10))));
    }
}
