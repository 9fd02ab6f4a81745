package org.mizuhiki.dues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;

@Tag("V11")
class MoneyTest {
    static final Tax TEN = new Tax(10, false);
    static final Tax EIGHT = new Tax(8, true);
    static final Tax NONE = new Tax(0, false);
    static final Issuer ISSUER = new Issuer(
            "特定非営利活動法人みずひき",
            "兵庫県洲本市本町1-1",
            Optional.of(new RegistrationNumber("T7000012050002")),
            "あわじ銀行 本店 普通 1234567",
            30);
    private static final Month OCTOBER = Month.parse("2026-10");

    private static Invoice.Line line(String what, long yen, Tax tax) {
        return new Invoice.Line(what, Optional.empty(), 0, 1, yen, yen, tax);
    }

    static Account account(String name) {
        return new Account(new InstitutionCode("2819900017"), name, "clinic", Optional.empty(), Account.Contact.NONE);
    }

    private static Invoice invoice(List<Invoice.Line> lines) {
        return Invoice.of(12, OCTOBER, LocalDate.of(2026, 11, 2), ISSUER, account("みずひき内科クリニック"), lines);
    }

    @Test
    void taxIsRoundedOnceForEachRateAndNotForEachLine() {
        // ten lines of 15 yen: each by itself would carry 1 yen of tax, together they carry 15
        var lines = new ArrayList<Invoice.Line>();
        for (int i = 0; i < 10; i++) {
            lines.add(line("紹介状", 15, TEN));
        }
        lines.add(line("お茶", 99, EIGHT));
        lines.add(line("会費", 1001, NONE));
        var invoice = invoice(lines);
        assertEquals(
                List.of(
                        new Invoice.Total(TEN, 150, 15),
                        new Invoice.Total(EIGHT, 99, 7),
                        new Invoice.Total(NONE, 1001, 0)),
                invoice.totals());
        assertEquals(150 + 15 + 99 + 7 + 1001, invoice.total());
        assertEquals(LocalDate.of(2026, 12, 2), invoice.due());
    }

    @Test
    void aCreditNoteTakesBackExactlyWhatWasCharged() {
        var die = new Random(11);
        for (int i = 0; i < 1000; i++) {
            var lines = new ArrayList<Invoice.Line>();
            for (int n = die.nextInt(1, 9); n > 0; n--) {
                lines.add(line(
                        "x",
                        die.nextLong(Plan.MOST_YEN),
                        List.of(TEN, EIGHT, NONE).get(die.nextInt(3))));
            }
            var invoice = invoice(lines);
            var back = invoice.takenBack(13, LocalDate.of(2026, 11, 9), "数え違い");
            assertEquals(-invoice.total(), back.total());
            assertEquals(-invoice.net(), back.net());
            assertEquals(Optional.of(12L), back.corrects());
            for (var total : invoice.totals()) {
                assertEquals(total.net() * total.tax().percent() / 100, total.taxYen());
                assertTrue(back.totals().contains(new Invoice.Total(total.tax(), -total.net(), -total.taxYen())));
            }
        }
    }

    @Test
    void aPriceIsDueForEachBegunUnitBeyondWhatIsIncluded() {
        var price = new Plan.Price(Measure.LETTERS, 100, 50, 300, TEN);
        assertEquals(0, price.units(0));
        assertEquals(0, price.units(100));
        assertEquals(1, price.units(101));
        assertEquals(1, price.units(150));
        assertEquals(2, price.units(151));
        var plan = new Plan("clinic", "診療所プラン", 3000, TEN, List.of(price), true);
        assertEquals(600, plan.lines(_ -> 151L).getLast().yen());
        assertEquals(
                "amount-too-large",
                assertThrows(Refusal.class, () -> plan.lines(_ -> Long.MAX_VALUE / 2))
                        .code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "T7000012050003",
                "7000012050002",
                "T0000012050002",
                "T700001205000",
                "T70000120500020",
                "t7000012050002",
                "T7000012050020",
                ""
            })
    void aRegistrationNumberWithAMisprintIsRefused(String wrong) {
        assertEquals(
                "registration-number-malformed",
                assertThrows(Refusal.class, () -> new RegistrationNumber(wrong)).code());
    }

    @Test
    void everyMisprintOfOneDigitIsFound() {
        // mod 9 cannot tell 0 from 9 in one place; the check digit finds every other single misprint
        var good = "T7000012050002";
        int refused = 0;
        for (int at = 1; at < good.length(); at++) {
            for (char digit = '0'; digit <= '9'; digit++) {
                var bent = good.substring(0, at) + digit + good.substring(at + 1);
                boolean zeroForNine =
                        (good.charAt(at) == '0' && digit == '9') || (good.charAt(at) == '9' && digit == '0');
                if (digit != good.charAt(at) && !zeroForNine) {
                    assertThrows(Refusal.class, () -> new RegistrationNumber(bent), bent);
                    refused++;
                }
            }
        }
        assertTrue(refused > 100, "misprints tried: " + refused);
    }

    @Test
    void whatIsPrintedHasAllThatAQualifiedInvoiceNeeds() throws Exception {
        var invoice = invoice(List.of(line("診療所プラン 基本料", 3000, TEN), line("お茶", 99, EIGHT)));
        var pdf = InvoicePrint.pdf(invoice);
        assertEquals(pdf, InvoicePrint.pdf(invoice), "the same invoice is the same file");
        try (var read = Loader.loadPDF(pdf.toArray())) {
            assertEquals(1, read.getNumberOfPages());
            var text = new PDFTextStripper().getText(read);
            for (var needed : List.of(
                    "特定非営利活動法人みずひき",
                    "登録番号 T7000012050002",
                    "2026年10月1日 〜 2026年10月31日",
                    "2026年11月2日",
                    "No. 000012",
                    "みずひき内科クリニック",
                    "※",
                    "軽減税率対象",
                    "10%対象",
                    "消費税 ¥300",
                    "8%対象",
                    "消費税 ¥7",
                    "¥3,406")) {
                assertTrue(text.contains(needed), needed + " in " + text);
            }
        }
    }

    @Test
    void withoutARegistrationNumberThePageSaysThatItIsNoQualifiedInvoice() throws Exception {
        var plain = new Issuer("任意団体", "兵庫県", Optional.empty(), "現金", 0);
        var invoice =
                Invoice.of(1, OCTOBER, LocalDate.of(2026, 11, 2), plain, account("院"), List.of(line("会費", 1000, NONE)));
        try (var read = Loader.loadPDF(InvoicePrint.pdf(invoice).toArray())) {
            var text = new PDFTextStripper().getText(read);
            assertTrue(text.contains("適格請求書ではありません"), text);
        }
    }

    @Test
    void aTableOpensInASpreadsheetAndRunsNothing() {
        var evil = Invoice.of(
                3,
                OCTOBER,
                LocalDate.of(2026, 11, 2),
                ISSUER,
                account("=HYPERLINK(\"http://x\",\"院\")"),
                List.of(line("+1, \"2\"", 5, TEN)));
        var text = new String(InvoicePrint.csv(evil).toArray(), StandardCharsets.UTF_8);
        assertTrue(text.startsWith("\uFEFF"), "Excel knows UTF-8 by the byte order mark");
        assertTrue(text.contains("宛先,\"'=HYPERLINK(\"\"http://x\"\",\"\"院\"\")\",2819900017\r\n"), text);
        assertTrue(text.contains("\"'+1, \"\"2\"\"\",0,1,5,5,10,\r\n"), text);
        var back = evil.takenBack(4, LocalDate.of(2026, 11, 3), "-1+1");
        assertTrue(InvoicePrint.csv(back).asUtf8().contains("理由,'-1+1\r\n"));
        assertTrue(InvoicePrint.csv(back).asUtf8().contains(",-5,10,"), "numbers stay numbers");
    }

    @Test
    void textsWithLineBreaksOrHiddenCharactersAreRefused() {
        for (var odd : List.of("a\nb", "a\u202Eb", "a\u0000", "", "x".repeat(65))) {
            assertEquals(
                    "text-malformed",
                    assertThrows(Refusal.class, () -> account(odd)).code());
        }
    }
}
