package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Bundle;
import org.mizuhiki.ledger.BundleCheck;
import org.mizuhiki.ledger.BundleFile;
import org.mizuhiki.ledger.KeysFile;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.seal.Seals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The trail, offline.
@Command(
        name = "ledger",
        description = {"台帳の証明をオフラインで検証する", "Verify the ledger's proofs offline"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = LedgerCommand.Verify.class)
public final class LedgerCommand {
    /// Verifies a bundle.
    @Command(
            name = "verify",
            description = {
                "証明ファイルを検証する。ネットワークもサーバも使わない",
                "Verify a bundle with nothing but the log's public keys; no network, no server"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Verify implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Parameters(paramLabel = "BUNDLE", description = "証明ファイル / the bundle")
        @SuppressWarnings("NullAway.Init")
        private Path bundle;

        @Option(names = "--keys", paramLabel = "FILE", required = true, description = "鍵ファイル / the keys file")
        @SuppressWarnings("NullAway.Init")
        private Path keys;

        /// A line of `--json`.
        record Row(int position, String kind, String record, boolean held, String code, String stampedAt) {
            static Row of(BundleCheck.Finding f) {
                return new Row(
                        f.position(),
                        f.entry().kind(),
                        f.entry().record().hex(),
                        f.held(),
                        f.code(),
                        f.stampedAt().map(Object::toString).orElse(""));
            }
        }

        @Override
        public Integer call() throws Exception {
            var seals = new Seals(new SecureRandom());
            var known = KeysFile.read(read(keys, 1 << 20));
            var check = new BundleCheck(
                    new OfflineEvidenceCheck(seals.stamps(), new PinnedStampRoots(known.stampRoots())),
                    signed -> seals.records().verify(signed).record().digest());
            var findings = check.check(BundleFile.read(read(bundle, Bundle.MAX_BYTES)), known.keys());
            findings.forEach(
                    f -> output.tell(Row.of(f), (f.held() ? "○ " : "× ") + f.japanese() + "\n  " + f.english()));
            if (findings.isEmpty()) {
                throw Refusal.of("bundle-empty", "証明ファイルに記録がありません", "The bundle holds nothing");
            }
            return findings.stream().allMatch(BundleCheck.Finding::held) ? Exit.OK : Exit.REFUSED;
        }

        private static Bytes read(Path file, long limit) throws java.io.IOException {
            if (Files.size(file) > limit) {
                throw Refusal.of("file-too-large", "ファイルが大きすぎます", "The file is too large");
            }
            return Bytes.of(Files.readAllBytes(file));
        }
    }
}
