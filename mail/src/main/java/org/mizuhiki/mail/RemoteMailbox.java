package org.mizuhiki.mail;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.wire.Peer;

/// A mailbox from afar. The peer's own certificate says whose it is; `person` must be that person.
public final class RemoteMailbox implements Mailbox {
    private static final int LARGEST_SLOT = 8 << 10;

    private final Peer server;

    public RemoteMailbox(Peer server) {
        this.server = server;
    }

    @Override
    public void open(PersonId person, List<Bytes> chain, Bytes sealing) {
        server.put("/v1/mailbox", new MailRoutes.Keys(chain, sealing), Void.class);
    }

    @Override
    public List<Notice> notices(PersonId person, long after, int limit) {
        return server.get("/v1/mails?after=" + after, MailRoutes.Notices.class).notices();
    }

    @Override
    public Arrived fetch(PersonId person, long number) {
        var answer = ByteBuffer.wrap(server.getBytes("/v1/mails/" + number).toArray());
        int size = answer.remaining() < 4 ? -1 : answer.getInt();
        if (size < 0 || size > LARGEST_SLOT || size > answer.remaining()) {
            throw Refusal.of(
                    "mail-server-odd",
                    "メールサーバの応答が正しくありません",
                    "The mail server's answer is malformed; tell the operator");
        }
        var slot = new byte[size];
        answer.get(slot);
        var closed = new byte[answer.remaining()];
        answer.get(closed);
        // whose slot it is, opening it tells
        return new Arrived(new Slot(Digest.of(slot), Bytes.of(slot)), Bytes.of(closed));
    }

    @Override
    public void delete(PersonId person, long number) {
        server.delete("/v1/mails/" + number);
    }

    @Override
    public List<Bytes> certificates(String address) {
        return server.get("/v1/mail-addresses/" + quoted(address), MailRoutes.Certificates.class)
                .chain();
    }

    @Override
    public void send(PersonId person, String id, String recipient, Bytes mail) {
        server.putBytes("/v1/outgoing/" + id + "?to=" + quoted(recipient), "application/octet-stream", mail);
    }

    @Override
    public List<Outgoing> outgoing(PersonId person) {
        return server.get("/v1/outgoing", MailRoutes.Orders.class).orders();
    }

    private static String quoted(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
