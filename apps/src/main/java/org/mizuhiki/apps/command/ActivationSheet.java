package org.mizuhiki.apps.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.apps.qr.QrCode;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.ActivationSecret;
import org.mizuhiki.pocket.Registering.Sheet;
import org.mizuhiki.records.PdfPage;

/// The sheet that a patient takes home: ID, nine words, QR code, until when it is good.
record ActivationSheet(QrCode code, List<String> japanese, List<String> english) {
    static ActivationSheet of(Sheet sheet) {
        return of(sheet.patient(), sheet.secret(), sheet.until());
    }

    private static ActivationSheet of(PersonId patient, ActivationSecret secret, Instant until) {
        var words = lines(secret.revealedWords());
        var end = Arguments.when(until);
        var japanese = new ArrayList<>(List.of(
                "仮登録のご案内（水引）",
                "個人ID: " + patient,
                "この用紙の言葉は、あなたの文書を開く鍵です。人に見せず、写真に撮らせないでください。",
                "期限: " + end + " までに、次の言葉かQRコードで、ご自分の端末を登録してください:"));
        japanese.addAll(words);
        japanese.add("登録すると、この用紙では何も開けなくなります。「既に使われています」と出たら、");
        japanese.add("すぐに登録した医療機関に連絡してください。期限を過ぎるとIDは失効します。");
        var english = new ArrayList<>(List.of(
                "Provisional registration (Mizuhiki)",
                "ID: " + patient,
                "The words below open your letters: show them to nobody.",
                "Activate your own device with them, or with the QR code, until " + end + ":"));
        english.addAll(words);
        english.add("After that this sheet opens nothing. If it is said to be used already, call the");
        english.add("institution at once. An ID that nobody activates in time lapses.");
        return new ActivationSheet(QrCode.of(secret.revealedLink()), japanese, english);
    }

    Bytes pdf() {
        return PdfPage.sheet(japanese, english, code.side(), code::isDark);
    }

    Bytes svg() {
        var text = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 210 297\">\n");
        text.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        int y = 20;
        for (var lines : List.of(japanese, english)) {
            for (var line : lines) {
                text.append("<text x=\"15\" y=\"%d\" font-size=\"4\" font-family=\"sans-serif\">%s</text>%n"
                        .formatted(y, line.replace("&", "&amp;").replace("<", "&lt;")));
                y += 7;
            }
            y += 5;
        }
        var inner = code.svg().asUtf8();
        text.append("<svg x=\"15\" y=\"%d\" width=\"70\" height=\"70\" ".formatted(y))
                .append(inner.substring(inner.indexOf("viewBox")));
        return Bytes.utf8(text.append("</svg>\n").toString());
    }

    private static List<String> lines(String words) {
        var all = words.split(" ");
        var lines = new ArrayList<String>();
        for (int i = 0; i < all.length; i += 3) {
            lines.add("        " + String.join("  ", List.of(all).subList(i, Math.min(i + 3, all.length))));
        }
        return lines;
    }
}
