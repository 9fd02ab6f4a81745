package org.mizuhiki.wire;

import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.ReplyJournal.Claim;
import org.mizuhiki.wire.ReplyJournal.Kept;

/// Does a POST with an `Idempotency-Key` once, however often it comes. Refusals are not kept: they
/// changed nothing.
final class Idempotence {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{16,128}");

    /// Larger bodies are content-addressed uploads, which are idempotent by themselves.
    private static final long LARGEST = 8 << 20;

    private final ReplyJournal journal;
    private final Clock clock;

    Idempotence(ReplyJournal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /// A reply and whether it is a replay of an earlier one.
    sealed interface Outcome {
        record Fresh(Reply reply) implements Outcome {}

        record Replayed(Kept reply) implements Outcome {}
    }

    Outcome handle(RouteCall call) throws IOException {
        var route = call.route();
        var shown = call.idempotencyKey();
        if (shown.isEmpty() || !route.method().equals("POST") || route.maxBody() > LARGEST) {
            return new Outcome.Fresh(route.handler().handle(call));
        }
        var key = key(call, shown.get());
        return switch (journal.claim(key, content(call), clock.instant())) {
            case Claim.Mine _ -> new Outcome.Fresh(once(call, key));
            case Claim.Replay(Kept reply) -> new Outcome.Replayed(reply);
            case Claim.UnderWay _ ->
                throw Refusal.of(
                        "request-under-way",
                        "同じ要求を処理中です。少し待ってからやり直してください",
                        "The same request is being worked on; try again shortly");
            case Claim.Conflict _ ->
                throw Refusal.of(
                        "idempotency-conflict",
                        "同じIdempotency-Keyが別の内容に使われています。新しいキーで送り直してください",
                        "This Idempotency-Key was used for another content; use a new one");
        };
    }

    private Reply once(RouteCall call, Digest key) throws IOException {
        boolean kept = false;
        try {
            var reply = call.route().handler().handle(call);
            var keep = keepable(reply).filter(k -> k.body().size() <= ReplyJournal.MAX_BODY);
            keep.ifPresent(k -> journal.keep(key, k));
            kept = keep.isPresent();
            return reply;
        } finally {
            if (!kept) {
                journal.release(key);
            }
        }
    }

    private static Optional<Kept> keepable(Reply reply) {
        return switch (reply) {
            case Reply.Json json -> Optional.of(new Kept(200, "application/json", Json.write(json.value())));
            case Reply.Raw raw -> Optional.of(new Kept(200, raw.mediaType(), raw.content()));
            case Reply.Done _ -> Optional.of(new Kept(204, "", Bytes.of()));
            case Reply.File _ -> Optional.<Kept>empty();
            case Reply.Stream _ -> Optional.<Kept>empty();
        };
    }

    /// Keys of different callers and routes never meet: nobody can fetch another's reply by guessing a key.
    private static Digest key(RouteCall call, String shown) {
        if (!KEY.matcher(shown).matches()) {
            throw Refusal.of(
                    "idempotency-key-malformed",
                    "Idempotency-Keyは英数字・「-」・「_」の16〜128文字です",
                    "An Idempotency-Key is 16 to 128 letters, digits, hyphens or underscores");
        }
        return Canonical.of(Map.of(
                        "caller",
                        Callers.name(call.caller()),
                        "route",
                        call.route().method() + " " + call.route().path(),
                        "key",
                        shown))
                .digest();
    }

    private static Digest content(RouteCall call) {
        return Canonical.of(call.contentFields()).digest();
    }
}
