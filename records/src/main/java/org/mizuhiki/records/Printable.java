package org.mizuhiki.records;

import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.mizuhiki.house.Refusal;

/// A letter as one HTML page to read or print, Japanese first. Everything of the sender's is text: no
/// mark-up, style, script or address of the letter reaches the page, and the page's own policy forbids
/// scripts and loading besides.
public final class Printable {
    private static final int MAX_DEPTH = 4;

    private Printable() {}

    /// @throws Refusal `letter-unreadable` when the document does not hold to [DocumentRules]
    public static String html(Letter letter) {
        var checked = checked(letter);
        var page = new StringBuilder(4096);
        head(checked.summary(), page);
        people(checked.summary(), page);
        checked.composition().getSection().forEach(section -> section(section, 2, page));
        notes(checked.warnings(), page);
        attachments(letter.attachments(), page);
        return page.append("</body></html>\n").toString();
    }

    /// The same as lines of plain text, for paper.
    static List<String> lines(Letter letter) {
        var checked = checked(letter);
        var summary = checked.summary();
        var patient = summary.patient();
        var lines = new ArrayList<>(List.of(
                summary.title(),
                "",
                "日付: " + summary.date(),
                "患者: " + patient.name()
                        + patient.kana().map(kana -> "（" + kana + "）").orElse(""),
                "生年月日・性別: " + patient.birthDate() + " " + patient.sex().japanese(),
                "紹介元: " + party(summary.from()),
                "紹介先: " + party(summary.to())));
        checked.composition().getSection().forEach(section -> lines(section, 2, lines));
        if (!letter.attachments().isEmpty()) {
            lines.addAll(List.of("", "【添付】"));
            letter.attachments().forEach(a -> lines.add(a.name() + "（%,d B）".formatted(a.size())));
        }
        return lines;
    }

    private static void lines(SectionComponent section, int level, List<String> lines) {
        lines.addAll(List.of("", "【" + (section.getTitle() == null ? "" : section.getTitle()) + "】"));
        SummaryReading.words(section).lines().forEach(lines::add);
        if (level < MAX_DEPTH) {
            section.getSection().forEach(inner -> lines(inner, level + 1, lines));
        }
    }

    private record Checked(LetterSummary summary, List<Finding> warnings, Composition composition) {}

    private static Checked checked(Letter letter) {
        if (!(new DocumentRules().check(letter.document())
                instanceof LetterCheck.Accepted(var summary, var warnings))) {
            throw unreadable();
        }
        var bundle = FhirReading.read(letter.document(), new FindingList()).orElseThrow(Printable::unreadable);
        if (!(bundle.getEntryFirstRep().getResource() instanceof Composition composition)) {
            throw unreadable();
        }
        return new Checked(summary, warnings, composition);
    }

    private static void head(LetterSummary summary, StringBuilder page) {
        page.append("<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\">")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ")
                .append("'unsafe-inline'; form-action 'none'; base-uri 'none'\">")
                .append("<meta name=\"referrer\" content=\"no-referrer\"><title>")
                .append(escaped(summary.title()))
                .append("</title><style>body{font-family:sans-serif;max-width:50rem;margin:2rem auto;line-height:1.7}")
                .append("th{text-align:left;padding-right:1.5rem}h2,h3{border-bottom:1px solid}</style></head><body>")
                .append("<h1>%s</h1>".formatted(escaped(summary.title())));
    }

    private static void people(LetterSummary summary, StringBuilder page) {
        var patient = summary.patient();
        page.append("<table>");
        row("日付 / Date", summary.date(), page);
        row(
                "患者 / Patient",
                patient.name() + patient.kana().map(kana -> "（" + kana + "）").orElse(""),
                page);
        row("生年月日・性別 / Born, sex", patient.birthDate() + " " + patient.sex().japanese(), page);
        row("紹介元 / From", party(summary.from()), page);
        row("紹介先 / To", party(summary.to()), page);
        page.append("</table>");
    }

    private static String party(LetterSummary.Party party) {
        return party.institution()
                + party.doctor().map(doctor -> " " + doctor + " 先生").orElse("");
    }

    private static void row(String name, String value, StringBuilder page) {
        page.append("<tr><th>%s</th><td>%s</td></tr>".formatted(escaped(name), escaped(value)));
    }

    private static void section(SectionComponent section, int level, StringBuilder page) {
        var title = section.getTitle() == null ? "" : section.getTitle();
        page.append("<h%d>%s</h%d>".formatted(level, escaped(title), level));
        SummaryReading.words(section).lines().forEach(line -> page.append("<p>%s</p>".formatted(escaped(line))));
        if (level < MAX_DEPTH) {
            section.getSection().forEach(inner -> section(inner, level + 1, page));
        }
    }

    private static void notes(List<Finding> warnings, StringBuilder page) {
        if (!warnings.isEmpty()) {
            page.append("<h2>確認事項 / Notes</h2><ul>");
            warnings.forEach(found ->
                    page.append("<li>%s / %s</li>".formatted(escaped(found.japanese()), escaped(found.english()))));
            page.append("</ul>");
        }
    }

    private static void attachments(List<Attachment> attachments, StringBuilder page) {
        if (!attachments.isEmpty()) {
            page.append("<h2>添付 / Attachments</h2><ul>");
            attachments.forEach(attachment -> page.append("<li>%s（%s, %,d B）</li>"
                    .formatted(
                            escaped(attachment.name()), attachment.mediaType().text(), attachment.size())));
            page.append("</ul>");
        }
    }

    /// For text and quoted attribute values; control and reordering characters go, since they could
    /// disguise text.
    static String escaped(String text) {
        return Texts.shortened(text, PlainText.MOST)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static Refusal unreadable() {
        return Refusal.of(
                "letter-unreadable",
                "診療情報提供書として読めないため、表示できません。原本のファイルは失われていません",
                "This is not readable as a referral letter and cannot be shown; the original file is kept");
    }
}
