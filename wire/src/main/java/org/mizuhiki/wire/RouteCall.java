package org.mizuhiki.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.bound.BoundedBody;
import org.mizuhiki.wire.bound.Rates;
import org.mizuhiki.wire.bound.SignedBody;

/// One request on its route.
final class RouteCall implements Call {
    private final Request request;
    private final Route route;
    private final Map<String, String> parts;
    private final Caller caller;
    private final Limits limits;
    private final String requestId;
    private @Nullable Bytes whole;
    private @Nullable Digest signed;
    private @Nullable Fields query;

    RouteCall(Request request, Route route, Map<String, String> parts, Caller caller, Limits limits, String requestId) {
        this.request = request;
        this.route = route;
        this.parts = parts;
        this.caller = caller;
        this.limits = limits;
        this.requestId = requestId;
    }

    /// Refuses what can be seen to be wrong before anything is read.
    void checkHeaders() {
        if (request.getLength() > route.maxBody()) {
            throw BoundedBody.tooLarge(route.maxBody());
        }
        var type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (takesJson() && !"application/json".equals(essence(type))) {
            throw Refusal.of(
                    "media-type-unsupported",
                    "この操作はJSON(application/json)だけを受け付けます",
                    "This operation takes application/json only");
        }
        if (givesJson() && !acceptsJson()) {
            throw Refusal.of(
                    "not-acceptable", "この操作の答えはJSON(application/json)です", "This operation answers application/json");
        }
    }

    /// Of a signed call: the body is the one that was signed, read whole before anything else sees it, or
    /// compared at its end where the route takes it in parts.
    ///
    /// @throws Refusal `signature-wrong`, `body-too-large`
    void mustBe(Digest body) {
        signed = body;
        if (route.pages() != Route.Pages.STREAMED) {
            bytes();
        }
    }

    private boolean takesJson() {
        return route.takes() != Void.class && route.takes() != byte[].class;
    }

    private boolean givesJson() {
        return route.gives() != Void.class && route.gives() != byte[].class;
    }

    private boolean acceptsJson() {
        var accepted = request.getHeaders().getCSV(HttpHeader.ACCEPT, false);
        return accepted.isEmpty()
                || accepted.stream()
                        .map(RouteCall::essence)
                        .anyMatch(a -> a.equals("*/*") || a.equals("application/*") || a.equals("application/json"));
    }

    private static String essence(@Nullable String mediaType) {
        if (mediaType == null) {
            return "";
        }
        int end = mediaType.indexOf(';');
        return (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public InetAddress address() {
        if (request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket) {
            return socket.getAddress();
        }
        throw new IllegalStateException("servers listen on IP only");
    }

    @Override
    public String place() {
        return Rates.place(address());
    }

    @Override
    public PersonId person() {
        if (caller instanceof Caller.Person person) {
            return person.id();
        }
        throw Problems.notAPerson();
    }

    @Override
    public String path(String name) {
        var part = parts.get(name);
        if (part == null) {
            throw new IllegalStateException(route.path() + " has no {" + name + "}");
        }
        return part;
    }

    @Override
    public Optional<String> query(String name) {
        if (query == null) {
            try {
                query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw Refusal.of("query-malformed", "問い合わせ文字列の形が正しくありません", "The query string is malformed", e);
            }
        }
        var field = query.get(name);
        if (field == null) {
            return Optional.empty();
        }
        if (field.getValues().size() != 1) { // two readers must not see two values
            throw Refusal.of("query-malformed", "問い合わせ文字列に同じ項目が二度あります", "A query parameter was given twice");
        }
        return Optional.ofNullable(field.getValue());
    }

    @Override
    public <T> T body(Class<T> type) {
        return Json.read(bytes(), type);
    }

    @Override
    public String mediaType() {
        return essence(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
    }

    @Override
    public Optional<Login> login() {
        return Login.read(request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION));
    }

    @Override
    public Bytes bytes() {
        if (whole == null) {
            try (var in = stream()) {
                whole = Bytes.of(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return whole;
    }

    @Override
    public InputStream stream() {
        if (whole != null) {
            return new java.io.ByteArrayInputStream(whole.toArray());
        }
        var bounded = new BoundedBody(
                Request.asInputStream(request), route.maxBody(), limits.minBytesPerSecond(), limits.idle());
        return signed == null ? bounded : new SignedBody(bounded, signed);
    }

    @Override
    public String requestId() {
        return requestId;
    }

    /// What an `Idempotency-Key` binds to, if the request shows one.
    Optional<String> idempotencyKey() {
        return Optional.ofNullable(request.getHeaders().get("Idempotency-Key"));
    }

    /// Path, query and type of the body: with the body itself, all that a reply depends on.
    Map<String, String> contentFields() {
        return Map.of(
                "path", request.getHttpURI().getPathQuery(),
                "type",
                        Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                                .orElse(""),
                "body", bytes().sha256().hex());
    }

    Route route() {
        return route;
    }
}
