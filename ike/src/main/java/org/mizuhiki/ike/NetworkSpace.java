package org.mizuhiki.ike;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;

/// The network that commands see: this machine's, or that of one of its named network namespaces
/// (`ip-netns(8)`), where a lab's routers live.
///
/// @param name of the namespace; empty for the machine's own network
public record NetworkSpace(Optional<String> name) {
    public static final NetworkSpace OWN = new NetworkSpace(Optional.empty());

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_REASON = 300;

    public NetworkSpace {
        name.ifPresent(n -> {
            if (!NAME.matcher(n).matches()) {
                throw new IllegalArgumentException("a namespace's name is lower case letters, digits and hyphens");
            }
        });
    }

    public static NetworkSpace named(String name) {
        return new NetworkSpace(Optional.of(name));
    }

    /// A command in this network, for those that go on; its process is the command itself, not a shell.
    public ProcessBuilder command(String... words) {
        var all = new ArrayList<String>();
        name.ifPresent(n -> all.addAll(List.of("ip", "netns", "exec", n)));
        all.addAll(List.of(words));
        return new ProcessBuilder(all);
    }

    /// Runs a command to its end.
    ///
    /// @return what it said on both streams
    /// @throws Refusal `network-command` with the command's own words; `network-missing` when it is not
    ///     here
    public String run(String... words) {
        return feed("", words);
    }

    /// Runs a command that reads its input.
    ///
    /// @throws Refusal as [#run]
    public String feed(String input, String... words) {
        // files instead of pipes: none fills up, and a command that hangs is stopped in time
        Path in = null;
        Path out = null;
        try {
            in = Files.createTempFile("mizuhiki", ".in");
            out = Files.createTempFile("mizuhiki", ".out");
            Files.writeString(in, input);
            var process = command(words)
                    .redirectErrorStream(true)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .start();
            boolean ended = ended(process);
            var said = Files.readString(out, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw failed(words[0], ended ? said : "no end after " + PATIENCE);
            }
            return said;
        } catch (IOException e) {
            throw Refusal.of(
                    "network-missing",
                    words[0] + " を実行できません。./mizuhiki setup を管理者として実行してください",
                    words[0] + " cannot be run here; run ./mizuhiki setup as root",
                    e);
        } finally {
            delete(in);
            delete(out);
        }
    }

    private static boolean ended(Process process) {
        try {
            if (process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // an empty left-over in the system's own folder for such
        }
    }

    private static Refusal failed(String command, String said) {
        var reason = said.strip();
        reason = reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
        return Refusal.of(
                "network-command",
                "ネットワークの設定（" + command + "）に失敗しました（管理者権限が必要です）：" + reason,
                "Setting the network (" + command + ") failed (it needs root): " + reason);
    }
}
