package org.mizuhiki.dues;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.paper.Sheet;

/// An invoice as a page to print and as a table. What a qualified invoice must show (消費税法57条の4): who
/// issues it with the registration number, the date or period, what it is for with a mark at the reduced
/// rate, sums by rate with the rate, the tax by rate, and to whom.
public final class InvoicePrint {
    private static final float LEFT = 56;
    private static final float RIGHT = Sheet.WIDTH - LEFT;

    private InvoicePrint() {}

    /// @throws org.mizuhiki.house.Refusal `font-missing`
    public static Bytes pdf(Invoice invoice) {
        try (var sheet = new Sheet()) {
            head(sheet, invoice);
            float y = lines(sheet, invoice, 350);
            y = totals(sheet, invoice, y + 10);
            foot(sheet, invoice, y + 24);
            return sheet.pdf();
        }
    }

    private static boolean isCreditNote(Invoice invoice) {
        return invoice.corrects().isPresent();
    }

    private static void head(Sheet sheet, Invoice invoice) {
        sheet.centred(80, 20, isCreditNote(invoice) ? "返還請求書（取消し）" : "請求書");
        sheet.right(RIGHT, 112, 10, "No. " + number(invoice.number()));
        sheet.right(RIGHT, 128, 10, "発行日 " + date(invoice.issued()));
        var to = Stream.of(
                        invoice.contact().post().isEmpty()
                                ? ""
                                : "〒" + invoice.contact().post(),
                        invoice.contact().address(),
                        invoice.name(),
                        invoice.contact().department())
                .filter(text -> !text.isEmpty())
                .toList();
        float y = sheet.wrapped(LEFT, 140, 12, 260, to);
        sheet.left(LEFT, y, 12, "御中　（医療機関コード " + invoice.institution() + "）");
        var from = new ArrayList<>(
                List.of(invoice.issuer().name(), invoice.issuer().address()));
        invoice.issuer().registration().ifPresent(t -> from.add("登録番号 " + t.value()));
        sheet.wrapped(350, 160, 10, RIGHT - 350, from);
        sheet.left(LEFT, 285, 14, (isCreditNote(invoice) ? "返還額 " : "ご請求額 ") + yen(invoice.total()) + "（税込）");
        sheet.left(
                LEFT,
                308,
                10,
                "対象期間 " + date(invoice.month().value().atDay(1)) + " 〜 "
                        + date(invoice.month().value().atEndOfMonth()));
        sheet.right(RIGHT, 308, 10, subject(invoice));
    }

    private static String subject(Invoice invoice) {
        return invoice.corrects()
                .map(number -> "請求書 No. " + number(number) + " の取消し")
                .orElseGet(() -> "お支払期限 " + date(invoice.due()));
    }

    private static float lines(Sheet sheet, Invoice invoice, float top) {
        sheet.left(LEFT, top, 9, "内容");
        sheet.right(340, top, 9, "利用数");
        sheet.right(400, top, 9, "数量");
        sheet.right(470, top, 9, "単価（税抜）");
        sheet.right(RIGHT, top, 9, "金額（税抜）");
        sheet.line(LEFT, top + 5, RIGHT);
        float y = top + 22;
        for (var line : invoice.lines()) {
            var mark = line.tax().reduced() ? " ※" : line.tax().percent() == 0 ? "（不課税）" : "";
            if (line.measure().isPresent()) {
                sheet.right(340, y, 10, grouped(line.used()));
            }
            sheet.right(400, y, 10, grouped(line.units()));
            sheet.right(470, y, 10, grouped(line.each()));
            sheet.right(RIGHT, y, 10, yen(line.yen()));
            y = sheet.wrapped(LEFT, y, 10, 200, List.of(line.what() + mark)) + 5;
        }
        sheet.line(LEFT, y - 8, RIGHT);
        return y;
    }

    private static float totals(Sheet sheet, Invoice invoice, float top) {
        float y = top + 6;
        for (var total : invoice.totals()) {
            sheet.right(400, y, 10, total.tax().japanese() + " 計（税抜）");
            sheet.right(470, y, 10, yen(total.net()));
            if (total.tax().percent() > 0) {
                sheet.right(RIGHT, y, 10, "消費税 " + yen(total.taxYen()));
            }
            y += 16;
        }
        sheet.right(400, y + 6, 12, isCreditNote(invoice) ? "返還額合計" : "合計（税込）");
        sheet.right(RIGHT, y + 6, 12, yen(invoice.total()));
        return y + 6;
    }

    private static void foot(Sheet sheet, Invoice invoice, float top) {
        var notes = new ArrayList<String>();
        if (invoice.lines().stream().anyMatch(line -> line.tax().reduced())) {
            notes.add("※は軽減税率対象です。");
        }
        if (invoice.issuer().registration().isEmpty()) {
            notes.add("発行者は適格請求書発行事業者ではありません。この書類は適格請求書ではありません。");
        }
        if (isCreditNote(invoice)) {
            notes.add("取消しの理由: " + invoice.reason());
        } else {
            notes.add("お振込先: " + invoice.issuer().payTo());
        }
        sheet.wrapped(LEFT, top, 10, RIGHT - LEFT, notes);
    }

    /// The same for a spreadsheet.
    public static Bytes csv(Invoice invoice) {
        var csv = new Csv();
        csv.row(isCreditNote(invoice) ? "返還請求書" : "請求書", number(invoice.number()));
        invoice.corrects().ifPresent(n -> csv.row("取り消す請求書", number(n)).row("理由", invoice.reason()));
        csv.row("発行日", invoice.issued()).row("支払期限", invoice.due()).row("対象月", invoice.month());
        csv.row("発行者", invoice.issuer().name());
        csv.row(
                "登録番号",
                invoice.issuer().registration().map(RegistrationNumber::value).orElse(""));
        csv.row("宛先", invoice.name(), invoice.institution().value());
        csv.row("");
        csv.row("内容", "利用数", "数量", "単価（税抜・円）", "金額（税抜・円）", "税率（%）", "軽減");
        for (var line : invoice.lines()) {
            csv.row(
                    line.what(),
                    line.used(),
                    line.units(),
                    line.each(),
                    line.yen(),
                    line.tax().percent(),
                    line.tax().reduced() ? "※" : "");
        }
        csv.row("");
        csv.row("税率", "対象額（税抜・円）", "消費税（円）");
        invoice.totals().forEach(t -> csv.row(t.tax().japanese(), t.net(), t.taxYen()));
        csv.row("合計（税込・円）", invoice.total());
        return csv.bytes();
    }

    /// As it stands on paper.
    public static String number(long number) {
        return String.format("%06d", number);
    }

    private static String yen(long yen) {
        return (yen < 0 ? "−¥" : "¥") + grouped(Math.abs(yen));
    }

    private static String grouped(long number) {
        return String.format(java.util.Locale.ROOT, "%,d", number);
    }

    private static String date(LocalDate day) {
        return day.getYear() + "年" + day.getMonthValue() + "月" + day.getDayOfMonth() + "日";
    }
}
