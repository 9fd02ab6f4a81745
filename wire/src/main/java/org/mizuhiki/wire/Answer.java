package org.mizuhiki.wire;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.bound.ByteRange;
import org.mizuhiki.wire.bound.ClientGone;

/// Writes one answer, in constant memory where it is long.
final class Answer {
    private static final int BUFFER = 64 << 10;

    /// API answers are no pages: a browser that is tricked into showing one must run nothing of it.
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

    private static final String POLICY = "Content-Security-Policy";

    private static final String OWN_PAGES =
            "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    /// RFC 9110, 5.6.7: two digits for the day, which the JDK's own RFC 1123 form does not write.
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final Request request;
    private final Response response;

    Answer(Request request, Response response, String requestId) {
        this.request = request;
        this.response = response;
        header("X-Request-Id", requestId);
        header("X-Content-Type-Options", "nosniff");
        header("Referrer-Policy", "no-referrer");
        header("Cross-Origin-Resource-Policy", "same-origin");
        header("Cache-Control", "no-store");
        if (request.isSecure()) {
            header("Strict-Transport-Security", "max-age=31536000");
        }
    }

    void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    boolean started() {
        return response.isCommitted();
    }

    int status() {
        return response.getStatus();
    }

    void send(Reply reply) throws IOException {
        switch (reply) {
            case Reply.Json json -> send(200, "application/json", Json.write(json.value()));
            case Reply.Raw raw -> send(200, raw.mediaType(), raw.content());
            case Reply.Base64(var mediaType, var content) -> {
                header("Content-Transfer-Encoding", "base64");
                send(200, mediaType, lines(content));
            }
            case Reply.Dated dated -> dated(dated);
            case Reply.File file -> file(file);
            case Reply.Stream stream -> stream(stream);
            case Reply.Full full -> {
                full.headers().forEach(this::header);
                send(full.status(), full.mediaType(), full.content());
            }
            case Reply.Done _ -> send(204, "", Bytes.of());
        }
    }

    private void dated(Reply.Dated reply) throws IOException {
        var tag = "\"" + reply.content().sha256().hex() + "\"";
        header("ETag", tag);
        header("Cache-Control", "max-age=" + reply.keep().toSeconds() + ", public, no-transform, must-revalidate");
        header("Last-Modified", day(reply.made()));
        header("Expires", day(reply.until()));
        if (tag.equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
            begin(304, reply.mediaType());
            write(true, ByteBuffer.allocate(0));
            return;
        }
        send(200, reply.mediaType(), reply.content());
    }

    private static String day(Instant time) {
        return HTTP_DATE.format(time.atOffset(ZoneOffset.UTC));
    }

    private static Bytes lines(Bytes content) {
        return Bytes.utf8(Base64.getMimeEncoder().encodeToString(content.toArray()) + "\r\n");
    }

    void send(int status, String mediaType, Bytes body) throws IOException {
        begin(status, mediaType);
        if (status != 204) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.size());
        }
        write(true, ByteBuffer.wrap(isHead() ? new byte[0] : body.toArray()));
    }

    private void begin(int status, String mediaType) {
        response.setStatus(status);
        if (!mediaType.isEmpty()) {
            header("Content-Type", mediaType);
        }
        if (!response.getHeaders().contains(POLICY)) { // a page may bring a stricter one of its own
            header(POLICY, mediaType.startsWith("text/html") ? OWN_PAGES : NOTHING);
        }
    }

    private boolean isHead() {
        return request.getMethod().equals("HEAD");
    }

    private void file(Reply.File reply) throws IOException {
        try (var channel = FileChannel.open(reply.file(), StandardOpenOption.READ)) {
            long size = channel.size();
            var tag = "\"" + Long.toHexString(size) + "-"
                    + Long.toHexString(Files.getLastModifiedTime(reply.file()).toMillis()) + "\"";
            header("Accept-Ranges", "bytes");
            header("ETag", tag);
            header("Cache-Control", "no-cache");
            if (tag.equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
                begin(304, reply.mediaType());
                write(true, ByteBuffer.allocate(0));
                return;
            }
            var asked = range(tag).flatMap(text -> ByteRange.parse(text, size));
            var range = asked.orElse(new ByteRange(0, size));
            if (asked.isPresent()) {
                header("Content-Range", range.describe(size));
            }
            begin(asked.isPresent() ? 206 : 200, reply.mediaType());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, range.length());
            copy(channel, isHead() ? new ByteRange(0, 0) : range);
        } catch (NoSuchFileException e) {
            throw Refusal.of("file-unknown", "このファイルはありません", "There is no such file", e);
        }
    }

    /// A range of a file that changed since would make a file that never was (RFC 9110, 13.1.5).
    private Optional<String> range(String tag) {
        var condition = request.getHeaders().get(HttpHeader.IF_RANGE);
        return condition == null || condition.equals(tag)
                ? Optional.ofNullable(request.getHeaders().get(HttpHeader.RANGE))
                : Optional.empty();
    }

    private void copy(FileChannel channel, ByteRange range) throws IOException {
        var buffer = ByteBuffer.allocate(BUFFER);
        long at = range.from();
        while (at < range.end()) {
            buffer.clear().limit((int) Math.min(BUFFER, range.end() - at));
            int count = channel.read(buffer, at);
            if (count < 0) {
                throw new IOException("a file became shorter while it was sent");
            }
            at += count;
            write(at == range.end(), buffer.flip());
        }
        if (range.length() == 0) {
            write(true, ByteBuffer.allocate(0));
        }
    }

    private void stream(Reply.Stream reply) throws IOException {
        begin(200, reply.mediaType());
        if (isHead()) {
            write(true, ByteBuffer.allocate(0));
            return;
        }
        // not closed on failure: closing would end the answer well, and the reader must notice that it is cut short
        var out = new BufferedOutputStream(new ToClient(Content.Sink.asOutputStream(response)), BUFFER);
        reply.writer().write(out);
        out.close();
    }

    private void write(boolean last, ByteBuffer bytes) throws IOException {
        try {
            Content.Sink.write(response, last, bytes);
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }

    private static final class ToClient extends FilterOutputStream {
        ToClient(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                throw new ClientGone(e);
            }
        }
    }
}
