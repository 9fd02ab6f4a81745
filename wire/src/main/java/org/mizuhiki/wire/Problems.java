package org.mizuhiki.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Refusals as problem details (RFC 9457), and the one table of their HTTP statuses.
final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    /// A conflict only until the first of two equal requests is answered.
    private static final String UNDER_WAY = "request-under-way";

    private static final String OWN_DISK = "device-disk";

    private static final Map<String, Integer> BY_CODE = Map.ofEntries(
            Map.entry("certificate-required", 401),
            Map.entry("login-required", 401),
            Map.entry("login-wrong", 401),
            Map.entry("certificate-expired", 403),
            Map.entry("signature-wrong", 401),
            Map.entry("signature-time", 401),
            Map.entry("signature-replayed", 401),
            Map.entry("caller-not-a-person", 403),
            Map.entry("caller-unfit", 403),
            Map.entry("method-not-allowed", 405),
            Map.entry("not-acceptable", 406),
            Map.entry("body-too-slow", 408),
            Map.entry(UNDER_WAY, 409),
            Map.entry("media-type-unsupported", 415),
            Map.entry("range-unsatisfiable", 416),
            Map.entry("rate-exceeded", 429),
            Map.entry("headers-too-large", 431),
            Map.entry("internal-error", 500),
            Map.entry("checkpoint-late", 503),
            Map.entry(OWN_DISK, 503),
            Map.entry("revocation-unknown", 503),
            Map.entry("standing-unknown", 503),
            Map.entry("server-busy", 503),
            Map.entry("server-stopping", 503));

    private record Ending(String text, int status) {}

    private static final List<Ending> BY_ENDING = List.of(
            new Ending("-unknown", 404),
            new Ending("-not-found", 404),
            new Ending("-away", 503),
            new Ending("-unavailable", 503),
            new Ending("-unreachable", 503),
            new Ending("-full", 503),
            new Ending("-denied", 403),
            new Ending("-forbidden", 403),
            new Ending("-revoked", 403),
            new Ending("not-allowed", 403),
            new Ending("-conflict", 409),
            new Ending("-taken", 409),
            new Ending("-exists", 409),
            new Ending("-too-large", 413),
            new Ending("-malformed", 400),
            new Ending("-rate-exceeded", 429));

    private Problems() {}

    static Refusal notAPerson() {
        return Refusal.of(
                "caller-not-a-person", "この操作は本人の証明書で行ってください", "This operation takes a person's own certificate");
    }

    static Refusal busy() {
        return Refusal.of("server-busy", "サーバーが混み合っています。少し待ってからやり直してください", "The server is busy; try again shortly");
    }

    static int status(String code) {
        var exact = BY_CODE.get(code);
        if (exact != null) {
            return exact;
        }
        return BY_ENDING.stream()
                .filter(e -> code.endsWith(e.text()))
                .findFirst()
                .map(Ending::status)
                .orElse(422);
    }

    /// Overloaded, away, or still busy with the very same request: what the peer door itself tries again.
    static boolean isTemporary(String code) {
        int status = status(code);
        if (code.equals(OWN_DISK)) {
            return false; // most often it is the asking device's own: waiting does not mend it
        }
        return status == 503 || status == 429 || code.equals(UNDER_WAY);
    }

    /// Answered with a challenge (RFC 9110, 11.6.1): many clients show a password only when asked.
    static boolean asksForLogin(String code) {
        return code.startsWith("login-") && status(code) == 401;
    }

    static Bytes body(Refusal refusal, String requestId) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("type", "urn:mizuhiki:problem:" + refusal.code());
        fields.put("title", refusal.japanese());
        fields.put("title-en", refusal.english());
        fields.put("status", status(refusal.code()));
        fields.put("code", refusal.code());
        fields.put("detail", refusal.japanese() + " / " + refusal.english());
        fields.put("instance", "urn:mizuhiki:request:" + requestId);
        return Json.write(fields);
    }

    /// What is said of every failure that was not foreseen: the log knows more, under the same request id.
    static Refusal internalError() {
        return Refusal.of(
                "internal-error",
                "サーバー内部でエラーが起きました。しばらくしてからやり直し、続くときは要求番号を添えて管理者に連絡してください",
                "Something failed inside the server; try again later, and if it stays, tell the operator the request id");
    }

    static Refusal pathUnknown() {
        return Refusal.of("path-unknown", "このアドレスの操作はありません", "There is no such operation here");
    }

    static Refusal methodNotAllowed() {
        return Refusal.of("method-not-allowed", "このアドレスでは使えない操作です", "This address does not take that method");
    }

    static Refusal serverStopping() {
        return Refusal.of(
                "server-stopping", "サーバーは停止処理中です。しばらくしてからやり直してください", "The server is stopping; try again soon");
    }

    /// A status that the HTTP engine itself decided on, before any route was reached.
    static Refusal ofEngine(int status) {
        return switch (status) {
            case 404 -> pathUnknown();
            case 408 -> Refusal.of("body-too-slow", "送信が遅すぎるため打ち切りました", "The request came too slowly");
            case 413 -> Refusal.of("body-too-large", "送信内容が大きすぎます", "The body is too large");
            case 414, 431 ->
                Refusal.of("headers-too-large", "アドレスまたはヘッダーが長すぎます", "The address or headers are too long");
            case 503 -> serverStopping();
            case 500, 502, 504 -> internalError();
            default -> Refusal.of("request-malformed", "HTTP要求の形が正しくありません", "The HTTP request is malformed");
        };
    }
}
