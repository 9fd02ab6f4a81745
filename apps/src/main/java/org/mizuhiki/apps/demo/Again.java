package org.mizuhiki.apps.demo;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

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
