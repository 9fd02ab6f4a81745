package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.BundleFile;
import org.mizuhiki.ledger.KeysFile;
import org.mizuhiki.pocket.Trail.Broken;
import org.mizuhiki.pocket.Trail.Opening;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Who opened what, when.
@Command(
        name = "disclosures",
        description = {
            "自分の文書をだれがいつ開いたか。署名と台帳をこの端末で検証する",
            "Who opened one's letters, when; signatures and ledger are verified on this device"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class LetterDisclosures implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Parameters(
            paramLabel = "LETTER",
            arity = "0..1",
            description = "文書の識別子（省略時はすべて） / a letter's name; all when left out",
            converter = Arguments.Name.class)
    private @Nullable Digest letter;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description = "証明ファイルを書き出す（mizuhiki ledger verify で検証） / write a bundle for 'mizuhiki ledger verify'")
    private @Nullable Path export;

    @Option(
            names = "--export-keys",
            paramLabel = "FILE",
            description = "検証用の鍵ファイルも書き出す / also write the keys file for it")
    private @Nullable Path keys;

    /// A line of `--json`.
    record Row(String letter, String who, String at, String purpose, String proof) {
        static Row of(Opening o) {
            return new Row(
                    o.statement().letter().hex(),
                    Arguments.who(o.who()),
                    Arguments.when(o.at()),
                    o.statement().purpose(),
                    o.doubt().map(Refusal::code).orElse("held"));
        }

        /// A statement that fails its check is shown, never hidden: it may have been an opening.
        static Row of(Broken b) {
            return new Row(
                    b.letter().map(Digest::hex).orElse(""),
                    "",
                    "",
                    "",
                    b.doubt().code());
        }
    }

    @Override
    public Integer call() throws Exception {
        return device.use(output, pocket -> {
            var openings =
                    letter == null ? pocket.trail().openings() : pocket.trail().openings(letter);
            for (var opening : openings) {
                var row = Row.of(opening);
                var proof = opening.doubt().isEmpty() ? "台帳で確認済み / proven" : "！台帳で確認できません / NOT PROVEN: " + row.proof;
                output.tell(row, "%s  %s%n  %s  %s  %s".formatted(row.at, row.who, row.letter, row.purpose, proof));
            }
            var broken =
                    letter == null ? pocket.trail().broken() : pocket.trail().broken(letter);
            for (var doubtful : broken) {
                var row = Row.of(doubtful);
                output.tell(row, "！壊れた記録があります / A record is broken: %s  %s".formatted(row.letter, row.proof));
            }
            if (export != null) {
                if (letter == null) {
                    throw Refusal.of("option-missing", "書き出す文書の識別子を指定してください", "Name the letter to export");
                }
                Files.write(
                        export, BundleFile.write(pocket.trail().bundle(letter)).toArray());
            }
            if (keys != null) {
                var trust = device.regionFile().trust();
                Files.write(
                        keys, new KeysFile(trust.log(), trust.roots()).write().toArray());
            }
            return broken.isEmpty() && openings.stream().allMatch(o -> o.doubt().isEmpty()) ? Exit.OK : Exit.REFUSED;
        });
    }
}
