package org.mizuhiki.portal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Hands out the pages under `/portal`. The process that does stores nothing and learns nothing: pages reach
/// the region's servers by themselves (docs/portal.md).
///
/// @param region the region file that the pages go by: roots, log keys, addresses
/// @param servers origins of authority, key server and store, and of no other: where pages may connect to
public record Portal(Bytes region, List<String> servers) {
    private static final String PAGE = "index.html";
    private static final String WORKER = "assets/worker-";
    private static final String PDF_WORKER = "assets/pdf.worker";

    /// It takes PDFs apart that anybody may have made: it connects nowhere and starts nothing.
    private static final String PDF_POLICY =
            "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// Names carry a digest, so what has one never changes.
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    public Portal {
        servers = List.copyOf(servers);
    }

    /// @throws IllegalStateException when the pages were not built into this program
    public List<Route> routes() {
        var assets = new HashMap<String, Reply>();
        for (var line : text("files.tsv").lines().toList()) {
            var fields = line.split("\t", 3);
            assets.put(fields[0], new Reply.Full(200, "-", headers(fields[0]), fields[1], resource(fields[0])));
        }
        var page = Objects.requireNonNull(assets.get(PAGE));
        var fresh = Map.of("Cache-Control", "no-cache");
        var trusted = new Reply.Full(200, "-", fresh, "application/json", region);
        // a browser names the origin of module scripts even where it is their own
        return Stream.of(
                        Route.get("/portal", "The portal", Access.ANYONE, byte[].class, _ -> page),
                        Route.get(
                                "/enrol",
                                "The portal, for who reads a desk's QR code: what it says stands behind the #",
                                Access.ANYONE,
                                byte[].class,
                                _ -> page),
                        Route.get(
                                "/portal/region.json",
                                "What the portal's pages go by: roots, log keys, addresses",
                                Access.ANYONE,
                                byte[].class,
                                _ -> trusted),
                        Route.get(
                                "/portal/assets/{file}",
                                "A script or style of the portal",
                                Access.ANYONE,
                                byte[].class,
                                call -> Optional.ofNullable(assets.get("assets/" + call.path("file")))
                                        .orElseThrow(Portal::unknown)))
                .map(Route::forBrowsers)
                .toList();
    }

    private static Refusal unknown() {
        return Refusal.of("file-unknown", "このファイルはありません", "There is no such file");
    }

    private Map<String, String> headers(String file) {
        if (file.equals(PAGE)) {
            return Map.of(
                    "Cache-Control", "no-store",
                    "Content-Security-Policy", pagePolicy(),
                    "Cross-Origin-Opener-Policy", "same-origin",
                    "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        }
        if (file.startsWith(WORKER)) {
            return Map.of("Cache-Control", FOR_EVER, "Content-Security-Policy", workerPolicy());
        }
        return file.startsWith(PDF_WORKER)
                ? Map.of("Cache-Control", FOR_EVER, "Content-Security-Policy", PDF_POLICY)
                : Map.of("Cache-Control", FOR_EVER);
    }

    /// The page shows and asks its worker; it connects nowhere. Its one script in line is the list of the
    /// others' digests.
    private static String pagePolicy() {
        return "default-src 'none'; script-src 'self' 'sha256-" + text("importmap.sha256")
                + "'; style-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'; require-trusted-types-for 'script';"
                + " trusted-types svelte-trusted-html mizuhiki-worker";
    }

    /// The worker has the keys; it connects to these servers and shows nothing. OPAQUE comes as WebAssembly.
    private String workerPolicy() {
        return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' "
                + String.join(" ", servers) + "; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    private static String text(String name) {
        return resource(name).asUtf8();
    }

    private static Bytes resource(String name) {
        try (InputStream in = Portal.class.getResourceAsStream("web/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the pages were not built into this program: " + name);
            }
            return Bytes.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
