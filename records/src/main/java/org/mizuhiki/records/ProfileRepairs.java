package org.mizuhiki.records;

import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.ElementDefinition;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.ValueSet;

/// Three defects of JP-CLINS 1.5.2, repaired in memory after loading:
///
/// 1. `Bundle.entry:observation` is sliced again (`observation/laboratory`), at which HAPI throws;
/// 2. the value set of discharge sections filters on `REF` instead of `DIS`;
/// 3. the section codes 362, 372, 552 and 642 are missing from the code system.
///
/// Each looks for its defect, so a corrected release passes untouched.
final class ProfileRepairs {
    private static final String DISCHARGE_SECTIONS =
            "http://jpfhir.jp/fhir/eDischargeSummary/ValueSet/document-section";
    private static final List<String> MISSING = List.of("362", "372", "552", "642");

    private ProfileRepairs() {}

    static void apply(PrePopulatedValidationSupport support) {
        all(support, StructureDefinition.class).forEach(ProfileRepairs::reSlices);
        all(support, ValueSet.class)
                .filter(values -> DISCHARGE_SECTIONS.equals(values.getUrl()))
                .forEach(ProfileRepairs::dischargeFilter);
        all(support, CodeSystem.class)
                .filter(codes -> SectionRules.SYSTEM.equals(codes.getUrl()))
                .forEach(ProfileRepairs::sectionCodes);
    }

    private static <T> Stream<T> all(PrePopulatedValidationSupport support, Class<T> type) {
        var resources = support.fetchAllConformanceResources();
        return resources == null
                ? Stream.empty()
                : resources.stream().filter(type::isInstance).map(type::cast);
    }

    private static void reSlices(StructureDefinition structure) {
        var elements = structure.getSnapshot().getElement();
        var prefixes = elements.stream()
                .filter(element -> element.hasSliceName()
                        && element.hasSlicing()
                        && !element.getSliceName().contains("/"))
                .filter(element -> hasIdUnder(elements, element.getId() + "/"))
                .toList();
        prefixes.forEach(element -> {
            element.setSlicing(null);
            elements.removeIf(other -> other.getId() != null && other.getId().startsWith(element.getId() + "/"));
        });
    }

    private static boolean hasIdUnder(List<ElementDefinition> elements, String prefix) {
        return elements.stream().anyMatch(e -> e.getId() != null && e.getId().startsWith(prefix));
    }

    private static void dischargeFilter(ValueSet values) {
        values.getCompose().getInclude().stream()
                .flatMap(include -> include.getFilter().stream())
                .filter(filter -> "REF".equals(filter.getValue()))
                .forEach(filter -> filter.setValue("DIS"));
    }

    private static void sectionCodes(CodeSystem codes) {
        codes.getConcept().stream()
                .filter(concept -> "DIS".equals(concept.getCode()))
                .forEach(discharge -> MISSING.stream()
                        .filter(code -> discharge.getConcept().stream().noneMatch(c -> code.equals(c.getCode())))
                        .forEach(code -> discharge.addConcept().setCode(code)));
    }
}
