package org.mizuhiki.records;

import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Enumerations;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/// The resources of a referral, each on its national profile (JP-CLINS eCS).
final class ReferralResources {
    static final String INSTANCE = "http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier";
    private static final String INSTITUTION = "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no";
    static final String INSURANCE = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID";
    private static final String CORE = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Organization_";
    private static final String REPRESENTATION = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";
    private static final String HL7 = "http://terminology.hl7.org/CodeSystem/";

    private final Referral referral;
    private final String number;
    private int instances;

    ReferralResources(Referral referral, String number) {
        this.referral = referral;
        this.number = number;
    }

    Patient patient() {
        var who = referral.patient();
        var patient = profiled(new Patient(), "patient");
        patient.setLanguage("ja");
        patient.addIdentifier()
                .setSystem("urn:oid:1.2.392.100495.20.3.51.1" + referral.from().code())
                .setValue(who.number());
        patient.addIdentifier().setSystem(INSURANCE).setValue(who.insurance());
        patient.setActive(true)
                .addName(name(who.name(), false))
                .addName(name(who.name(), true))
                .setGender(Enumerations.AdministrativeGender.fromCode(who.sex().code()))
                .setBirthDateElement(new DateType(who.birthDate().toString()))
                .addAddress(address(who.address(), who.postalCode()));
        return patient;
    }

    Practitioner practitioner(String id, Referral.Name who) {
        var practitioner = profiled(new Practitioner(), id);
        practitioner.setLanguage("ja");
        practitioner.addName(name(who, false)).addName(name(who, true));
        return practitioner;
    }

    Organization organization(String id, Referral.Side side) {
        var organization = profiled(new Organization(), id);
        var code = side.code().value();
        organization.setLanguage("ja");
        organization.addExtension(
                CORE + "PrefectureNo",
                new Coding()
                        .setSystem("http://jpfhir.jp/fhir/core/mhlw/CodeSystem/PrefectureNo-2digits")
                        .setCode(code.substring(0, 2)));
        organization.addExtension(
                CORE + "InsuranceOrganizationCategory",
                new Coding()
                        .setSystem("http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationFeeScoreType")
                        .setCode(code.substring(2, 3)));
        organization.addExtension(
                CORE + "InsuranceOrganizationNo",
                new Identifier()
                        .setSystem("http://jpfhir.jp/fhir/core/mhlw/IdSystem/MedicalOrganizationID")
                        .setValue(code.substring(3)));
        organization.addIdentifier().setSystem(INSTITUTION).setValue(code);
        organization
                .addType(new CodeableConcept()
                        .addCoding(new Coding()
                                .setSystem(HL7 + "organization-type")
                                .setCode("prov")))
                .setName(side.institution())
                .addAddress(address(side.address(), side.postalCode()).setCountry("JP"));
        organization
                .addTelecom()
                .setSystem(ContactPoint.ContactPointSystem.PHONE)
                .setValue(side.phone());
        return organization;
    }

    Encounter encounter(String id) {
        var encounter = profiled(new Encounter(), id);
        encounter.setLanguage("ja");
        encounter.addIdentifier(instance());
        return encounter
                .setStatus(Encounter.EncounterStatus.FINISHED)
                .setClass_(new Coding(HL7 + "v3-ActCode", "AMB", "外来"));
    }

    Encounter purpose() {
        var purpose = encounter("purpose");
        purpose.addReasonCode().setText(referral.story().purpose());
        return purpose;
    }

    Condition problem(Reference patient) {
        var said = referral.story().problem();
        var problem = profiled(new Condition(), "problem");
        problem.setLanguage("ja");
        problem.addIdentifier(instance());
        return problem.setClinicalStatus(plain("condition-clinical", "active"))
                .setVerificationStatus(plain("condition-ver-status", "confirmed"))
                .addCategory(plain("condition-category", "problem-list-item"))
                .setCode(ReferralWriter.coded(
                                "http://medis.or.jp/CodeSystem/master-disease-keyNumber", said.code(), said.display())
                        .setText(said.display()))
                .setSubject(patient)
                .setOnset(new DateTimeType(referral.story().onset().toString()));
    }

    /// An attachment travels beside the letter; the document names its content by hash (RFC 6920).
    DocumentReference document(int count, Attachment attachment, Reference patient) {
        var document = profiled(new DocumentReference(), "attachment-" + count);
        document.setLanguage("ja");
        document.setStatus(Enumerations.DocumentReferenceStatus.CURRENT)
                .setSubject(patient)
                .setDescription(attachment.name())
                .addContent()
                .getAttachment()
                .setContentType(attachment.mediaType().text())
                .setUrl(attachment.uri())
                .setTitle(attachment.name());
        if (attachment.size() <= Integer.MAX_VALUE) {
            document.getContentFirstRep().getAttachment().setSize((int) attachment.size());
        }
        return document;
    }

    private <T extends Resource> T profiled(T resource, String id) {
        resource.setId(id);
        resource.getMeta()
                .setLastUpdatedElement(ReferralWriter.instant(referral.issued()))
                .addProfile("http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_%s_eCS".formatted(resource.fhirType()));
        return resource;
    }

    private Identifier instance() {
        instances++;
        return new Identifier().setSystem(INSTANCE).setValue(number + "-" + instances);
    }

    private static CodeableConcept plain(String system, String code) {
        return new CodeableConcept()
                .addCoding(new Coding().setSystem(HL7 + system).setCode(code));
    }

    private static HumanName name(Referral.Name name, boolean kana) {
        var human = new HumanName()
                .setText(kana ? name.kana() : name.written())
                .setFamily(kana ? name.familyKana() : name.family())
                .addGiven(kana ? name.givenKana() : name.given());
        human.addExtension(REPRESENTATION, new CodeType(kana ? "SYL" : "IDE"));
        return human;
    }

    private static Address address(String text, String postalCode) {
        return new Address().setText(text).setPostalCode(postalCode);
    }
}
