package org.mizuhiki.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;

/// A mail or a part of one, with the very bytes that it came in: signatures are over bytes, and an IMAP
/// client asks for
/// ranges of them.
///
/// @param raw the whole mail's bytes; `from`, `body` and `to` are places in it
/// @param children of a multipart; the message inside of a `message/rfc822`
public record Part(Raw raw, int from, int body, int to, Headers headers, List<Part> children) {
    /// Largest mail, in bytes.
    public static final int MAX_BYTES = 32 << 20;

    private static final Pattern UNSAFE = Pattern.compile("[^\\p{L}\\p{N} ._()+-]");
    private static final int LONGEST_NAME = 120;

    public Part {
        children = List.copyOf(children);
    }

    /// The bytes that all parts of a mail share; never changed.
    static final class Raw {
        private final byte[] bytes;

        Raw(Bytes bytes) {
            this.bytes = bytes.toArray();
        }

        int size() {
            return bytes.length;
        }

        byte at(int index) {
            return bytes[index];
        }

        byte[] range(int from, int to) {
            return Arrays.copyOfRange(bytes, from, to);
        }

        /// Its size only: the content is a patient's.
        @Override
        public String toString() {
            return "Raw[" + bytes.length + " B]";
        }
    }

    /// @throws org.mizuhiki.house.Refusal `mail-too-large`, `mail-malformed` (nested too deep, too many
    /// parts,
    /// headers without end)
    public static Part read(Bytes mail) {
        return new PartReading(mail).read();
    }

    /// Headers, the empty line and the body.
    public Bytes whole() {
        return Bytes.of(raw.range(from, to));
    }

    /// With the empty line behind them.
    public Bytes headerBlock() {
        return Bytes.of(raw.range(from, body));
    }

    /// As it travels, in its transfer encoding.
    public Bytes bodyBlock() {
        return Bytes.of(raw.range(body, to));
    }

    public int bodySize() {
        return to - body;
    }

    /// Lines of the body, as BODYSTRUCTURE tells them.
    public int bodyLines() {
        int lines = 0;
        for (int i = body; i < to; i++) {
            lines += raw.at(i) == '\n' ? 1 : 0;
        }
        return lines;
    }

    /// `text/plain` and such, in lower case.
    public String mediaType() {
        var type = headers.type();
        return (type.getPrimaryType() + "/" + type.getSubType()).toLowerCase(Locale.ROOT);
    }

    public ContentType contentType() {
        return headers.type();
    }

    public boolean isMultipart() {
        return mediaType().startsWith("multipart/");
    }

    boolean isAttached() {
        return headers.only("Content-Disposition")
                .map(d -> d.toLowerCase(Locale.ROOT).startsWith("attachment"))
                .orElse(false);
    }

    /// The body with its transfer encoding taken off.
    ///
    /// @throws org.mizuhiki.house.Refusal `mail-malformed`
    public Bytes content() {
        var encoding = headers.only("Content-Transfer-Encoding").orElse("7bit").strip();
        try (var in = MimeUtility.decode(new ByteArrayInputStream(raw.range(body, to)), encoding)) {
            return Bytes.of(in.readAllBytes());
        } catch (MessagingException | IOException | RuntimeException e) {
            throw Malformed.mail("本文の符号化", "transfer encoding");
        }
    }

    /// The text of a text part; a character set that nobody knows is read as UTF-8.
    public String text() {
        return new String(content().toArray(), charset());
    }

    private Charset charset() {
        try {
            var said = headers.parameter("charset");
            return said.isPresent() ? Charset.forName(MimeUtility.javaCharset(said.get())) : StandardCharsets.UTF_8;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /// A name under which the part can be saved: no path, no control characters.
    public Optional<String> fileName() {
        return headers.only("Content-Disposition")
                .flatMap(Part::fileName)
                .or(() -> headers.parameter("name"))
                .map(Part::decoded)
                .map(n -> UNSAFE.matcher(n).replaceAll("_").strip())
                .map(n -> n.startsWith(".") ? "_" + n.substring(1) : n)
                .map(n -> n.length() > LONGEST_NAME ? n.substring(n.length() - LONGEST_NAME) : n)
                .filter(n -> !n.isBlank());
    }

    private static Optional<String> fileName(String disposition) {
        try {
            return Optional.ofNullable(
                    new jakarta.mail.internet.ContentDisposition(disposition).getParameter("filename"));
        } catch (jakarta.mail.internet.ParseException e) {
            return Optional.empty();
        }
    }

    private static String decoded(String name) {
        try {
            return Headers.oneLine(MimeUtility.decodeText(name));
        } catch (java.io.UnsupportedEncodingException e) {
            return Headers.oneLine(name);
        }
    }

    /// Its kind and size only: the content is a patient's.
    @Override
    public String toString() {
        return "Part[" + mediaType() + ", " + (to - from) + " B]";
    }
}
