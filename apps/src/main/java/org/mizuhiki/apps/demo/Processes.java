package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.NetworkSpace;

/// Supervises server processes: starts them with this process's own JVM and class path, starts again what
/// dies, with growing pauses, and ends them all at the end. A child sees its standard input close when this
/// process dies, and stops.
final class Processes implements AutoCloseable {
    private static final Duration STOP_WAIT = Duration.ofSeconds(15);
    private static final int MOST_RESTARTS = 8;

    private final Map<String, Child> children = new LinkedHashMap<>();
    private volatile boolean ending;

    /// @param command as [#command] makes it
    synchronized void start(String name, Path log, ProcessBuilder command) {
        var child = new Child(name, command, log);
        children.put(name, child);
        child.launch();
        Thread.ofVirtual().name("supervise-" + name).start(child::supervise);
    }

    /// @param options the child's JVM's, such as its largest heap
    static ProcessBuilder command(NetworkSpace space, List<String> options, String... arguments) {
        return space.command(Again.command(options, arguments).toArray(String[]::new));
    }

    /// @param before a command that starts the rest of its words, with its own options
    static ProcessBuilder router(NetworkSpace space, List<String> before, String... arguments) {
        var words = new ArrayList<>(before);
        words.addAll(Again.router(arguments));
        var command = space.command(words.toArray(String[]::new));
        command.environment().put("MALLOC_ARENA_MAX", "1"); // as ./mizuhiki router sets it
        return command;
    }

    synchronized long pid(String name) {
        var child = children.get(name);
        if (child == null) {
            throw new IllegalStateException("no child " + name);
        }
        return child.process.pid();
    }

    /// Ends the child at once, as a crash would; it is started again.
    void kill(String name) {
        ProcessHandle.of(pid(name)).ifPresent(ProcessHandle::destroyForcibly);
    }

    /// The children that run now.
    synchronized List<ProcessHandle> handles() {
        return children.values().stream().map(c -> c.process.toHandle()).toList();
    }

    /// Those of them whose names begin so.
    synchronized List<ProcessHandle> handles(String prefix) {
        return children.entrySet().stream()
                .filter(c -> c.getKey().startsWith(prefix))
                .map(c -> c.getValue().process.toHandle())
                .toList();
    }

    @Override
    public void close() {
        ending = true;
        List<Child> all;
        synchronized (this) {
            all = new ArrayList<>(children.values());
        }
        all.reversed().forEach(Child::askToStop);
        all.forEach(Child::awaitEnd);
    }

    private final class Child {
        private final String name;
        private final ProcessBuilder builder;
        private volatile Process process;

        @SuppressWarnings("NullAway.Init") // launched right after it was made
        Child(String name, ProcessBuilder command, Path log) {
            this.name = name;
            this.builder =
                    command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        }

        void launch() {
            try {
                process = builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start " + name, e);
            }
        }

        void supervise() {
            try {
                for (int restarts = 0; ; restarts++) {
                    process.waitFor();
                    if (ending) {
                        return;
                    }
                    if (restarts == MOST_RESTARTS) {
                        System.err.println(name + " が繰り返し停止したため起動をやめました / " + name
                                + " died too often and is left stopped; see its log");
                        return;
                    }
                    Thread.sleep(Duration.ofMillis(100L << restarts));
                    if (!ending) {
                        launch();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void askToStop() {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                process.destroy();
            }
        }

        void awaitEnd() {
            try {
                if (!process.waitFor(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Refusal.of("stop-interrupted", "停止が中断されました", "Stopping was interrupted", e);
            }
        }
    }
}
