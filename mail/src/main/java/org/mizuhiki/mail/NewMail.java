package org.mizuhiki.mail;

import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A mail to be written: every value that stands in a header is one line, or the mail is refused.
///
/// @param from address and, before it, a name for people's eyes
/// @param content the entity that is signed and closed: headers `Content-…` and body
public record NewMail(String name, String from, String to, String subject, Instant at, Bytes content) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int LONGEST = 500;

    /// @throws Refusal `mail-header-unfit`
    public NewMail {
        oneLine(name);
        oneLine(subject);
        if (!Headers.isPlain(from) || !Headers.isPlain(to)) {
            throw unfit();
        }
    }

    /// Plain text with files.
    public static Bytes entity(String text, List<ReadMail.File> files, SecureRandom die) {
        var body = new ByteArrayOutputStream();
        if (files.isEmpty()) {
            text(body, text);
            return Bytes.of(body.toByteArray());
        }
        var boundary = random(die);
        ascii(body, "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n");
        text(body, text);
        for (var file : files) {
            oneLine(file.name());
            ascii(
                    body,
                    "\r\n--" + boundary + "\r\nContent-Type: " + file.type()
                            + "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\""
                            + encoded(file.name().replace("\"", "_").replace("\\", "_")) + "\"\r\n\r\n");
            base64(body, file.content());
        }
        ascii(body, "\r\n--" + boundary + "--\r\n");
        return Bytes.of(body.toByteArray());
    }

    /// What is signed: the entity with the headers that count (RFC 9788), so that nobody on the way can
    /// send the same
    /// letter under another subject, or to somebody else.
    Bytes protectedEntity(String messageId) {
        var out = new ByteArrayOutputStream();
        ascii(out, headers(subject, messageId));
        ascii(out, "HP-Outer: Subject: [...]\r\n");
        var text = new String(content.toArray(), StandardCharsets.ISO_8859_1);
        int type = text.toLowerCase(Locale.ROOT).indexOf("content-type:");
        int end = type < 0 ? -1 : text.indexOf("\r\n", type);
        boolean simple = end > 0 && !text.startsWith(" ", end + 2) && !text.startsWith("\t", end + 2);
        var marked = simple ? text.substring(0, end) + "; hp=\"cipher\"" + text.substring(end) : text;
        out.writeBytes(marked.getBytes(StandardCharsets.ISO_8859_1));
        return Bytes.of(out.toByteArray());
    }

    /// The mail that travels.
    ///
    /// @param cms what [#protectedEntity] was signed and closed into
    Bytes closed(String messageId, Bytes cms, boolean authenticated) {
        var out = new ByteArrayOutputStream();
        ascii(out, headers("[...]", messageId));
        ascii(
                out,
                "Content-Type: application/pkcs7-mime; smime-type="
                        + (authenticated ? "authEnveloped-data" : "enveloped-data")
                        + "; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n"
                        + "Content-Disposition: attachment; filename=smime.p7m\r\n\r\n");
        base64(out, cms);
        return Bytes.of(out.toByteArray());
    }

    private String headers(String shownSubject, String messageId) {
        return "From: " + (name.isBlank() ? from : encoded(name) + " <" + from + ">") + "\r\nTo: " + to
                + "\r\nSubject: "
                + encoded(shownSubject) + "\r\nDate: " + DATE.format(at) + "\r\nMessage-ID: <" + messageId
                + ">\r\nMIME-Version: 1.0\r\n";
    }

    private static void text(ByteArrayOutputStream out, String text) {
        ascii(out, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        base64(out, Lines.canonical(Bytes.utf8(text)));
    }

    private static void base64(ByteArrayOutputStream out, Bytes content) {
        out.writeBytes(Base64.getMimeEncoder().encode(content.toArray()));
        ascii(out, "\r\n");
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Words of other than ASCII letters as RFC 2047 wants them, folded.
    static String encoded(String text) {
        try {
            return MimeUtility.fold(9, MimeUtility.encodeWord(text, "UTF-8", "B"));
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every JDK knows UTF-8", e);
        }
    }

    /// A header's value made of whatever was shown: one line, encoded.
    public static String encodedSubject(String text) {
        return encoded(Headers.oneLine(text));
    }

    /// 128 random bits, as boundaries and names of mails want them.
    static String random(SecureRandom die) {
        var bits = new byte[16];
        die.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    /// A line break in a header would begin another header, or the body.
    private static void oneLine(String value) {
        if (value.length() > LONGEST || value.codePoints().anyMatch(Character::isISOControl)) {
            throw unfit();
        }
    }

    private static Refusal unfit() {
        return Refusal.of(
                "mail-header-unfit",
                "件名・宛先・ファイル名に使えない文字があります（改行など）。1行に直してください",
                "Subject, address or file name holds characters that no header may (such as line breaks); make it one line");
    }

    /// Its size only: the content is a patient's.
    @Override
    public String toString() {
        return "NewMail[" + content.size() + " B]";
    }
}
