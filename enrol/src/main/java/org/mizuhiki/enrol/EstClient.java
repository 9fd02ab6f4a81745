package org.mizuhiki.enrol;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.RequestAttributes;
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

    /// What a chip is to sign beside its key's request, if the server wants that (RFC 7030, 4.5).
    public Optional<Bytes> nonce() {
        return RequestAttributes.nonce(EstBody.decode(server.getBytes(PATH + "csrattrs")));
    }

    /// First certificate, with a ticket as name and password (RFC 7030, 4.2.1).
    ///
    /// @param request PKCS#10, DER
    public X509Certificate enrol(Ticket ticket, Bytes request) {
        try (var password = ticket.digits()) {
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
