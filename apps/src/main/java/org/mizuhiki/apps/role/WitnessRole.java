package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.mizuhiki.ledger.DurableWitness;
import org.mizuhiki.ledger.WitnessRoutes;

/// Somebody independent who co-signs the ledger's checkpoints and refuses forks.
final class WitnessRole {
    private WitnessRole() {}

    static RunningRole start(Footing on) {
        try {
            var witness = DurableWitness.open(
                    on.config().folder().resolve("witness"),
                    on.config().witnessName(),
                    on.region().log(),
                    on.clock(),
                    on.die());
            var server = on.serve(WitnessRoutes.of(witness), on.surroundings());
            return on.running(server, Map.of(), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("the witness's folder cannot be used", e);
        }
    }
}
