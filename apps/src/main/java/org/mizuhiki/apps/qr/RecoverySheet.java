package org.mizuhiki.apps.qr;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.paper.Sheet;

/// The recovery code on paper (A4; PDF or SVG): the QR code, the same in groups of four, and what to do with it.
public final class RecoverySheet {
    private static final int QR_SIZE = 60;

    private RecoverySheet() {}

    /// Whoever reads it opens the account: for a file of mode 0600, printed and deleted.
    ///
    /// @param code as [org.mizuhiki.account.RecoveryCode#revealed] writes it
    public static Bytes svg(PersonId person, String code) {
        var qr = QrCode.of(person.value() + " " + code).modules();
        var path = new StringBuilder();
        for (int y = 0; y < qr.getHeight(); y++) {
            for (int x = 0; x < qr.getWidth(); x++) {
                if (qr.get(x, y)) {
                    path.append('M').append(x).append(' ').append(y).append("h1v1h-1z");
                }
            }
        }
        return Bytes.utf8("""
                <svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297"
                  font-family="'Noto Sans CJK JP','Hiragino Sans','Yu Gothic',sans-serif" font-size="5">
                <rect width="210" height="297" fill="#fff"/>
                <text x="20" y="30" font-size="9">水引 復旧コード / Mizuhiki recovery code</text>
                <text x="20" y="45">個人ID / ID: %s</text>
                <svg x="20" y="55" width="%d" height="%d" viewBox="0 0 %d %d" shape-rendering="crispEdges">
                <path d="%s"/></svg>
                <text x="20" y="130" font-size="8" font-family="monospace">%s</text>
                <text x="20" y="150">この紙があれば、パスワードを忘れても鍵を取り戻せます。</text>
                <text x="20" y="158">この紙を見た人は、あなたの記録を開けます。写真を撮らず、鍵のかかる場所に保管してください。</text>
                <text x="20" y="166">失くしたときは、端末で「mizuhiki account remove」を実行してください。</text>
                <text x="20" y="182">With this sheet you get your keys back when the password is forgotten.</text>
                <text x="20" y="190">Whoever reads it can open your records: take no photograph, keep it under lock.</text>
                <text x="20" y="198">If you lose it, run: mizuhiki account remove</text>
                <text x="20" y="214">使うとき / to use it:  mizuhiki account recover --id %s --code</text>
                </svg>
                """.formatted(person, QR_SIZE, QR_SIZE, qr.getWidth(), qr.getHeight(), path, code, person));
    }

    /// The same as PDF, for whoever prints without a browser.
    ///
    /// @throws org.mizuhiki.house.Refusal `font-missing`
    public static Bytes pdf(PersonId person, String code) {
        var qr = QrCode.of(person.value() + " " + code);
        try (var sheet = new Sheet()) {
            sheet.left(57, 85, 24, "水引 復旧コード");
            sheet.left(57, 105, 12, "Mizuhiki recovery code");
            sheet.left(57, 130, 13, "個人ID / ID: " + person);
            sheet.code(57, 150, 170, qr.side(), qr::isDark);
            sheet.left(57, 365, 20, code);
            sheet.wrapped(
                    57,
                    410,
                    12,
                    Sheet.WIDTH - 114,
                    List.of(
                            "この紙があれば、パスワードを忘れても鍵を取り戻せます。",
                            "この紙を見た人は、あなたの記録を開けます。写真を撮らず、鍵のかかる場所に保管してください。",
                            "失くしたときは、端末で「mizuhiki account remove」を実行してください。",
                            "",
                            "With this sheet you get your keys back when the password is forgotten.",
                            "Whoever reads it can open your records: take no photograph, keep it under lock.",
                            "If you lose it, run: mizuhiki account remove",
                            "",
                            "使うとき / to use it:  mizuhiki account recover --id " + person + " --code"));
            return sheet.pdf();
        }
    }
}
