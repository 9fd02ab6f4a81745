package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.seal.SealedFiles;
import org.mizuhiki.seal.Seals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Seals on files, without the region's store and key server.
@Command(
        name = "seal",
        description = {"ファイルを封緘する・開く・閲覧者を加える・検証する", "Close, open, grant and verify sealed files"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            SealCommand.Close.class,
            SealCommand.Open.class,
            SealCommand.AddReader.class,
            SealCommand.Verify.class,
            SealCommand.Inspect.class
        })
public final class SealCommand {
    /// A line of `--json`.
    record Opened(String signer, String stampedAt, long size, String trusted) {}

    /// A line of `--json`.
    record Done(String file) {}

    /// Signs, stamps, closes.
    @Command(
            name = "close",
            description = {"署名・タイムスタンプ・封緘する", "Sign, stamp and close a file for readers"},
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Close implements Callable<Integer> {
        @Mixin
        private final DeviceOptions device = new DeviceOptions();

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final ReaderOptions readers = new ReaderOptions();

        @Parameters(index = "0", paramLabel = "IN", description = "元のファイル / the file to close")
        @SuppressWarnings("NullAway.Init")
        private Path in;

        @Parameters(index = "1", paramLabel = "OUT", description = "封緘したファイル / the sealed file")
        @SuppressWarnings("NullAway.Init")
        private Path out;

        @Override
        public Integer call() throws Exception {
            return device.useRegion((opened, region) -> {
                var to = readers.all(region);
                var about = Canonical.of(java.util.Map.of("kind", "mizuhiki-file-1"));
                new Seals(device.die).files().close(in, out, about, opened.author(), region.stamps(), to);
                output.tell(new Done(out.toString()), "封緘しました / closed: " + out);
                return Exit.OK;
            });
        }
    }

    /// Opens.
    @Command(
            name = "open",
            description = {"開く。すべての検証が済んだときだけファイルができる", "Open; the file appears only when everything held"},
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Open implements Callable<Integer> {
        @Mixin
        private final DeviceOptions device = new DeviceOptions();

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final OpenerOptions opener = new OpenerOptions();

        @Parameters(index = "0", paramLabel = "IN", description = "封緘したファイル / the sealed file")
        @SuppressWarnings("NullAway.Init")
        private Path in;

        @Parameters(index = "1", paramLabel = "OUT", description = "取り出すファイル / where to put the content")
        @SuppressWarnings("NullAway.Init")
        private Path out;

        @Override
        public Integer call() throws Exception {
            return opener.use(device, (mine, trust) -> {
                var files = new Seals(device.die).files();
                // the signer is judged before the content appears
                var verified = files.verify(in, mine);
                var row = row(verified, trust.judge(verified.signature()));
                files.open(in, out, mine);
                output.tell(row, lines(row));
                return Exit.OK;
            });
        }
    }

    /// Grants.
    @Command(
            name = "add-reader",
            description = {"閲覧者を加える（暗号文には触れない）", "Add readers; the ciphertext is not touched"},
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class AddReader implements Callable<Integer> {
        @Mixin
        private final DeviceOptions device = new DeviceOptions();

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final ReaderOptions readers = new ReaderOptions();

        @Parameters(paramLabel = "FILE", description = "封緘したファイル / the sealed file")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Override
        public Integer call() throws Exception {
            return device.useRegion((opened, region) -> {
                var files = new Seals(device.die).files();
                for (var next : readers.all(region)) {
                    files.addReader(file, opened.opener(), next);
                }
                output.tell(new Done(file.toString()), "閲覧者を加えました / readers added: " + file);
                return Exit.OK;
            });
        }
    }

    /// Checks.
    @Command(
            name = "verify",
            description = {"取り出さずに検証する", "Check everything without keeping the content"},
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Verify implements Callable<Integer> {
        @Mixin
        private final DeviceOptions device = new DeviceOptions();

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final OpenerOptions opener = new OpenerOptions();

        @Parameters(paramLabel = "FILE", description = "封緘したファイル / the sealed file")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Override
        public Integer call() throws Exception {
            return opener.use(device, (mine, trust) -> {
                var verified = new Seals(device.die).files().verify(file, mine);
                var row = row(verified, trust.judge(verified.signature()));
                output.tell(row, lines(row));
                return Exit.OK;
            });
        }
    }

    /// Looks without a key.
    @Command(
            name = "inspect",
            description = {"鍵なしで見えるものを表示する（何も証明しない）", "Show what can be seen without any key; proves nothing"},
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Inspect implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Parameters(paramLabel = "FILE", description = "封緘したファイル / the sealed file")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        /// A line of `--json`.
        record Row(String suite, boolean segmented, String letter, long fileSize, List<String> readers) {}

        @Override
        public Integer call() throws Exception {
            var look = new Seals(new SecureRandom()).files().inspect(file);
            var row = new Row(
                    look.suite(),
                    look.segmented(),
                    look.id().hex(),
                    look.fileSize(),
                    look.readers().stream().map(Digest::hex).toList());
            output.tell(
                    row,
                    "suite %s%nletter %s%nsize %d%nreaders %s"
                            .formatted(row.suite, row.letter, row.fileSize, String.join(" ", row.readers)));
            return Exit.OK;
        }
    }

    private static Opened row(SealedFiles.Opened verified, String trusted) {
        var signature = verified.signature();
        return new Opened(
                signature.signer().getSubjectX500Principal().toString(),
                Arguments.when(signature.stampedAt()),
                verified.size(),
                trusted);
    }

    private static String lines(Opened row) {
        return "署名者 / signer: %s%n署名時刻 / stamped: %s%n大きさ / size: %d%n信頼 / trust: %s"
                .formatted(row.signer, row.stampedAt, row.size, row.trusted);
    }
}
