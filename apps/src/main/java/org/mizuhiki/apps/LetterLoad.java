package org.mizuhiki.apps;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.mizuhiki.apps.demo.Load;

/// Measures the whole path of letters through a region; for `bench`.
///
/// @param sent letters a second: written, sealed, sent, logged, granted
/// @param opened letters a second: disclosed, logged, released, opened, checked
/// @param memory MiB of all server processes and databases afterwards
public record LetterLoad(double sent, double opened, long memory) {
    /// Letters of each device before anything is measured: a server runs for months, and in its first
    /// minute compiling takes most of the time.
    private static final int WARM = 60;

    /// @param doctors who write to one another at the same time, each on a device of their own
    /// @param each how many letters each of them sends, and opens
    public record Day(int doctors, int each) {}

    /// Every server a process of its own, as in production.
    ///
    /// @param folder empty
    public static LetterLoad onProcesses(Path folder, Day day, Clock clock, SecureRandom die) throws Exception {
        try (var load = Load.onProcesses(folder, day.doctors(), clock, die)) {
            load.send(WARM);
            load.open(WARM);
            return new LetterLoad(load.send(day.each()), load.open(day.each()), load.memory());
        }
    }

    /// All servers in this process; `watched` runs after the warm-up.
    public static void inProcess(Path folder, Day day, Clock clock, SecureRandom die, Watching watched)
            throws Exception {
        try (var load = Load.inProcess(folder, day.doctors(), clock, die)) {
            load.send(WARM);
            load.open(WARM);
            watched.during(() -> {
                load.send(day.each());
                load.open(day.each());
            });
        }
    }

    /// The measured part.
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /// Who measures it.
    @FunctionalInterface
    public interface Watching {
        void during(Work work) throws Exception;
    }
}
