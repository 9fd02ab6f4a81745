package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.RemoteEnrolment;
import org.mizuhiki.trust.RemoteRenewals;
import org.mizuhiki.trust.Renewals;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;

/// A server's first TLS key and certificate. At the first start the key is made here and a one-time ticket
/// is redeemed; key and request are on disk before the ticket is used, so that a crash or a lost answer is
/// mended by the next start.
final class ServerIdentity {
    private ServerIdentity() {}

    /// @param folder for `key.pem` and `chain.pem`
    /// @param ticket file with the ticket of the first start
    static OwnIdentity of(
            Path folder,
            Optional<Path> ticket,
            URI authority,
            List<X509Certificate> roots,
            Clock clock,
            SecureRandom die) {
        var chain = folder.resolve("chain.pem");
        try {
            Files.createDirectories(folder);
            if (!Files.exists(chain)) {
                var enrolled = enrol(authority, read(ticket), request(folder, die), roots, die);
                KeyFiles.writeChain(chain, enrolled.signing());
                deleteUsed(ticket);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        return new OwnIdentity(folder, roots, clock, die);
    }

    /// Where the certificates of servers are renewed; needs none, so that one that has just expired is too.
    static Renewals renewals(URI authority, List<X509Certificate> roots, SecureRandom die) {
        return new RemoteRenewals(Peers.connect(authority, Identity.anonymous(roots), die));
    }

    private static Enrolment.Request request(Path folder, SecureRandom die) throws IOException {
        var request = folder.resolve("request.der");
        if (!Files.exists(request)) {
            var pair = KeyFiles.newKeyPair(die);
            KeyFiles.writeKey(folder.resolve("key.pem"), pair.getPrivate());
            var der = EnrolmentRequests.server(pair).signing().toArray();
            var written = Files.write(folder.resolve("request.new"), der);
            Files.move(written, request, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }
        return new Enrolment.Request(Bytes.of(Files.readAllBytes(request)), Optional.empty(), Optional.empty());
    }

    private static Enrolment.Enrolled enrol(
            URI authority, Ticket ticket, Enrolment.Request request, List<X509Certificate> roots, SecureRandom die) {
        var peer = Peers.connect(authority, Identity.anonymous(roots), die);
        return new RemoteEnrolment(peer).enrol(ticket, request);
    }

    private static Ticket read(Optional<Path> ticket) {
        try {
            return Ticket.parse(Files.readString(ticket.orElseThrow(ServerIdentity::noTicket)));
        } catch (IOException e) {
            throw noTicket();
        }
    }

    /// It is used up; left lying about it would only raise questions.
    private static void deleteUsed(Optional<Path> ticket) throws IOException {
        if (ticket.isPresent()) {
            Files.deleteIfExists(ticket.get());
        }
    }

    private static Refusal noTicket() {
        return Refusal.of(
                "ticket-missing",
                "最初の起動には登録券のファイル（設定の ticket）が必要です。運営者に発行を依頼してください",
                "The first start needs a file with a ticket (ticket: in the configuration); ask the operator for one");
    }
}
