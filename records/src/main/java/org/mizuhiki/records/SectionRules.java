package org.mizuhiki.records;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Organization;

/// The sections that the national form demands: 920 and 910 with their institutions, 300 (or a CDA, 200),
/// and in 300 the purpose, the disease or complaint and the present illness.
final class SectionRules {
    static final String SYSTEM = "http://jpfhir.jp/fhir/clins/CodeSystem/document-section";
    static final String FROM = "920";
    static final String TO = "910";
    static final String CDA = "200";
    static final String ATTACHED = "210";
    static final String STRUCTURED = "300";
    static final String PURPOSE = "950";
    static final String PROBLEM = "340";
    static final String PRESENT_ILLNESS = "360";

    private static final Map<String, String> NAMES = Map.of(
            FROM, "紹介元情報", TO, "紹介先情報", STRUCTURED, "構造情報", PURPOSE, "紹介目的", PROBLEM, "傷病名・主訴", PRESENT_ILLNESS, "現病歴");

    private SectionRules() {}

    static void check(Composition composition, Inside inside, FindingList findings) {
        var top = composition.getSection();
        side(top, FROM, inside, findings);
        side(top, TO, inside, findings);
        if (find(top, CDA).isPresent() && find(top, STRUCTURED).isEmpty()) {
            findings.warning(
                    "section-cda-only",
                    "Composition.section",
                    "本文はCDA文書で、内容は検査していません",
                    "The body is a CDA document whose content was not checked",
                    "CDAを読めるか受け手に確認してください",
                    "Ask whether the receiver can read CDA");
            return;
        }
        demanded(top, STRUCTURED, "Composition.section", findings).ifPresent(structured -> {
            for (var code : List.of(PURPOSE, PROBLEM, PRESENT_ILLNESS)) {
                demanded(structured.getSection(), code, "Composition.section(300).section", findings)
                        .filter(section -> SummaryReading.words(section).isEmpty() && !section.hasEntry())
                        .ifPresent(section -> empty(code, findings));
            }
        });
    }

    static Optional<SectionComponent> find(List<SectionComponent> sections, String code) {
        return sections.stream().filter(section -> hasCode(section, code)).findFirst();
    }

    private static boolean hasCode(SectionComponent section, String code) {
        return section.getCode().getCoding().stream()
                .anyMatch(coding -> code.equals(coding.getCode()) && SYSTEM.equals(coding.getSystem()));
    }

    private static void side(List<SectionComponent> top, String code, Inside inside, FindingList findings) {
        demanded(top, code, "Composition.section", findings).ifPresent(section -> {
            if (section.getEntry().stream()
                    .noneMatch(e -> inside.find(e, Organization.class).isPresent())) {
                findings.error(
                        "section-without-institution",
                        "Composition.section(" + code + ").entry",
                        NAMES.get(code) + "に文書内の医療機関（Organization）がありません",
                        "Section " + code + " names no institution of this document",
                        "医療機関を入れてください",
                        "Add the institution");
            }
        });
    }

    private static Optional<SectionComponent> demanded(
            List<SectionComponent> sections, String code, String path, FindingList findings) {
        long times = sections.stream().filter(section -> hasCode(section, code)).count();
        if (times != 1) {
            findings.error(
                    times == 0 ? "section-missing" : "section-doubled",
                    path,
                    "必須セクション" + code + "「" + NAMES.get(code) + "」が" + (times == 0 ? "ありません" : "複数あります"),
                    times == 0 ? "Section " + code + " is missing" : "Section " + code + " occurs more than once",
                    "セクション" + code + "を一つ入れてください",
                    "Give section " + code + " exactly once");
        }
        return find(sections, code);
    }

    private static void empty(String code, FindingList findings) {
        findings.warning(
                "section-empty",
                "Composition.section(300).section(" + code + ")",
                "「" + NAMES.get(code) + "」の内容が空です",
                "Section " + code + " is empty",
                "内容を確認してください",
                "Check its content");
    }
}
