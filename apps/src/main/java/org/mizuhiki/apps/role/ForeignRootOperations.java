package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.ForeignRoot;
import org.mizuhiki.trust.ForeignRootBook;
import org.mizuhiki.trust.ForeignRootChange;
import org.mizuhiki.trust.KeyFiles;

/// The operator's words about roots of other PKIs: `trust-root`, `distrust-root`, `foreign-roots`.
final class ForeignRootOperations {
    private ForeignRootOperations() {}

    static Map<String, OperatorDoor.Operation> of(ForeignRootBook book) {
        return Map.of(
                "trust-root",
                        asked -> {
                            var root = root(asked);
                            book.add(root, Asked.need(asked, "by"), Asked.need(asked, "reason"));
                            return "trusted " + root.digest();
                        },
                "distrust-root",
                        asked -> {
                            var root = new Digest(Asked.need(asked, "root"));
                            book.withdraw(root, Asked.need(asked, "by"), Asked.need(asked, "reason"));
                            return "withdrawn " + root;
                        },
                "foreign-roots", asked -> list(book));
    }

    private static ForeignRoot root(Map<String, String> asked) {
        var file = Path.of(Asked.need(asked, "certificate"));
        if (!file.isAbsolute()) {
            throw Refusal.of("argument-malformed", "certificate は絶対パスです", "certificate is an absolute path");
        }
        return new ForeignRoot(
                KeyFiles.readChain(file).getFirst(),
                ForeignRootChange.purposes(Asked.need(asked, "purposes")),
                ForeignRootChange.set(asked.getOrDefault("domains", "")),
                ForeignRootChange.set(asked.getOrDefault("policies", "")),
                ForeignRootChange.set(asked.getOrDefault("hosts", "")),
                until(Asked.need(asked, "until")));
    }

    private static Instant until(String day) {
        try {
            return LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw Refusal.of(
                    "argument-malformed", "until は 2027-03-31 の形の日付です", "until is a date such as 2027-03-31", e);
        }
    }

    private static String list(ForeignRootBook book) {
        var changes = book.history().changes();
        return changes.isEmpty()
                ? "ありません / none"
                : changes.stream().map(Bytes::asUtf8).collect(Collectors.joining("\n"));
    }
}
