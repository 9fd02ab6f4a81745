package org.mizuhiki.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Finds the parts of a mail (RFC 2046, 5.1) in one pass over its bytes for each level; depth, number
/// and headers are
/// bounded, so no mail keeps a reader busy.
final class PartReading {
    private static final int DEEPEST = 10;
    private static final int MOST_PARTS = 300;
    private static final int LONGEST_HEADER = 256 << 10;
    private static final int LONGEST_BOUNDARY = 200;

    private final Part.Raw raw;
    private int parts;

    PartReading(Bytes mail) {
        if (mail.size() > Part.MAX_BYTES) {
            throw Refusal.of("mail-too-large", "メールが大きすぎます（32 MiBまで）", "The mail is over 32 MiB");
        }
        this.raw = new Part.Raw(mail);
    }

    Part read() {
        return part(0, raw.size(), 0);
    }

    private Part part(int from, int to, int depth) {
        if (++parts > MOST_PARTS || depth > DEEPEST) {
            throw Malformed.mail("部分が多すぎるか深すぎます", "too many parts, or nested too deep");
        }
        int body = body(from, to);
        var headers = Headers.read(raw.range(from, body));
        return new Part(raw, from, body, to, headers, children(headers, body, to, depth));
    }

    private List<Part> children(Headers headers, int body, int to, int depth) {
        var type = headers.type();
        if (type.match("message/rfc822")) {
            boolean plain = headers.only("Content-Transfer-Encoding")
                    .map(e -> !e.equalsIgnoreCase("base64") && !e.equalsIgnoreCase("quoted-printable"))
                    .orElse(true);
            return plain ? List.of(part(body, to, depth + 1)) : List.of();
        }
        var boundary = type.getParameter("boundary");
        if (!type.match("multipart/*") || boundary == null || boundary.isBlank()) {
            return List.of();
        }
        if (boundary.length() > LONGEST_BOUNDARY) {
            throw Malformed.mail("境界文字列", "boundary");
        }
        return between(("--" + boundary).getBytes(StandardCharsets.ISO_8859_1), body, to, depth);
    }

    /// What lies between lines that begin with the delimiter; the line break before one belongs to it.
    private List<Part> between(byte[] delimiter, int body, int to, int depth) {
        var found = new ArrayList<Part>();
        int begun = -1;
        for (int line = body; line < to; line = next(line, to)) {
            if (!begins(line, to, delimiter)) {
                continue;
            }
            if (begun >= 0) {
                found.add(part(begun, Math.max(begun, beforeBreak(line, begun)), depth + 1));
            }
            boolean last = line + delimiter.length + 2 <= to
                    && raw.at(line + delimiter.length) == '-'
                    && raw.at(line + delimiter.length + 1) == '-';
            if (last) {
                return found;
            }
            begun = next(line, to);
        }
        if (begun >= 0 && begun <= to) {
            found.add(part(begun, to, depth + 1));
        }
        return found;
    }

    /// Exactly the delimiter: one that merely begins with it is another part's.
    private boolean begins(int line, int to, byte[] delimiter) {
        if (line + delimiter.length > to) {
            return false;
        }
        for (int i = 0; i < delimiter.length; i++) {
            if (raw.at(line + i) != delimiter[i]) {
                return false;
            }
        }
        int behind = line + delimiter.length;
        if (behind + 1 < to && raw.at(behind) == '-' && raw.at(behind + 1) == '-') {
            behind += 2;
        }
        while (behind < to && (raw.at(behind) == ' ' || raw.at(behind) == '\t' || raw.at(behind) == '\r')) {
            behind++;
        }
        return behind == to || raw.at(behind) == '\n';
    }

    private int beforeBreak(int line, int least) {
        int end = line;
        if (end > least && raw.at(end - 1) == '\n') {
            end--;
        }
        if (end > least && raw.at(end - 1) == '\r') {
            end--;
        }
        return end;
    }

    private int next(int line, int to) {
        int at = line;
        while (at < to && raw.at(at) != '\n') {
            at++;
        }
        return Math.min(to, at + 1);
    }

    /// Where the body begins: behind the first empty line.
    private int body(int from, int to) {
        for (int line = from; line < to; line = next(line, to)) {
            if (line - from > LONGEST_HEADER) {
                throw Malformed.mail("ヘッダーが長すぎます", "headers without end");
            }
            if (raw.at(line) == '\n' || (raw.at(line) == '\r' && line + 1 < to && raw.at(line + 1) == '\n')) {
                return next(line, to);
            }
        }
        if (to - from > LONGEST_HEADER) {
            throw Malformed.mail("ヘッダーが長すぎます", "headers without end");
        }
        return to;
    }
}
