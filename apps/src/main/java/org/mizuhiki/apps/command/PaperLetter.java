package org.mizuhiki.apps.command;

import java.util.List;
import org.mizuhiki.apps.qr.QrCode;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.pocket.PrintMark;
import org.mizuhiki.pocket.ReadLetter;
import org.mizuhiki.records.LetterPrint;

/// An opened letter for paper, with the code by which the print is checked.
final class PaperLetter {
    private PaperLetter() {}

    static Bytes pdf(ReadLetter read) {
        var mark = PrintMark.of(read);
        var code = QrCode.of(mark.text());
        return LetterPrint.pdf(
                read.letter(),
                new LetterPrint.Code(
                        code.side(),
                        code::isDark,
                        List.of(
                                "作成者: " + Arguments.who(read.author()) + "　署名: " + Arguments.when(read.signedAt()),
                                "この印刷物の確認 / to check this print: mizuhiki letter verify-print",
                                "文書 / letter: " + mark.letter().hex(),
                                "台帳 / ledger entry: " + mark.index())));
    }
}
