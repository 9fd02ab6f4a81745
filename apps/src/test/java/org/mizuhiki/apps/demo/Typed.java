package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.mizuhiki.apps.command.Commands;
import org.mizuhiki.apps.command.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// A command as somebody typed it on their device.
record Typed(int code, String out, String err) {
    @Command(name = "mizuhiki")
    static final class Root {}

    static Typed run(Path device, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--device",
                device.toString(),
                "--passphrase-file",
                device.resolve("passphrase").toString()));
        return run(all.toArray(String[]::new));
    }

    /// Where no person's device is meant.
    static Typed run(String... arguments) {
        return run(new StringWriter(), arguments);
    }

    private static Typed run(StringWriter err, String... arguments) {
        var line = new CommandLine(new Root());
        Commands.all().forEach(line::addSubcommand);
        var out = new StringWriter();
        int code = Exit.prepare(line)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Typed(code, out.toString(), err.toString());
    }

    /// One that waits for something.
    record Begun(StringWriter err, CompletableFuture<Typed> end) {
        /// What it says on its way: the first group of the pattern.
        String await(String pattern) throws InterruptedException {
            for (int i = 0; i < 600; i++) {
                var found = Pattern.compile(pattern).matcher(err.toString());
                if (found.find()) {
                    return found.group(1);
                }
                Thread.sleep(50);
            }
            throw new AssertionError("it never said " + pattern + ": " + err);
        }

        Typed ended() {
            return end.orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    static Begun begun(String... arguments) {
        var err = new StringWriter();
        return new Begun(err, CompletableFuture.supplyAsync(() -> run(err, arguments)));
    }

    static Typed done(Path device, String... arguments) {
        var ran = run(device, arguments);
        assertEquals(Exit.OK, ran.code(), String.join(" ", arguments) + "\n" + ran.err());
        return ran;
    }

    /// What it told, once it worked.
    static String done(Typed typed) {
        assertEquals(Exit.OK, typed.code(), typed.err());
        return typed.out();
    }

    /// @param code as it is printed
    static void refused(String code, Typed typed) {
        assertTrue(typed.code() == 1 || typed.code() == 2, typed.code() + typed.err());
        assertTrue(typed.err().contains(code), typed.err());
    }

    /// The first group of the pattern.
    static String found(String pattern, String text) {
        var found = Pattern.compile(pattern).matcher(text);
        assertTrue(found.find(), pattern + " in " + text);
        return found.group(1);
    }

    /// Of `--json`.
    String field(String name) {
        var start = out.indexOf("\"" + name + "\":\"") + name.length() + 4;
        return out.substring(start, out.indexOf('"', start));
    }
}
