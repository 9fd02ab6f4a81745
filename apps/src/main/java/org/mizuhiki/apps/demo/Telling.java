package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Json;

/// Tells a story step by step: to people on the screen, to programs as one JSON object a line
/// `{"story","step","ok","ms","detail"}`.
final class Telling {
    private final PrintStream screen;
    private final Optional<Path> json;
    private boolean allHeld = true;

    Telling(PrintStream screen, Optional<Path> json) {
        this.screen = screen;
        this.json = json;
        json.ifPresent(file -> write(file, "", StandardOpenOption.TRUNCATE_EXISTING));
    }

    /// What a step does; its detail is printed behind the time.
    interface Work<T> {
        T run() throws Exception;
    }

    /// A result with a line about it.
    record Told<T>(T value, String detail) {}

    record Line(String story, String step, boolean ok, long ms, String detail) {}

    void chapter(String japanese, String english) {
        screen.println();
        screen.println("■ " + japanese + " / " + english);
    }

    /// Runs one step; a failure is told and thrown, because what follows would rest on it.
    <T> T step(String story, String step, String japanese, String english, Work<Told<T>> work) throws Exception {
        long start = System.nanoTime();
        try {
            var told = work.run();
            say(new Line(story, step, true, since(start), told.detail()), japanese, english);
            return told.value();
        } catch (Exception e) {
            say(new Line(story, step, false, since(start), reason(e)), japanese, english);
            throw e;
        }
    }

    /// A story that cannot run here is told as such, never passed over.
    void cannot(String story, String reason) {
        say(new Line(story, "prerequisites", false, 0, reason), "この機械では実行できません", "cannot run on this machine");
    }

    boolean allHeld() {
        return allHeld;
    }

    private void say(Line line, String japanese, String english) {
        allHeld &= line.ok();
        screen.printf("  %s %s / %s  (%d ms)%n", line.ok() ? "✓" : "✗", japanese, english, line.ms());
        if (!line.detail().isEmpty()) {
            screen.println("      " + line.detail());
        }
        json.ifPresent(file -> write(file, Json.write(line).asUtf8() + "\n", StandardOpenOption.APPEND));
    }

    private static String reason(Exception e) {
        return e instanceof Refusal r ? r.code() + ": " + r.japanese() + " / " + r.english() : e.toString();
    }

    private static long since(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void write(Path file, String text, StandardOpenOption how) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, how);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
