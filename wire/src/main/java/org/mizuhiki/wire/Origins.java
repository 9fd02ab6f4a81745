package org.mizuhiki.wire;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.mizuhiki.house.Refusal;

/// Which pages may ask this server, and what (CORS, Fetch standard): pages of the named origins reach the
/// routes that say so, without cookies and without the certificate that a browser may show by itself. Pages
/// of any other origin reach nothing, whatever the browser would do with the answer.
///
/// @param allowed such as `https://portal.example`
record Origins(Set<String> allowed) {
    private static final Pattern FORM = Pattern.compile("https://[a-z0-9.-]{1,253}(:[1-9][0-9]{0,4})?");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE");
    private static final String HEADERS =
            "accept, content-type, content-digest, idempotency-key, mizuhiki-chain, signature, signature-input";

    Origins {
        allowed = Set.copyOf(allowed);
        for (var origin : allowed) {
            ServerConfig.need(
                    FORM.matcher(origin).matches(),
                    "browserOrigins",
                    "https:// で始まる配信元（末尾の / なし）",
                    "origins that begin with https://, without a slash at the end");
        }
    }

    static boolean isPage(Request request) {
        return request.getHeaders().contains("Origin");
    }

    /// @throws Refusal `origin-denied` unless the page is of an allowed origin
    void check(Request request, Answer answer) {
        answer.header("Vary", "Origin");
        var shown = request.getHeaders().getValuesList("Origin");
        if (!request.isSecure() || shown.size() != 1 || !allowed.contains(shown.getFirst())) {
            throw denied();
        }
        answer.header("Access-Control-Allow-Origin", shown.getFirst());
        answer.header("Access-Control-Expose-Headers", "Date, Retry-After, X-Request-Id");
    }

    /// The question that a browser asks before its request (Fetch, 4.8).
    ///
    /// @param byMethod the path's routes
    static void preflight(Request request, Map<String, Route> byMethod, Answer answer) {
        var wanted = request.getHeaders().getValuesList("Access-Control-Request-Method");
        if (wanted.size() != 1 || !METHODS.contains(wanted.getFirst())) {
            throw Problems.methodNotAllowed();
        }
        mustBeOpen(byMethod.get(wanted.getFirst()));
        answer.header("Access-Control-Allow-Methods", wanted.getFirst());
        answer.header("Access-Control-Allow-Headers", HEADERS);
        answer.header("Access-Control-Max-Age", "600");
    }

    static void mustBeOpen(@org.jspecify.annotations.Nullable Route route) {
        if (route == null || !route.browsers()) {
            throw denied();
        }
    }

    private static Refusal denied() {
        return Refusal.of("origin-denied", "この操作は、その画面からは行えません", "This operation is not open to that page");
    }
}
