package org.mizuhiki.mail;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.MailSeals;

/// Makes the mail that travels: signed, then closed for its one reader.
public record MailWriting(MailSeals seals, SecureRandom die) {
    /// @param id of the mail, the part before the `@`; the same again makes the same Message-ID, by
    /// which the reader's
    /// server knows a repetition
    public Bytes write(NewMail mail, String id, Author author, X509Certificate reader, MailSeals.Form form) {
        var messageId = id + "@" + mail.from().substring(mail.from().indexOf('@') + 1);
        var signed = seals.sign(mail.protectedEntity(messageId), author);
        // the signed layer is an entity of its own (RFC 8551, 3.7)
        var entity = ("Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n"
                        + java.util.Base64.getMimeEncoder().encodeToString(signed.toArray())
                        + "\r\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var closed = seals.close(Bytes.of(entity), List.of(reader), form);
        return mail.closed(messageId, closed, form == MailSeals.Form.AUTHENTICATED);
    }

    /// A new mail's name.
    public String newId() {
        return NewMail.random(die);
    }
}
