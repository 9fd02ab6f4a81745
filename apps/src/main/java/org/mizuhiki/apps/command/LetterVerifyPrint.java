package org.mizuhiki.apps.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.qr.QrReader;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.PrintMark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What the code on a printed letter is worth.
@Command(
        name = "verify-print",
        description = {
            "印刷された文書のQRコードを台帳と照合する。本文が同じかは letter open で開いて見比べる",
            "Check the code of a printed letter against the ledger; compare the words with: letter open"
        })
final class LetterVerifyPrint extends PocketCommand {
    @Option(names = "--qr", paramLabel = "FILE", description = "QRコードの画像（PNG、JPEG） / a picture of the code")
    private @Nullable Path picture;

    @Option(names = "--text", paramLabel = "TEXT", description = "スキャナーで読んだ文字 / what a scanner read")
    private @Nullable String text;

    /// A line of `--json`.
    ///
    /// @param author empty for somebody who is no party to the letter
    record Row(String letter, String statement, long index, String loggedBy, String author) {}

    @Override
    void with(Pocket pocket) throws Exception {
        if ((picture == null) == (text == null)) {
            throw Refusal.of(
                    "option-missing",
                    "--qr か --text のどちらか一方を指定してください",
                    "Name either a picture with --qr or the text with --text");
        }
        var mark = PrintMark.read(picture != null ? QrReader.read(picture) : String.valueOf(text));
        var printed = pocket.post().verify(mark);
        var author =
                printed.sealed().map(LetterSealed::by).map(Object::toString).orElse("");
        output.tell(
                new Row(
                        mark.letter().hex(),
                        mark.statement().hex(),
                        mark.index(),
                        Arguments.when(printed.by()),
                        author),
                "台帳にあります / in the ledger, by " + Arguments.when(printed.by()) + "\n文書 / letter: " + mark.letter()
                        + (author.isEmpty() ? "" : "\n作成者 / author: " + author));
        output.note(
                author.isEmpty()
                        ? "あなたはこの文書を見られません。紙の内容が正しいかは、患者か受け取った人に確かめてもらってください / you are no party to this letter:"
                                + " whether the paper's words are its words, only a party can see"
                        : "紙の内容は「mizuhiki letter open " + mark.letter() + "」で開いて見比べてください / compare the words on"
                                + " paper with the opened letter");
    }
}
