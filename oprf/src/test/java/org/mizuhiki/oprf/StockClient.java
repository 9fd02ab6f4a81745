package org.mizuhiki.oprf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.mizuhiki.house.Bytes;

/// The npm package @serenity-kit/opaque in a process of its own (`src/test/npm/stock.cjs`). `./mizuhiki
/// test` fetches it into `target/npm`, by the digests of the lock file.
public final class StockClient implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer calls;

    private StockClient(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.calls = process.outputWriter(StandardCharsets.UTF_8);
    }

    public static StockClient start() throws IOException {
        var modules = Path.of("../oprf/target/npm/node_modules").toAbsolutePath();
        assumeTrue(
                Files.isDirectory(modules.resolve("@serenity-kit/opaque")),
                "the npm package @serenity-kit/opaque is not here (./mizuhiki test fetches it): skipped");
        var node = new ProcessBuilder(
                "node", Path.of("../oprf/src/test/npm/stock.cjs").toString());
        node.environment().put("NODE_PATH", modules.toString());
        node.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            return new StockClient(node.start());
        } catch (IOException e) {
            assumeTrue(false, "node (package nodejs) is not here: skipped");
            throw e;
        }
    }

    public static String text(String value) {
        return encoded(Bytes.utf8(value));
    }

    public static String encoded(Bytes value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value.toArray());
    }

    public static Bytes decoded(String value) {
        return Bytes.of(Base64.getUrlDecoder().decode(value));
    }

    /// @return what the library gives, or `refused`
    public List<String> call(String name, String... values) throws IOException {
        var words = new ArrayList<>(List.of(name));
        words.addAll(List.of(values));
        calls.write(String.join(" ", words) + "\n");
        calls.flush();
        var answer = answers.readLine();
        if (answer == null || answer.startsWith("failed")) {
            throw new IOException("the stock library failed: " + answer);
        }
        return List.of(answer.split(" "));
    }

    @Override
    public void close() throws IOException {
        calls.close();
        answers.close();
        process.destroy();
    }
}
