package org.mizuhiki.apps;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.mizuhiki.apps.demo.Load;
import org.mizuhiki.house.Digest;

/// Measures the whole path of letters through a region of real processes; for `bench`.
///
/// @param sent letters a second: written, sealed, sent, logged, granted
/// @param opened letters a second: disclosed, logged, released, opened, checked
/// @param memory MiB of all processes and databases afterwards
public record LetterLoad(double sent, double opened, long memory) {
    /// @param folder empty
    /// @param letters how many
    /// @param atOnce how many people work at the same time
    public static LetterLoad measure(Path folder, int letters, int atOnce, Clock clock, SecureRandom die)
            throws Exception {
        try (var load = new Load(folder, clock, die)) {
            var warm = new ArrayList<Digest>();
            Load.perSecond(letters / 4, atOnce, load::send, warm);
            var sent = new ArrayList<Digest>();
            double sends = Load.perSecond(letters, atOnce, load::send, sent);
            var waiting = new ConcurrentLinkedQueue<>(sent);
            double opens = Load.perSecond(
                    letters,
                    atOnce,
                    () -> {
                        load.open(waiting.remove());
                        return 1;
                    },
                    new ArrayList<>());
            return new LetterLoad(sends, opens, load.memory());
        }
    }
}
