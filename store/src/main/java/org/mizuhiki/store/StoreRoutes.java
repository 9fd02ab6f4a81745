package org.mizuhiki.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// The store's side of HTTP. Who calls is what the mutual TLS certificate says, never a parameter.
public final class StoreRoutes {
    private static final String BYTES = "application/octet-stream";

    private final Store store;

    private StoreRoutes(Store store) {
        this.store = store;
    }

    /// What joins is the same when done again, and not worth a second commit to be remembered. A share is not:
    /// repeated late, it would give again what the owner took back since.
    ///
    /// @param biggestBlob largest body of an upload in bytes
    public static List<Route> of(Store store, long biggestBlob) {
        var routes = new StoreRoutes(store);
        return List.of(
                Route.put("/v1/blobs/{digest}", "Keep a blob", Access.ANY_PERSON, byte[].class, Void.class, routes::put)
                        .upTo(biggestBlob)
                        .forBrowsersInParts(),
                Route.get("/v1/blobs/{digest}", "Fetch a blob", Access.ANY_PERSON, byte[].class, routes::fetch)
                        .forBrowsers(),
                Route.post(
                                "/v1/envelopes",
                                "Join blobs into an envelope",
                                Access.ANY_PERSON,
                                Store.Envelope.class,
                                Void.class,
                                routes::register)
                        .remembersBriefly()
                        .forBrowsers(),
                Route.post(
                                "/v1/shares",
                                "Let a reader fetch an envelope",
                                Access.ANY_PERSON,
                                Store.Share.class,
                                Void.class,
                                routes::share)
                        .forBrowsers(),
                Route.delete("/v1/shares/{letter}/{reader}", "Take a share back", Access.ANY_PERSON, routes::unshare)
                        .forBrowsers(),
                Route.get("/v1/inbox", "What came in, newest first", Access.ANY_PERSON, Inbox.class, routes::inbox));
    }

    /// The answer of `/v1/inbox`.
    public record Inbox(List<Store.Notice> notices) {
        public Inbox {
            notices = List.copyOf(notices);
        }
    }

    private Reply put(Call call) throws IOException {
        var size = number(call.query("size")).orElseThrow(() -> malformed("size"));
        try (var content = call.stream()) {
            store.put(call.person(), new Digest(call.path("digest")), content, size);
        }
        return new Reply.Done();
    }

    private Reply fetch(Call call) {
        return new Reply.File(BYTES, store.fetch(call.person(), new Digest(call.path("digest"))));
    }

    private Reply register(Call call) {
        var worksAt = call.caller() instanceof Caller.Person p ? p.institution() : Optional.<InstitutionCode>empty();
        store.register(call.person(), worksAt, call.body(Store.Envelope.class));
        return new Reply.Done();
    }

    private Reply share(Call call) {
        store.share(call.person(), call.body(Store.Share.class));
        return new Reply.Done();
    }

    private Reply unshare(Call call) {
        store.unshare(call.person(), new Digest(call.path("letter")), new PersonId(call.path("reader")));
        return new Reply.Done();
    }

    private Reply inbox(Call call) {
        int limit = (int) Math.min(number(call.query("limit")).orElse(100L), 500);
        long before = number(call.query("before")).orElse(0L);
        return new Reply.Json(new Inbox(store.inbox(call.person(), limit, before)));
    }

    static Optional<Long> number(Optional<String> text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.get().matches("[0-9]{1,19}")) {
            throw malformed("number");
        }
        try {
            return Optional.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            throw malformed("number");
        }
    }

    private static Refusal malformed(String what) {
        return Refusal.of(
                "query-malformed",
                "要求の数値パラメータが正しくありません: " + what,
                "A parameter must be a whole number without sign: " + what);
    }
}
