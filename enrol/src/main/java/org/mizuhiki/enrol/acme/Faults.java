package org.mizuhiki.enrol.acme;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Reply;

/// Refusals as ACME's clients know them: the type is one of RFC 8555, 6.7 (RFC 9773 for the last), our own
/// code stands beside it.
final class Faults {
    /// @param retryAfter seconds, 0 for none
    private record Fault(String type, int status, int retryAfter) {}

    private static final Map<String, Fault> BY_CODE = Map.ofEntries(
            fault("jws-malformed", "malformed", 400),
            fault("media-type-unsupported", "malformed", 415),
            fault("body-too-large", "malformed", 413),
            fault("key-not-here", "malformed", 400),
            fault("certificate-malformed", "malformed", 400),
            fault("validity-not-chosen", "malformed", 400),
            fault("order-unknown", "malformed", 404),
            fault("certificate-unknown", "malformed", 404),
            fault("nonce-wrong", "badNonce", 400),
            fault("algorithm-unfit", "badSignatureAlgorithm", 400),
            fault("account-key-unfit", "badPublicKey", 400),
            fault("account-unknown", "accountDoesNotExist", 400),
            fault("account-key-taken", "malformed", 409),
            fault("signature-wrong", "unauthorized", 403),
            fault("url-wrong", "unauthorized", 403),
            fault("account-ended", "unauthorized", 403),
            fault("member-revoked", "unauthorized", 403),
            fault("not-your-account", "unauthorized", 403),
            fault("certificate-not-yours", "unauthorized", 403),
            fault("binding-wrong", "unauthorized", 403),
            fault("binding-expired", "unauthorized", 403),
            fault("binding-used", "unauthorized", 403),
            fault("binding-required", "externalAccountRequired", 403),
            fault("identifier-unsupported", "unsupportedIdentifier", 400),
            fault("identifier-not-yours", "rejectedIdentifier", 403),
            fault("order-not-ready", "orderNotReady", 403),
            fault("order-answered", "orderNotReady", 403),
            fault("request-malformed", "badCSR", 400),
            fault("possession-unproven", "badCSR", 400),
            fault("key-unfit", "badCSR", 400),
            fault("key-is-the-accounts", "badCSR", 400),
            fault("name-not-yours", "badCSR", 400),
            fault("certificate-revoked", "alreadyRevoked", 400),
            fault("reason-unfit", "badRevocationReason", 400),
            fault("person-not-here", "unauthorized", 403),
            Map.entry("order-rate-exceeded", new Fault("rateLimited", 429, 600)),
            Map.entry("certificate-rate-exceeded", new Fault("rateLimited", 429, 86_400)),
            fault("replaced-already", "alreadyReplaced", 409));

    private Faults() {}

    private static Map.Entry<String, Fault> fault(String code, String type, int status) {
        return Map.entry(code, new Fault(type, status, 0));
    }

    /// Nothing for refusals that are no protocol's (a database that is away): wire answers those.
    static Optional<Reply.Full> reply(Refusal refusal, Call call, Map<String, String> headers) {
        return Optional.ofNullable(BY_CODE.get(refusal.code())).map(fault -> {
            var all = new LinkedHashMap<>(headers);
            if (fault.retryAfter() > 0) {
                all.put("Retry-After", Integer.toString(fault.retryAfter()));
            }
            var body = body(refusal, fault, call.requestId());
            return new Reply.Full(fault.status(), refusal.code(), all, "application/problem+json", body);
        });
    }

    private static Bytes body(Refusal refusal, Fault fault, String request) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", "urn:ietf:params:acme:error:" + fault.type());
        body.put("title", refusal.japanese());
        body.put("title-en", refusal.english());
        body.put("status", fault.status());
        body.put("code", refusal.code());
        body.put("detail", refusal.japanese() + " / " + refusal.english());
        body.put("instance", "urn:mizuhiki:request:" + request);
        if (fault.type().equals("badSignatureAlgorithm")) {
            body.put("algorithms", AccountKey.ALGORITHMS);
        }
        return Json.write(body);
    }
}
