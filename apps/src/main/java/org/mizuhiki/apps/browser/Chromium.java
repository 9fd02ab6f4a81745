package org.mizuhiki.apps.browser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chromium, driven by its DevTools protocol over a pair of pipes: no port is opened through which somebody
/// else on the machine could see what it shows. (A kept library for this brings a Node.js of 190 MB along.)
public final class Chromium implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final int LARGEST = 64 << 20;
    static final long PATIENCE_SECONDS = 120;
    static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final OutputStream out;
    private final AtomicInteger number = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

    private Chromium(Process process) {
        this.process = process;
        this.out = process.getOutputStream();
        Thread.ofVirtual().name("chromium").start(this::listen);
    }

    /// Why there is no browser here, if there is none.
    public static Optional<String> missing() {
        return Files.isExecutable(PROGRAM)
                ? Optional.empty()
                : Optional.of("chromium がありません（apt-get install chromium） / chromium is missing");
    }

    /// @param folder what it keeps, which is its caller's to delete
    public static Chromium start(Path folder) throws IOException {
        var words = new ArrayList<>(List.of(
                "sh", "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", PROGRAM.toString()));
        words.addAll(List.of(
                "--headless",
                "--remote-debugging-pipe",
                "--user-data-dir=" + folder,
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                // the region's root was made a minute ago; no browser knows it
                "--ignore-certificate-errors"));
        if (System.getProperty("user.name", "").equals("root")) {
            words.add("--no-sandbox"); // it has none for root, and refuses to start
        }
        var builder = new ProcessBuilder(words);
        builder.environment().put("HOME", folder.toString());
        return new Chromium(builder.start());
    }

    /// A page in a context of its own, which shares nothing with others.
    public Tab open(String address) {
        var context = ask("", "Target.createBrowserContext", Map.of())
                .path("browserContextId")
                .asString();
        var target = ask("", "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
                .path("targetId")
                .asString();
        var session = ask("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString();
        var tab = new Tab(this, session, context);
        tab.go(address);
        return tab;
    }

    /// @param session a page's, or empty for the browser itself
    JsonNode ask(String session, String method, Map<String, Object> parameters) {
        int id = number.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        waiting.put(id, answer);
        var message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        try {
            write(JSON.writeValueAsBytes(message));
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException("the browser is gone", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the browser did not do " + method, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            waiting.remove(id);
        }
    }

    private synchronized void write(byte[] message) throws IOException {
        out.write(message);
        out.write(0);
        out.flush();
    }

    private void listen() {
        try (var in = process.getInputStream()) {
            for (var message = next(in); message.isPresent(); message = next(in)) {
                hear(JSON.readTree(message.get()));
            }
        } catch (IOException e) {
            waiting.values().forEach(w -> w.completeExceptionally(e));
        }
        waiting.values().forEach(w -> w.completeExceptionally(new IOException("the browser ended")));
    }

    private void hear(JsonNode message) {
        var asked = waiting.get(message.path("id").asInt(0));
        if (asked == null) {
            return; // an event
        }
        if (message.has("error")) {
            asked.completeExceptionally(
                    new IOException(message.path("error").path("message").asString()));
        } else {
            asked.complete(message.path("result"));
        }
    }

    private static Optional<String> next(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int one = in.read(); one != 0; one = in.read()) {
            if (one < 0 || bytes.size() > LARGEST) {
                return Optional.empty();
            }
            bytes.write(one);
        }
        return Optional.of(bytes.toString(StandardCharsets.UTF_8));
    }

    /// Ends the browser and waits for its end.
    @Override
    public void close() {
        try {
            ask("", "Browser.close", Map.of());
        } catch (IllegalStateException | UncheckedIOException e) {
            process.destroyForcibly();
        }
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
