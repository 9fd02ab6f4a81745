package org.mizuhiki.bridge;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.mizuhiki.bridge.imap.ImapServer;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.mail.EdgeTls;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Kept;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.LocalCertificate;
import org.mizuhiki.wire.Identity;

/// The pocket for ordinary mail programs: IMAP and submission, both with TLS from the first byte,
/// against tokens.
public final class Bridge implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final ImapServer imap;
    private final Submission submission;

    private Bridge(ImapServer imap, Submission submission) {
        this.imap = imap;
        this.submission = submission;
    }

    /// @param host to listen at: `127.0.0.1`, or an address inside the institution
    /// @param name by which programs call it, `localhost` or a name inside the institution
    /// @param imap port, 0 takes a free one; likewise `smtp`
    public record Listen(InetAddress host, String name, int imap, int smtp) {}

    /// @throws Refusal `port-taken`
    public static Bridge open(
            Listen listen,
            Device device,
            Pocket pocket,
            Kept kept,
            Correspondence correspondence,
            Clock clock,
            SecureRandom die) {
        var tls = EdgeTls.context(identity(device.folder(), listen, clock, die), die);
        var address = correspondence.address();
        var domain = address.substring(address.indexOf('@') + 1);
        var shelves = new PocketShelves(device.id(), pocket, kept, correspondence, domain, clock, die);
        var tokens = new Tokens(device.folder(), clock, die);
        var imap = ImapServer.start(EdgeTls.listen(tls, listen.host(), listen.imap(), BACKLOG), shelves, tokens, clock);
        try {
            var outbox = outbox(correspondence, shelves);
            var submission = new Submission(listen.host(), listen.smtp(), tls, outbox, tokens, die);
            return new Bridge(imap, submission);
        } catch (RuntimeException e) {
            imap.close();
            throw e;
        }
    }

    private static Outbox outbox(Correspondence correspondence, PocketShelves shelves) {
        return new Outbox() {
            @Override
            public String address() {
                return correspondence.address();
            }

            @Override
            public void mustReach(String recipient) {
                correspondence.mustReach(recipient);
            }

            @Override
            public void send(String id, String recipient, String subject, Bytes entity) {
                correspondence.send(id, recipient, subject, entity);
            }

            @Override
            public void keepSent(Bytes mail) {
                shelves.keepSent(mail);
            }
        };
    }

    /// The certificate that mail programs are told to believe.
    public static Path certificate(Path folder) {
        return folder.resolve("mail-bridge.pem");
    }

    /// Made at the first start; programs are told once.
    private static Identity identity(Path folder, Listen listen, Clock clock, SecureRandom die) {
        var secret = folder.resolve("mail-bridge.key");
        if (!Files.exists(secret) || !Files.exists(certificate(folder))) {
            var pair = KeyFiles.newKeyPair(die);
            var hosts = List.of(listen.name(), listen.host().getHostAddress());
            KeyFiles.writeKey(secret, pair.getPrivate());
            KeyFiles.writeChain(certificate(folder), List.of(LocalCertificate.make(pair, hosts, clock, die)));
        }
        var chain = KeyFiles.readChain(certificate(folder));
        return new Identity(KeyFiles.readKey(secret), chain, chain);
    }

    public int imapPort() {
        return imap.port();
    }

    public int smtpPort() {
        return submission.port();
    }

    @Override
    public void close() {
        imap.close();
        submission.close();
    }
}
