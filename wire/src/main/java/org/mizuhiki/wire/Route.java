package org.mizuhiki.wire;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// One operation of a server: the only place where its path, access, limits and documentation stand.
///
/// @param path such as `/v1/letters/{id}`
/// @param takes the record type of the JSON body, or `byte[].class` for raw bytes, or `Void.class` for none
/// @param gives the record type of the JSON answer, or `byte[].class`, or `Void.class`
/// @param maxBody largest body in bytes
/// @param plain whether the connector without TLS serves it too: only for signed or static public objects
/// @param memory how long replies to repeated requests are remembered
/// @param pages whether pages of the server's [ServerConfig#origins] and signed calls reach it
public record Route(
        String method,
        String path,
        String summary,
        Set<Access> access,
        Class<?> takes,
        Class<?> gives,
        long maxBody,
        boolean plain,
        Memory memory,
        Pages pages,
        Handler handler) {
    public Route {
        access = Set.copyOf(access);
    }

    /// How long replies are remembered for requests that are repeated.
    public enum Memory {
        /// A day, also across a restart where the server has a database.
        LASTING,
        /// Until a restart, or until many others came.
        BRIEF,
        /// Never: the operation is done anew.
        NONE
    }

    /// Whether pages reach a route, and how the body that they signed is compared with the one that came.
    public enum Pages {
        NONE,
        /// Before the handler sees any of it.
        WHOLE,
        /// At its end: see [Route#forBrowsersInParts].
        STREAMED
    }

    /// Answers one call; throws a Refusal to say no.
    @FunctionalInterface
    public interface Handler {
        Reply handle(Call call) throws IOException;
    }

    public static Route get(String path, String summary, Access access, Class<?> gives, Handler handler) {
        return new Route(
                "GET", path, summary, Set.of(access), Void.class, gives, 0, false, Memory.LASTING, Pages.NONE, handler);
    }

    /// For protocols in which HEAD is answered otherwise than GET; where there is none, GET's route serves.
    public static Route head(String path, String summary, Access access, Handler handler) {
        return new Route(
                "HEAD",
                path,
                summary,
                Set.of(access),
                Void.class,
                Void.class,
                0,
                false,
                Memory.NONE,
                Pages.NONE,
                handler);
    }

    public static Route post(
            String path, String summary, Access access, Class<?> takes, Class<?> gives, Handler handler) {
        return new Route(
                "POST",
                path,
                summary,
                Set.of(access),
                takes,
                gives,
                1 << 20,
                false,
                Memory.LASTING,
                Pages.NONE,
                handler);
    }

    public static Route put(
            String path, String summary, Access access, Class<?> takes, Class<?> gives, Handler handler) {
        return new Route(
                "PUT",
                path,
                summary,
                Set.of(access),
                takes,
                gives,
                1 << 20,
                false,
                Memory.LASTING,
                Pages.NONE,
                handler);
    }

    public Route upTo(long bytes) {
        return new Route(method, path, summary, access, takes, gives, bytes, plain, memory, pages, handler);
    }

    public Route alsoFor(Access more) {
        var all = new HashSet<>(access);
        all.add(more);
        return new Route(method, path, summary, all, takes, gives, maxBody, plain, memory, pages, handler);
    }

    public static Route delete(String path, String summary, Access access, Handler handler) {
        return new Route(
                "DELETE",
                path,
                summary,
                Set.of(access),
                Void.class,
                Void.class,
                0,
                false,
                Memory.LASTING,
                Pages.NONE,
                handler);
    }

    /// Serves this route without TLS too, for objects that carry their own signature (OCSP, CRL, time
    /// stamps).
    public Route alsoPlain() {
        return new Route(method, path, summary, access, takes, gives, maxBody, true, memory, pages, handler);
    }

    /// Replies to this route are remembered for repeated requests only while the server runs: they are
    /// secret and must lie on no disk, or the operation is idempotent by itself and not worth a write.
    public Route remembersBriefly() {
        return new Route(method, path, summary, access, takes, gives, maxBody, plain, Memory.BRIEF, pages, handler);
    }

    /// A repeated request is judged and done anew. For operations that are idempotent by themselves and
    /// whose answer may be another one by now: what was allowed once must not be had again after it ended.
    public Route remembersNothing() {
        return new Route(method, path, summary, access, takes, gives, maxBody, plain, Memory.NONE, pages, handler);
    }

    /// Opens this route to pages of the origins that the server is configured with, and to callers who sign
    /// their requests instead of showing their certificate in TLS. The body is read whole before the handler
    /// runs: for bodies that fit into memory.
    public Route forBrowsers() {
        return new Route(method, path, summary, access, takes, gives, maxBody, plain, memory, Pages.WHOLE, handler);
    }

    /// The same for bodies that do not fit into memory: the handler reads [Call#stream] to its end, where a
    /// body that is not the signed one is refused, before it keeps or does anything.
    public Route forBrowsersInParts() {
        return new Route(method, path, summary, access, takes, gives, maxBody, plain, memory, Pages.STREAMED, handler);
    }

    boolean browsers() {
        return pages != Pages.NONE;
    }
}
