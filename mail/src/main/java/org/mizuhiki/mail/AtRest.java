package org.mizuhiki.mail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;

/// Closes whole mails for their person, headers too, whatever was encrypted in them: sender and subject
/// are nobody's
/// business at rest, and X-Wing holds where the sender's RSA will not.
public record AtRest(Seals seals) {
    private static final Bytes CONTEXT = Bytes.utf8("mizuhiki-mail-1");

    Mailbox.Arrived close(Bytes mail, Bytes sealing) {
        var streams = seals.streams();
        try (var key = streams.newKey()) {
            var slot = seals.wrap(key, new Reader.XWing(sealing));
            var closed = new ByteArrayOutputStream(mail.size() + 1024);
            streams.closeUndigested(new ByteArrayInputStream(mail.toArray()), closed, key, CONTEXT);
            return new Mailbox.Arrived(slot, Bytes.of(closed.toByteArray()));
        } catch (IOException e) {
            throw new IllegalStateException("memory takes what is written to it", e);
        }
    }

    /// @throws Refusal `seal-broken`
    public Bytes open(Mailbox.Arrived arrived, Opener opener) {
        try (var key = seals.unwrap(arrived.slot(), opener);
                var plain = seals.streams()
                        .open(new ByteArrayInputStream(arrived.closed().toArray()), key, CONTEXT)) {
            return Bytes.of(plain.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("memory gives what is read from it", e);
        }
    }
}
