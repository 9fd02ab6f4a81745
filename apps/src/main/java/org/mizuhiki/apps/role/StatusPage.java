package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// The region's state for everybody to see: which servers answer, and the ledger's newest checkpoint.
/// Nothing secret.
record StatusPage(Map<String, Peer> watched, Ledger ledger) {
    private static final Map<String, String> FILES = Map.of(
            "/", "index.html text/html; charset=utf-8",
            "/style.css", "style.css text/css; charset=utf-8",
            "/page.js", "page.js text/javascript; charset=utf-8");

    /// @param checkpoint the signed note, empty when the ledger does not answer
    record Status(List<Watched> servers, String checkpoint) {}

    record Watched(String name, boolean up) {}

    List<Route> routes() {
        var routes = new java.util.ArrayList<Route>();
        FILES.forEach((path, file) -> {
            var nameAndType = file.split(" ", 2);
            var content = resource(nameAndType[0]);
            routes.add(Route.get(
                    path,
                    "The status page",
                    Access.ANYONE,
                    byte[].class,
                    call -> new Reply.Raw(nameAndType[1], content)));
        });
        routes.add(Route.get(
                "/status", "Which servers answer", Access.ANYONE, Status.class, call -> new Reply.Json(status())));
        return routes;
    }

    private Status status() {
        var servers = watched.entrySet().stream()
                .map(w -> new Watched(w.getKey(), answers(w.getValue())))
                .toList();
        return new Status(servers, checkpoint());
    }

    private static boolean answers(Peer peer) {
        try {
            peer.getBytes("/ready");
            return true;
        } catch (Refusal away) {
            return false;
        }
    }

    private String checkpoint() {
        try {
            return ledger.checkpoint().note();
        } catch (Refusal away) {
            return "";
        }
    }

    private static Bytes resource(String name) {
        try (InputStream in = StatusPage.class.getResourceAsStream("web/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page's file is missing from the jar: " + name);
            }
            return Bytes.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
