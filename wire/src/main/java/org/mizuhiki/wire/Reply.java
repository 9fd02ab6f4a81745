package org.mizuhiki.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.mizuhiki.house.Bytes;

/// What a handler answers; refusals are thrown, not replied.
public sealed interface Reply {
    /// 200 with a JSON body.
    record Json(Object value) implements Reply {}

    /// 200 with bytes.
    record Raw(String mediaType, Bytes content) implements Reply {}

    /// 200 with bytes as lines of base64, marked `Content-Transfer-Encoding`: what clients of RFC 7030
    /// expect (RFC 8951 leaves the header out where clients are known not to need it). Not remembered for
    /// repeated requests.
    record Base64(String mediaType, Bytes content) implements Reply {}

    /// 200 with bytes that carry their own signature and times, so that caches on the way may keep them
    /// (RFC 5019, 6): with `ETag`, `Last-Modified` and `Expires`; 304 for whoever has them already.
    ///
    /// @param made when they were signed
    /// @param until when they say that they end
    /// @param keep how long a cache may answer with them, shorter than until their end where news must
    /// get through
    record Dated(String mediaType, Bytes content, Instant made, Instant until, Duration keep) implements Reply {}

    /// 200 with a file, `Range` supported.
    record File(String mediaType, Path file) implements Reply {}

    /// 200 with a body that is written as it is made.
    record Stream(String mediaType, Writer writer) implements Reply {}

    /// An answer as a foreign protocol wants it, refusals too, with its status and headers. Not remembered
    /// for repeated requests.
    ///
    /// @param code for the log: the refusal's, or `-`
    record Full(int status, String code, Map<String, String> headers, String mediaType, Bytes content)
            implements Reply {
        public Full {
            headers = Map.copyOf(headers);
        }
    }

    /// 204.
    record Done() implements Reply {}

    /// Writes a body.
    @FunctionalInterface
    interface Writer {
        void write(OutputStream out) throws IOException;
    }
}
