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
    private final ReplyJournal brief = ReplyJournal.inMemory(10_000);
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
        if (shown.isEmpty()
                || !route.method().equals("POST")
                || route.maxBody() > LARGEST
                || route.memory() == Route.Memory.NONE) {
            return new Outcome.Fresh(route.handler().handle(call));
        }
        var request = request(call, shown.get());
        var remembering = route.memory() == Route.Memory.BRIEF ? brief : journal;
        return switch (remembering.claim(request)) {
            case Claim.Mine _ -> new Outcome.Fresh(once(call, request, remembering));
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

    private static Reply once(RouteCall call, ReplyJournal.Request request, ReplyJournal remembering)
            throws IOException {
        boolean kept = false;
        try {
            var reply = call.route().handler().handle(call);
            var keep = keepable(reply).filter(k -> k.body().size() <= ReplyJournal.MAX_BODY);
            keep.ifPresent(k -> remembering.keep(request, k));
            kept = keep.isPresent();
            return reply;
        } finally {
            if (!kept) {
                remembering.release(request);
            }
        }
    }

    private static Optional<Kept> keepable(Reply reply) {
        return switch (reply) {
            case Reply.Json json -> Optional.of(new Kept(200, "application/json", Json.write(json.value())));
            case Reply.Raw raw -> Optional.of(new Kept(200, raw.mediaType(), raw.content()));
            case Reply.Done _ -> Optional.of(new Kept(204, "", Bytes.of()));
            case Reply.Base64 _ -> Optional.<Kept>empty();
            case Reply.Dated _ -> Optional.<Kept>empty();
            case Reply.File _ -> Optional.<Kept>empty();
            case Reply.Full _ -> Optional.<Kept>empty();
            case Reply.Stream _ -> Optional.<Kept>empty();
        };
    }

    private ReplyJournal.Request request(RouteCall call, String shown) throws IOException {
        if (!KEY.matcher(shown).matches()) {
            throw Refusal.of(
                    "idempotency-key-malformed",
                    "Idempotency-Keyは英数字・「-」・「_」の16〜128文字です",
                    "An Idempotency-Key is 16 to 128 letters, digits, hyphens or underscores");
        }
        var caller = Callers.name(call.caller());
        var who = Canonical.of(Map.of("caller", caller)).digest();
        return new ReplyJournal.Request(key(call, caller, shown), who, content(call), clock.instant());
    }

    /// Keys of different callers and routes never meet: nobody can fetch another's reply by guessing a key.
    private static Digest key(RouteCall call, String caller, String shown) {
        var route = call.route().method() + " " + call.route().path();
        return Canonical.of(Map.of("caller", caller, "route", route, "key", shown))
                .digest();
    }

    private static Digest content(RouteCall call) {
        return Canonical.of(call.contentFields()).digest();
    }
}
