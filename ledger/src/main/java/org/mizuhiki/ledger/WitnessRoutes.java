package org.mizuhiki.ledger;

import java.util.List;
import java.util.Set;
import org.mizuhiki.house.Digest;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// A witness over HTTP, for the log's server.
public final class WitnessRoutes {
    private WitnessRoutes() {}

    public record SeenBody(long size, String root) {}

    public record CosignBody(String note, long older, List<String> proof) {}

    public record LineBody(String line) {}

    /// For the `authority`, which runs the log; other servers have nothing to have co-signed.
    public static List<Route> of(Witness witness) {
        return of(witness, Set.of("authority"));
    }

    /// @param roles servers that may ask for a co-signature; others are refused with `access-denied`
    public static List<Route> of(Witness witness, Set<String> roles) {
        var asking = new ServerRoles(roles);
        return List.of(
                Route.get(
                        "/v1/witness/seen",
                        "The newest checkpoint this witness co-signed",
                        Access.ANYONE,
                        SeenBody.class,
                        call -> {
                            var seen = witness.seen();
                            return new Reply.Json(
                                    new SeenBody(seen.size(), seen.root().hex()));
                        }),
                Route.post(
                        "/v1/witness/cosign",
                        "Checks that a checkpoint extends the one seen last and co-signs it",
                        Access.SERVER,
                        CosignBody.class,
                        LineBody.class,
                        call -> {
                            asking.check(call.caller());
                            var body = call.body(CosignBody.class);
                            var proof = body.proof().stream().map(Digest::new).toList();
                            return new Reply.Json(new LineBody(witness.cosign(body.note(), body.older(), proof)));
                        }));
    }
}
