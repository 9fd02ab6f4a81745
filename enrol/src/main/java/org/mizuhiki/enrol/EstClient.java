package org.mizuhiki.enrol;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Login;
import org.mizuhiki.wire.Peer;

/// A client of Enrolment over Secure Transport (RFC 7030). It believes nothing of what comes back but its
/// form; [SlotCertificate] checks it.
public final class EstClient {
    private static final String PATH = "/.well-known/est/";
    private static final String PKCS10 = "application/pkcs10";

    private final Peer server;

    public EstClient(Peer server) {
        this.server = server;
    }

    /// Certificates of the CAs (RFC 7030, 4.1).
    public List<X509Certificate> authorities() {
        return EstBody.certificates(server.getBytes(PATH + "cacerts"));
    }

    /// First certificate, with a ticket as name and password (RFC 7030, 4.2.1).
    ///
    /// @param request PKCS#10, DER
    public X509Certificate enrol(Ticket ticket, Bytes request) {
        var digits = ticket.secret().lend(b -> HexFormat.of().formatHex(b));
        try (var password = Secret.taking(digits.getBytes(StandardCharsets.US_ASCII))) {
            var login = new Login(ticket.id(), password);
            return only(server.postBytes(PATH + "simpleenroll", PKCS10, EstBody.encode(request), login));
        }
    }

    /// Next certificate for whoever the connection shows (RFC 7030, 4.2.2).
    ///
    /// @param request PKCS#10, DER
    public X509Certificate renew(Bytes request) {
        return only(server.postBytes(PATH + "simplereenroll", PKCS10, EstBody.encode(request)));
    }

    private static X509Certificate only(Bytes body) {
        var certificates = EstBody.certificates(body);
        if (certificates.size() != 1) {
            throw Refusal.of(
                    "answer-malformed",
                    "認証局の応答に証明書がちょうど1枚入っていません",
                    "The server's answer does not hold exactly one certificate");
        }
        return certificates.getFirst();
    }
}
