package org.mizuhiki.enrol.acme;

import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Nonces;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// ACME's resources (RFC 8555, 7.1). Whoever asks is known by signatures, so the routes are open to anyone;
/// every answer to a signed request brings the nonce for the next one.
final class AcmeRoutes {
    /// The largest honest request carries a PKCS#10 of 4 KiB.
    private static final int MAX_BODY = 16 << 10;

    private final Accounts accounts;
    private final Orders orders;
    private final Certificates certificates;
    private final Nonces nonces;
    private final Urls urls;

    AcmeRoutes(Accounts accounts, Orders orders, Certificates certificates, Nonces nonces, Urls urls) {
        this.accounts = accounts;
        this.orders = orders;
        this.certificates = certificates;
        this.nonces = nonces;
        this.urls = urls;
    }

    private interface Work {
        Reply.Full of(Call call) throws IOException;
    }

    List<Route> all() {
        return List.of(
                get("/directory", "ACME: where everything is (RFC 8555, 7.1.1)", _ -> directory()),
                Route.head(Urls.PATH + "/new-nonce", "ACME: a nonce (RFC 8555, 7.2)", Access.ANYONE, _ -> nonce(200)),
                get("/new-nonce", "ACME: a nonce (RFC 8555, 7.2)", _ -> nonce(204)),
                post("/new-account", "ACME: account by external binding (RFC 8555, 7.3)", accounts::open),
                post("/account/{id}", "ACME: account, deactivation (RFC 8555, 7.3.6)", accounts::account),
                post("/account/{id}/orders", "ACME: the account's orders (RFC 8555, 7.1.2.1)", orders::list),
                post("/key-change", "ACME: new account key (RFC 8555, 7.3.5)", accounts::changeKey),
                post("/new-order", "ACME: order for the server's own host (RFC 8555, 7.4)", orders::open),
                post("/order/{id}", "ACME: order (RFC 8555, 7.1.3)", orders::order),
                post("/order/{id}/finalize", "ACME: the request, certified (RFC 8555, 7.4)", orders::finalize),
                post("/authorization/{id}", "ACME: authorisation (RFC 8555, 7.5)", orders::authorization),
                post("/challenge/{id}", "ACME: how the name was proven (RFC 8555, 7.5.1)", orders::challenge),
                post("/certificate/{id}", "ACME: certificate with its CA's (RFC 8555, 7.4.2)", orders::certificate),
                post("/revoke-cert", "ACME: revocation by the holder (RFC 8555, 7.6)", certificates::revoke),
                get("/renewal-info/{certificate}", "ACME: when to renew (RFC 9773)", certificates::renewalInfo));
    }

    private Route get(String path, String summary, Work work) {
        return Route.get(Urls.PATH + path, summary, Access.ANYONE, byte[].class, call -> {
            try {
                return work.of(call);
            } catch (Refusal e) {
                return refused(e, call, Map.of());
            }
        });
    }

    private Route post(String path, String summary, Work work) {
        Route.Handler handler = call -> {
            try {
                var reply = work.of(call);
                return with(reply, linked(fresh()));
            } catch (Refusal e) {
                return refused(e, call, linked(fresh()));
            }
        };
        return Route.post(Urls.PATH + path, summary, Access.ANYONE, byte[].class, byte[].class, handler)
                .upTo(MAX_BODY)
                .remembersNothing();
    }

    private static Reply refused(Refusal refusal, Call call, Map<String, String> headers) {
        return Faults.reply(refusal, call, headers).orElseThrow(() -> refusal);
    }

    private static Reply with(Reply.Full reply, Map<String, String> headers) {
        var all = new LinkedHashMap<>(headers);
        all.putAll(reply.headers());
        return new Reply.Full(reply.status(), reply.code(), all, reply.mediaType(), reply.content());
    }

    private Map<String, String> fresh() {
        var text = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(nonces.fresh().toArray());
        return Map.of("Replay-Nonce", text);
    }

    private Map<String, String> linked(Map<String, String> headers) {
        var all = new LinkedHashMap<>(headers);
        all.put("Link", index(urls));
        return all;
    }

    static String index(Urls urls) {
        return "<" + urls.directory() + ">;rel=\"index\"";
    }

    private Reply.Full nonce(int status) {
        return new Reply.Full(status, "-", linked(fresh()), "", Bytes.of());
    }

    private Reply.Full directory() {
        var body = new LinkedHashMap<String, Object>();
        body.put("newNonce", urls.at("/new-nonce"));
        body.put("newAccount", urls.newAccount());
        body.put("newOrder", urls.newOrder());
        body.put("revokeCert", urls.revokeCert());
        body.put("keyChange", urls.keyChange());
        body.put("renewalInfo", urls.at("/renewal-info"));
        body.put("meta", Map.of("externalAccountRequired", true));
        return Orders.json(200, body, Map.of());
    }
}
