package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.KeysFile;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.WatchEvidence;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The key directory: who has which keys, and whether it says the same to everybody.
@Command(
        name = "directory",
        description = {"鍵台帳を調べ、見張る", "Look at the key directory, and watch it"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {DirectoryShow.class, DirectoryWatching.class, DirectoryCommand.Verify.class})
public final class DirectoryCommand {
    /// What a monitor found, checked by somebody else.
    @Command(
            name = "verify",
            description = {
                "監視が書き出した証拠ファイルを検証する。ネットワークもサーバも使わない",
                "Verify a monitor's evidence file with nothing but the region's public keys"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Verify implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Parameters(paramLabel = "EVIDENCE", description = "証拠ファイル / the evidence file")
        @SuppressWarnings("NullAway.Init")
        private Path evidence;

        @Option(names = "--keys", paramLabel = "FILE", required = true, description = "鍵ファイル / the keys file")
        @SuppressWarnings("NullAway.Init")
        private Path keys;

        @Override
        public Integer call() throws Exception {
            var known = KeysFile.read(Bytes.of(Files.readAllBytes(keys)));
            var check = new OfflineEvidenceCheck(
                    new Seals(new SecureRandom()).stamps(), new PinnedStampRoots(known.stampRoots()));
            var findings = WatchEvidence.open(evidence).check(check, known);
            findings.forEach(f -> output.tell(
                    f, "%s %s: %s%n  %s".formatted(f.proven() ? "○" : "？", f.alarm(), f.japanese(), f.english())));
            output.noteIfNone(findings);
            return findings.stream().anyMatch(WatchEvidence.Finding::proven) ? Exit.OK : Exit.REFUSED;
        }
    }
}
