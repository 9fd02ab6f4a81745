package org.mizuhiki.wire;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Attempts.Later;
import org.mizuhiki.wire.json.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Turns answers that are not "yes" back into what the other server refused.
final class PeerAnswers {
    static final int LARGEST_PROBLEM = 64 << 10;
    private static final int LONGEST_TEXT = 1000;
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]{2,63}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

    private PeerAnswers() {}

    /// @throws Later when the server asks to come again
    static Bytes checked(HttpResponse<?> reply, URI base, byte[] body) throws Later {
        int status = reply.statusCode();
        if (status >= 200 && status < 300) {
            return Bytes.of(body);
        }
        var refusal = refusal(reply, base, body);
        var wait = reply.headers()
                .firstValue("Retry-After")
                .filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
        if (status == 503 || status == 429 || (status == 409 && wait.isPresent())) {
            throw new Later(refusal, wait);
        }
        throw refusal;
    }

    private static Refusal refusal(HttpResponse<?> reply, URI base, byte[] body) {
        var type = reply.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith(Problems.MEDIA_TYPE) || body.length > LARGEST_PROBLEM) {
            return unusable(reply, base);
        }
        try {
            var problem = StrictJson.mapper().readTree(body);
            var code = text(problem, "code");
            if (!CODE.matcher(code).matches()) {
                return unusable(reply, base);
            }
            return Refusal.of(code, text(problem, "title"), text(problem, "title-en"));
        } catch (JacksonException e) {
            return unusable(reply, base);
        }
    }

    /// Another server's words end on terminals and in logs: bounded, and without control characters.
    private static String text(JsonNode problem, String field) {
        var text = problem.path(field).asString("").replaceAll("\\p{Cntrl}", " ");
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }

    private static Refusal unusable(HttpResponse<?> reply, URI base) {
        return Refusal.of(
                "peer-answer-unusable",
                "サーバー " + base.getAuthority() + " の応答（状態 " + reply.statusCode() + "）を解釈できません。接続先が正しいか確認してください",
                "The answer of " + base.getAuthority() + " (status " + reply.statusCode()
                        + ") cannot be understood; check that this is the right server");
    }

    /// The whole size that an answer announces.
    static Optional<Long> announced(HttpResponse<?> reply) {
        var length = reply.headers().firstValueAsLong("Content-Length");
        return length.isPresent() ? Optional.of(length.getAsLong()) : Optional.empty();
    }
}
