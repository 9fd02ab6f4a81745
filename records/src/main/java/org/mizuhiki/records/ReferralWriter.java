package org.mizuhiki.records;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.TimeZone;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.mizuhiki.house.Bytes;

/// Writes a [Referral] as a document bundle in the national form (JP_Bundle_eReferral, JP-CLINS 1.5.2).
public final class ReferralWriter {
    private static final String VERSION =
            "http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber";
    private static final String COMPOSITION =
            "http://jpfhir.jp/fhir/eReferral/StructureDefinition/JP_Composition_eReferral";

    /// FHIR wants seconds even when they are zero; `toString` would leave them out.
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

    private final Referral referral;
    private final RandomGenerator die;
    private final ReferralResources resources;
    private final Bundle bundle = new Bundle();
    private final String number;

    private ReferralWriter(Referral referral, RandomGenerator die) {
        this.referral = referral;
        this.die = die;
        this.number =
                "%s-%d-%08d".formatted(referral.from().code(), referral.issued().getYear(), die.nextInt(100_000_000));
        this.resources = new ReferralResources(referral, number);
    }

    /// @param die for the identifiers of the document's parts: the same die gives the same document
    public static Bytes write(Referral referral, RandomGenerator die) {
        var bundle = new ReferralWriter(referral, die).document();
        return Bytes.utf8(FhirReading.context()
                .newJsonParser()
                .setPrettyPrint(true)
                .setOverrideResourceIdWithBundleEntryFullUrl(false)
                .encodeResourceToString(bundle));
    }

    private Bundle document() {
        bundle.setId("letter-" + number);
        bundle.getMeta().setLastUpdatedElement(instant(referral.issued())).addProfile(ProfilePackages.BUNDLE);
        bundle.setLanguage("ja");
        bundle.setType(Bundle.BundleType.DOCUMENT).setTimestampElement(instant(referral.issued()));
        bundle.getIdentifier()
                .setSystem("http://jpfhir.jp/fhir/clins/bundle-identifier")
                .setValue("%s^%d^%s"
                        .formatted(referral.from().code(), referral.issued().getYear(), number));
        var composition = head();
        add(composition);
        var patient = add(resources.patient());
        var encounter = add(resources.encounter("visit"));
        var fromDoctor =
                add(resources.practitioner("doctor-from", referral.from().doctor()));
        var toDoctor = add(resources.practitioner("doctor-to", referral.to().doctor()));
        var fromPlace = add(resources.organization("institution-from", referral.from()));
        var toPlace = add(resources.organization("institution-to", referral.to()));
        composition
                .setSubject(patient)
                .setEncounter(encounter)
                .addAuthor(fromDoctor)
                .addAuthor(fromPlace)
                .setCustodian(fromPlace);
        composition.addSection(section("920", "紹介元情報", referral.from().institution(), fromPlace, fromDoctor));
        composition.addSection(section("910", "紹介先情報", referral.to().institution(), toPlace, toDoctor));
        composition.addSection(clinical(patient));
        attached(composition, patient);
        return bundle;
    }

    private Composition head() {
        var composition = new Composition();
        composition.setId("composition");
        composition.getMeta().setLastUpdatedElement(instant(referral.issued())).addProfile(COMPOSITION);
        composition.setLanguage("ja");
        composition.addExtension(VERSION, new StringType("1.0"));
        composition.getIdentifier().setSystem(ReferralResources.INSTANCE).setValue(number);
        composition.setStatus(Composition.CompositionStatus.FINAL);
        composition.setType(coded(CompositionRules.TYPE_SYSTEM, CompositionRules.TYPE, CompositionRules.TITLE));
        composition.addCategory(
                coded("http://jpfhir.jp/fhir/Common/CodeSystem/doc-subtypecodes", "OUTPATIENT", "外来文書"));
        composition.setDateElement(new DateTimeType(referral.issued().format(SECONDS)));
        composition.setTitle(CompositionRules.TITLE);
        composition
                .addEvent()
                .addCode(new CodeableConcept().setText("診療情報提供書発行"))
                .getPeriod()
                .setStartElement(
                        new DateTimeType(referral.issued().toLocalDate().toString()));
        return composition;
    }

    private SectionComponent clinical(Reference patient) {
        var story = referral.story();
        var purpose = add(resources.purpose());
        var problem = add(resources.problem(patient));
        var clinical = new SectionComponent().setTitle("構造情報").setCode(sectionCode("300", "構造情報"));
        clinical.addSection(section("950", "紹介目的", story.purpose(), purpose));
        clinical.addSection(section("340", "傷病名・主訴", story.problem().display(), problem));
        clinical.addSection(section("360", "現病歴", story.presentIllness()));
        clinical.addSection(section("370", "既往歴", story.pastIllness()));
        clinical.addSection(section("510", "アレルギー・不耐性反応", story.allergies()));
        clinical.addSection(section("430", "投薬指示", story.medication()));
        return clinical;
    }

    private void attached(Composition composition, Reference patient) {
        if (referral.attachments().isEmpty()) {
            return;
        }
        var section = section("210", "添付情報", "添付 " + referral.attachments().size() + " 件");
        for (int i = 0; i < referral.attachments().size(); i++) {
            section.addEntry(
                    add(resources.document(i + 1, referral.attachments().get(i), patient)));
        }
        composition.addSection(section);
    }

    private Reference add(Resource resource) {
        var url = "urn:uuid:" + uuid();
        bundle.addEntry().setFullUrl(url).setResource(resource);
        return new Reference(url).setType(resource.fhirType());
    }

    /// RFC 9562 version 4, from the die that was handed in.
    private UUID uuid() {
        return new UUID(
                (die.nextLong() & 0xffffffffffff0fffL) | 0x4000L,
                (die.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L);
    }

    private static SectionComponent section(String code, String title, String words, Reference... entries) {
        var section = new SectionComponent()
                .setTitle(title)
                .setCode(sectionCode(code, title))
                .setText(narrative(words));
        for (var entry : entries) {
            section.addEntry(entry);
        }
        return section;
    }

    private static CodeableConcept sectionCode(String code, String title) {
        return coded(SectionRules.SYSTEM, code, title + "セクション");
    }

    static CodeableConcept coded(String system, String code, String display) {
        return new CodeableConcept().addCoding(new Coding(system, code, display));
    }

    static InstantType instant(OffsetDateTime time) {
        return new InstantType(
                Date.from(time.toInstant()), TemporalPrecisionEnum.SECOND, TimeZone.getTimeZone(time.getOffset()));
    }

    /// Words become text nodes, so nothing in them can become mark-up.
    private static Narrative narrative(String words) {
        var div = new XhtmlNode(NodeType.Element, "div");
        div.setAttribute("xmlns", "http://www.w3.org/1999/xhtml");
        words.lines().forEach(line -> div.addTag("p").addText(line));
        var narrative = new Narrative().setStatus(Narrative.NarrativeStatus.ADDITIONAL);
        narrative.setDiv(div);
        return narrative;
    }
}
