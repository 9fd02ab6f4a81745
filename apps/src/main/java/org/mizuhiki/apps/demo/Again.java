package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// This program once more, as a process of its own: same JVM, same class path, same options but for the
/// heap and the start-up cache, which the new process has its own of.
final class Again {
    private static final String CACHE = "-XX:AOTCache";

    private Again() {}

    static List<String> command(List<String> ownOptions, String... arguments) {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        for (var option : inherited()) {
            if (!option.startsWith("-Xmx") && !option.startsWith(CACHE)) {
                command.add(option);
            }
        }
        command.addAll(ownOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.mizuhiki.apps.Mizuhiki"));
        command.addAll(List.of(arguments));
        return command;
    }

    /// A router, as `./mizuhiki router` starts it: what it occupies is measured by this.
    static List<String> router(String... arguments) {
        var home = Optional.ofNullable(System.getenv("MIZUHIKI_HOME"))
                .map(Path::of)
                .filter(h -> Files.exists(h.resolve("lib")));
        if (home.isEmpty()) { // in tests
            var options = new ArrayList<>(serverOptions(0));
            options.removeIf(o -> o.startsWith("-Xmx"));
            options.addAll(routerOptions());
            return command(options, arguments);
        }
        var at = home.get();
        var command = new ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElse("java"), "@" + at.resolve("java.options")));
        if (Files.exists(at.resolve("native"))) {
            command.add("-Djava.library.path=" + at.resolve("native"));
            command.add("-Dcom.amazon.corretto.crypto.provider.useExternalLib=true");
        }
        command.addAll(routerOptions());
        if (Files.exists(at.resolve("servers.aot"))) {
            command.add(CACHE + "=" + at.resolve("servers.aot"));
        }
        command.addAll(List.of("-cp", at.resolve("lib") + "/*", "org.mizuhiki.apps.Mizuhiki"));
        command.addAll(List.of(arguments));
        return command;
    }

    /// After the common options: a router has less room than a server.
    private static List<String> routerOptions() {
        try (var in = Again.class.getResourceAsStream("/router.options")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the class path can be read", e);
        }
    }

    /// Servers read the start-up cache that lies beside the one of people's commands, if this process has one.
    static List<String> serverOptions(int heapMb) {
        var options = new ArrayList<String>();
        options.add("-Xmx" + heapMb + "m");
        inherited().stream()
                .filter(o -> o.startsWith(CACHE + "="))
                .map(o -> o.replace("people.aot", "servers.aot"))
                .forEach(options::add);
        return options;
    }

    private static List<String> inherited() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }
}
