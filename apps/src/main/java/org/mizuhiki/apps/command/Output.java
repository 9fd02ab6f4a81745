package org.mizuhiki.apps.command;

import java.util.Collection;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How a command answers: lines for people, or one JSON object a line for programs.
final class Output {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--json", description = "プログラム向けに1行1オブジェクトのJSONで出力 / one JSON object a line, for programs")
    private boolean json;

    boolean json() {
        return json;
    }

    /// @param row what `--json` prints: a record of texts and numbers
    /// @param line what people read
    void tell(Object row, String line) {
        var out = spec.commandLine().getOut();
        out.println(json ? Json.write(row).asUtf8() : line);
        out.flush();
    }

    /// For programs only.
    void row(Object row) {
        if (json) {
            tell(row, "");
        }
    }

    /// For people only.
    void note(String line) {
        if (!json) {
            var err = spec.commandLine().getErr();
            err.println(line);
            err.flush();
        }
    }

    /// An empty list must not look like a command that did nothing.
    void noteIfNone(Collection<?> all) {
        if (all.isEmpty()) {
            note("ありません / none");
        }
    }

    CommandSpec spec() {
        return spec;
    }
}
