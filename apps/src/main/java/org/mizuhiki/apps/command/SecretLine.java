package org.mizuhiki.apps.command;

import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A secret as its owner gives it: the first line of a file, or typed without echo. Never on the command
/// line and never in the environment itself: both can be read by others on the machine.
///
/// @param japanese what it is called
/// @param english what it is called
/// @param option which names its file
record SecretLine(String japanese, String english, String option) {
    private static final int MOST = 1024;
    private static final int MAX_UTF8 = 4;

    /// @param file asks at the terminal if there is none
    /// @param fresh asked twice at a prompt, so that a slip does not lock the person out
    Secret of(@Nullable Path file, boolean fresh) {
        return file != null ? read(file) : ask(fresh);
    }

    private Secret read(Path file) {
        try {
            if (Files.size(file) > MOST) {
                throw unreadable(file);
            }
            var bytes = Files.readAllBytes(file);
            int end = 0;
            while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
                end++;
            }
            var line = Arrays.copyOf(bytes, end);
            Arrays.fill(bytes, (byte) 0);
            return Secret.taking(line);
        } catch (IOException e) {
            throw unreadable(file);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 22 to 24 never gave null; JDK 25 does without a terminal
    private Secret ask(boolean fresh) {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            throw Refusal.of(
                    "option-missing",
                    japanese + "を入力できる端末がありません。" + option + " を使ってください",
                    "There is no terminal to ask for the " + english + "; use " + option);
        }
        var first = prompt(console, japanese + " / " + english + ": ");
        if (fresh) {
            try (var second = prompt(console, "もう一度 / again: ")) {
                if (!first.equals(second)) {
                    first.close();
                    throw Refusal.of("passphrase-differs", "2回の入力が一致しません", "The two passphrases differ");
                }
            }
        }
        return first;
    }

    private Secret prompt(Console console, String text) {
        var typed = console.readPassword("%s", text);
        if (typed == null) {
            throw Refusal.of("option-missing", japanese + "が入力されませんでした", "No " + english + " was given");
        }
        var encoded = ByteBuffer.allocate(typed.length * MAX_UTF8);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(typed), encoded, true);
        var bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(typed, '\0');
        Arrays.fill(encoded.array(), (byte) 0);
        return Secret.taking(bytes);
    }

    private Refusal unreadable(Path file) {
        return Files.exists(file)
                ? Refusal.of(
                        "option-malformed",
                        japanese + "のファイル " + file + " を読めません（1行、1024バイトまで）",
                        "The " + english + " file " + file + " cannot be read; it holds one line of at most 1024 bytes")
                : Refusal.of(
                        "option-missing",
                        japanese + "のファイル " + file + " がありません",
                        "There is no " + english + " file " + file);
    }
}
