package org.mizuhiki.records;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;

/// Picks what a list of letters shows out of a checked letter.
final class SummaryReading {
    private static final String REPRESENTATION = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";
    private static final String INSTITUTION = "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no";

    private SummaryReading() {}

    static LetterSummary of(Composition composition, Inside inside) {
        var patient = inside.find(composition.getSubject(), Patient.class).orElseGet(Patient::new);
        return new LetterSummary(
                text(composition.getTitle()),
                text(composition.getDateElement().getValueAsString()),
                new LetterSummary.Subject(
                        name(patient.getName(), "IDE")
                                .or(() -> name(patient.getName(), ""))
                                .orElse(""),
                        name(patient.getName(), "SYL"),
                        text(patient.getBirthDateElement().getValueAsString()),
                        sex(patient)),
                party(composition, SectionRules.FROM, inside),
                party(composition, SectionRules.TO, inside),
                SectionRules.find(composition.getSection(), SectionRules.STRUCTURED)
                        .flatMap(section -> SectionRules.find(section.getSection(), SectionRules.PURPOSE))
                        .map(SummaryReading::words)
                        .orElse(""),
                problems(composition, inside));
    }

    private static List<LetterSummary.Problem> problems(Composition composition, Inside inside) {
        return SectionRules.find(composition.getSection(), SectionRules.STRUCTURED)
                .flatMap(section -> SectionRules.find(section.getSection(), SectionRules.PROBLEM))
                .map(SectionComponent::getEntry)
                .orElse(List.of())
                .stream()
                .flatMap(entry -> inside.find(entry, Condition.class).stream())
                .flatMap(condition -> condition.getCode().getCoding().stream())
                .map(code -> new LetterSummary.Problem(
                        text(code.getSystem()), text(code.getCode()), text(code.getDisplay())))
                .toList();
    }

    /// The section's narrative as plain text.
    static String words(SectionComponent section) {
        return PlainText.of(section.getText());
    }

    private static LetterSummary.Party party(Composition composition, String code, Inside inside) {
        var entries = SectionRules.find(composition.getSection(), code)
                .map(SectionComponent::getEntry)
                .orElse(List.of());
        var institution = entries.stream()
                .flatMap(entry -> inside.find(entry, Organization.class).stream())
                .findFirst();
        var doctor = entries.stream()
                .flatMap(entry -> inside.find(entry, Practitioner.class).stream())
                .flatMap(found -> name(found.getName(), "IDE").or(() -> name(found.getName(), "")).stream())
                .findFirst();
        return new LetterSummary.Party(
                institution.map(Organization::getName).orElse(""), institution.flatMap(SummaryReading::code), doctor);
    }

    private static Optional<String> code(Organization institution) {
        return institution.getIdentifier().stream()
                .filter(identifier -> INSTITUTION.equals(identifier.getSystem()))
                .flatMap(identifier -> Optional.ofNullable(identifier.getValue()).stream())
                .findFirst();
    }

    private static LetterSummary.Sex sex(Patient patient) {
        return patient.hasGender()
                ? LetterSummary.Sex.valueOf(patient.getGender().toCode().toUpperCase(Locale.ROOT))
                : LetterSummary.Sex.UNKNOWN;
    }

    /// @param representation `IDE` written, `SYL` its reading (ISO 21090), or empty for the first of any
    private static Optional<String> name(List<HumanName> names, String representation) {
        return names.stream()
                .filter(name ->
                        representation.isEmpty() || representation.equals(name.getExtensionString(REPRESENTATION)))
                .map(SummaryReading::whole)
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    private static String whole(HumanName name) {
        return name.hasText()
                ? name.getText()
                : (text(name.getFamily()) + " "
                                + String.join(
                                        " ",
                                        name.getGiven().stream()
                                                .map(StringType::getValue)
                                                .toList()))
                        .strip();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
