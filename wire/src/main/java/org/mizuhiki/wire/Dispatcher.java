package org.mizuhiki.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.bound.ClientGone;
import org.mizuhiki.wire.bound.Places;
import org.mizuhiki.wire.bound.Rates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes every request from the socket to its route and its answer back, in the order of docs/api.md.
final class Dispatcher extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger("org.mizuhiki.wire.access");
    private static final String CALLER = Dispatcher.class.getName() + ".caller";

    /// Nobody reads it; for log and measures only.
    private static final int CLIENT_GONE = 499;

    private static final int BACK_IN_SECONDS = 2;
    private final Limits limits;
    private final Origins origins;
    private final SignedCalls signedCalls;
    private final Standing standing;
    private final Surroundings surroundings;
    private final PathTable paths;
    private final Measures measures;
    private final Idempotence idempotence;
    private final Places places;
    private volatile boolean stopping;
    private final Rates rates = new Rates();

    /// @param signedCalls callers who show their certificate in the request itself
    Dispatcher(
            ServerConfig config,
            SignedCalls signedCalls,
            Standing standing,
            List<Route> routes,
            Surroundings surroundings,
            Measures measures) {
        this.limits = config.limits();
        this.origins = new Origins(Set.copyOf(config.origins()));
        this.signedCalls = signedCalls;
        this.standing = standing;
        this.surroundings = surroundings;
        this.paths = new PathTable(routes);
        this.measures = measures;
        this.idempotence = new Idempotence(surroundings.journal(), surroundings.clock());
        this.places = new Places(limits.requestsAtOnce());
    }

    /// Refuses further requests and waits until those under way are answered, but not longer than `limit`.
    void drain(Duration limit) {
        stopping = true;
        try {
            if (!places.awaitAll(limit)) {
                LOG.warn("requests are cut off: they did not end within the stop time-out");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is known of a request so far, for its line in the log.
    private static final class Trace {
        final String id;
        final long begun = System.nanoTime();
        String route = "-";
        String caller = "-";
        String code = "-";
        int status;

        Trace(String id) {
            this.id = id;
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var trace = new Trace(requestId());
        var answer = new Answer(request, response, trace.id);
        try {
            boolean whole = answered(request, answer, trace);
            finish(request, trace);
            if (whole) {
                callback.succeeded();
            } else {
                callback.failed(new Cut());
            }
        } catch (RuntimeException | Error e) { // of our own code above: still answer Jetty, or the connection hangs
            LOG.error("failed while answering", e);
            callback.failed(new Cut());
        }
        return true;
    }

    /// Ends an answer that began well, so that the reader notices; without a stack trace of ours in
    /// Jetty's log.
    private static final class Cut extends IOException implements org.eclipse.jetty.io.QuietException {
        private static final long serialVersionUID = 1L;

        Cut() {
            super("cut off");
        }
    }

    /// @return false when the connection must be cut because the answer cannot be completed
    private boolean answered(Request request, Answer answer, Trace trace) {
        try {
            serve(request, answer, trace);
            trace.status = answer.status();
            return true;
        } catch (Refusal refusal) {
            return refuse(refusal, answer, trace);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            if (isGone(e)) {
                trace.status = CLIENT_GONE;
                return false;
            }
            LOG.atError()
                    .addKeyValue("request", trace.id)
                    .addKeyValue("route", trace.route)
                    .setCause(e)
                    .log("failed");
            return refuse(Problems.internalError(), answer, trace);
        }
    }

    private static boolean isGone(Throwable e) {
        return e instanceof ClientGone || (e instanceof UncheckedIOException u && u.getCause() instanceof ClientGone);
    }

    private boolean refuse(Refusal refusal, Answer answer, Trace trace) {
        trace.code = refusal.code();
        trace.status = Problems.status(refusal.code());
        if (answer.started()) {
            return false;
        }
        try {
            if (trace.status == 503 || refusal.code().equals("request-under-way")) {
                answer.header("Retry-After", Integer.toString(BACK_IN_SECONDS));
            }
            if (Problems.asksForLogin(refusal.code())) {
                answer.header("WWW-Authenticate", "Basic realm=\"mizuhiki\", charset=\"UTF-8\"");
            }
            answer.send(trace.status, Problems.MEDIA_TYPE, Problems.body(refusal, trace.id));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void serve(Request request, Answer answer, Trace trace) throws IOException {
        if (stopping) {
            throw Problems.serverStopping();
        }
        // what a browser shows by itself counts for nothing: another page might have made it ask
        boolean page = Origins.isPage(request);
        Caller caller = page ? new Caller.Anyone() : caller(request);
        trace.caller = Callers.kind(caller);
        try (var _ = place(request, caller)) {
            checkRate(request, caller, answer);
            if (page) {
                origins.check(request, answer);
            }
            var match = Optional.ofNullable(request.getHttpURI().getPath())
                    .flatMap(paths::find)
                    .orElseThrow(Problems::pathUnknown);
            if (page && request.getMethod().equals("OPTIONS")) {
                Origins.preflight(request, match.byMethod(), answer);
                answer.send(new Reply.Done());
                return;
            }
            var route = route(request, match, answer);
            trace.route = route.path();
            if (page) {
                Origins.mustBeOpen(route);
            }
            var call = call(request, route, match, caller, trace, answer);
            switch (idempotence.handle(call)) {
                case Idempotence.Outcome.Fresh(Reply reply) -> {
                    trace.code = reply instanceof Reply.Full full ? full.code() : trace.code;
                    answer.send(reply);
                }
                case Idempotence.Outcome.Replayed(ReplyJournal.Kept kept) -> {
                    answer.header("Idempotent-Replay", "true");
                    answer.send(kept.status(), kept.mediaType(), kept.body());
                }
            }
        }
    }

    /// The call of a caller who stands and may make it.
    private RouteCall call(
            Request request, Route route, PathTable.Match match, Caller shown, Trace trace, Answer answer) {
        boolean signs = route.browsers() && shown instanceof Caller.Anyone && SignedCalls.isSigned(request);
        var signed = signs ? Optional.of(signedCalls.read(request)) : Optional.<SignedCalls.Signed>empty();
        Caller caller = signed.<Caller>map(SignedCalls.Signed::caller).orElse(shown);
        if (signs) {
            trace.caller = Callers.kind(caller);
            checkRate(request, caller, answer);
        }
        Callers.checkStanding(caller, standing, surroundings.clock());
        Callers.checkAccess(caller, route.access());
        var call = new RouteCall(request, route, match.parts(), caller, limits, trace.id);
        call.checkHeaders();
        signed.ifPresent(s -> call.mustBe(s.body()));
        return call;
    }

    private Places.Place place(Request request, Caller caller) {
        var taken = switch (caller) {
            case Caller.Anyone _ -> places.takeUnknown(address(request));
            case Caller.Server _ -> places.takeTrusted();
            case Caller.Person _, Caller.Institution _, Caller.Device _, Caller.Service _, Caller.Program _ ->
                places.take(Callers.shown(caller));
        };
        return taken.orElseThrow(Problems::busy);
    }

    private static Route route(Request request, PathTable.Match match, Answer answer) {
        boolean asGet = request.getMethod().equals("HEAD") && !match.byMethod().containsKey("HEAD");
        var method = asGet ? "GET" : request.getMethod();
        var route = match.byMethod().get(method);
        // without TLS only what is marked for it exists
        if (!request.isSecure() && match.byMethod().values().stream().noneMatch(Route::plain)) {
            throw Problems.pathUnknown();
        }
        if (route == null || (!request.isSecure() && !route.plain())) {
            answer.header("Allow", String.join(", ", match.byMethod().keySet()));
            throw Problems.methodNotAllowed();
        }
        return route;
    }

    /// Read once a connection; TLS has validated the chain.
    private static Caller caller(Request request) {
        var connection = request.getConnectionMetaData();
        if (connection.getAttribute(CALLER) instanceof Caller known) {
            return known;
        }
        var certificate = certificate(request);
        Caller caller = certificate == null ? new Caller.Anyone() : Callers.of(certificate);
        connection.setAttribute(CALLER, caller);
        return caller;
    }

    private static @org.jspecify.annotations.Nullable X509Certificate certificate(Request request) {
        if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls) {
            var chain = tls.peerCertificates();
            return chain == null || chain.length == 0 ? null : chain[0];
        }
        return null;
    }

    private void checkRate(Request request, Caller caller, Answer answer) {
        var wait = switch (caller) {
            case Caller.Anyone _ -> rates.take(address(request), limits.addressPerMinute());
            case Caller.Server _ -> rates.take(Callers.shown(caller), limits.serverPerMinute());
            case Caller.Person _, Caller.Institution _, Caller.Device _, Caller.Service _, Caller.Program _ ->
                rates.take(Callers.shown(caller), limits.callerPerMinute());
        };
        wait.ifPresent(time -> {
            answer.header(
                    "Retry-After",
                    Long.toString(time.plus(Duration.ofMillis(999)).toSeconds()));
            throw Refusal.of(
                    "rate-exceeded", "要求が多すぎます。少し待ってからやり直してください", "Too many requests; wait a little and try again");
        });
    }

    private static String address(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? Rates.place(address.getAddress())
                : "at:?";
    }

    private String requestId() {
        var id = new byte[8];
        surroundings.die().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private void finish(Request request, Trace trace) {
        long nanos = System.nanoTime() - trace.begun;
        measures.count(knownMethod(request.getMethod()), trace.route, trace.status, nanos);
        LOG.atInfo()
                .addKeyValue("request", trace.id)
                .addKeyValue("method", knownMethod(request.getMethod()))
                .addKeyValue("route", trace.route)
                .addKeyValue("status", trace.status)
                .addKeyValue("code", trace.code)
                .addKeyValue("caller", trace.caller)
                .addKeyValue("ms", nanos / 1_000_000)
                .log("answered");
    }

    /// An invented method is a caller's text and would also make a new measure each.
    private static String knownMethod(String method) {
        return List.of("GET", "HEAD", "POST", "PUT", "DELETE").contains(method) ? method : "OTHER";
    }

    /// For what Jetty refuses before a route is reached: malformed requests, too long headers, a stop
    /// under way.
    boolean engineError(Request request, Response response, Callback callback) {
        var trace = new Trace(requestId());
        var answer = new Answer(request, response, trace.id);
        boolean whole = refuse(Problems.ofEngine(response.getStatus()), answer, trace);
        finish(request, trace);
        if (whole) {
            callback.succeeded();
        } else {
            callback.failed(new Cut());
        }
        return true;
    }
}
