package org.mizuhiki.bench;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which processors a process may have (util-linux's taskset); where there is one only, all share it.
final class Cores {
    private Cores() {}

    /// Words before a command that give it one core.
    static List<String> only(int core) {
        return List.of("taskset", "-c", Integer.toString(core));
    }

    /// Gives this program all cores but one.
    static void stayOff(int core) throws IOException, InterruptedException {
        int all = Runtime.getRuntime().availableProcessors();
        if (all > 1) {
            var others = IntStream.range(0, all)
                    .filter(c -> c != core)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(","));
            new ProcessBuilder(
                            "taskset",
                            "-acp",
                            others,
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }
}
