package org.mizuhiki.records;

import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;

/// The rules for the head of the letter: JP_Composition_eReferral.
final class CompositionRules {
    static final String TYPE_SYSTEM = "http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes";
    static final String TYPE = "57133-1";
    static final String TITLE = "診療情報提供書";
    private static final String LOINC = "http://loinc.org";

    private CompositionRules() {}

    static void check(Composition composition, Inside inside, FindingList findings) {
        boolean isReferral = composition.getType().getCoding().stream()
                .anyMatch(coding -> TYPE.equals(coding.getCode())
                        && (TYPE_SYSTEM.equals(coding.getSystem()) || LOINC.equals(coding.getSystem())));
        if (!isReferral) {
            findings.error(
                    "composition-type",
                    "Composition.type",
                    "文書の種類が診療情報提供書（" + TYPE + "）ではありません",
                    "The document type is not a referral letter (" + TYPE + ")",
                    "種類コード" + TYPE + "の文書を指定してください",
                    "Give a document of type " + TYPE);
        }
        if (composition.getStatus() != Composition.CompositionStatus.FINAL) {
            findings.error(
                    "composition-status",
                    "Composition.status",
                    "文書が確定（final）していません",
                    "The letter is not final",
                    "確定してから送ってください",
                    "Finish the letter before sending it");
        }
        if (!TITLE.equals(composition.getTitle())) {
            findings.error(
                    "composition-title",
                    "Composition.title",
                    "表題が「" + TITLE + "」ではありません",
                    "The title is not '" + TITLE + "'",
                    "表題を「" + TITLE + "」にしてください",
                    "Set the title to '" + TITLE + "'");
        }
        if (!composition.hasDate()) {
            findings.error(
                    "composition-date",
                    "Composition.date",
                    "作成日がありません",
                    "The letter has no date",
                    "作成日を入れてください",
                    "Fill in the date");
        }
        people(composition, inside, findings);
    }

    private static void people(Composition composition, Inside inside, FindingList findings) {
        var patient = inside.find(composition.getSubject(), Patient.class);
        if (patient.isEmpty()) {
            findings.error(
                    "composition-subject",
                    "Composition.subject",
                    "患者（subject）が文書内のPatientを指していません",
                    "The subject is not a Patient of this document",
                    "文書内の患者を指定してください",
                    "Refer to the Patient inside the document");
        } else if (!patient.orElseThrow().hasName() || !patient.orElseThrow().hasIdentifier()) {
            findings.error(
                    "patient-incomplete",
                    "Patient",
                    "患者の氏名または識別番号がありません",
                    "The patient lacks a name or an identifier",
                    "氏名と患者番号などを入れてください",
                    "Add name and number");
        }
        patient.ifPresent(who -> insurance(who, findings));
        boolean hasDoctor = composition.getAuthor().stream()
                .anyMatch(author -> inside.find(author, Practitioner.class).isPresent());
        if (!hasDoctor) {
            findings.error(
                    "composition-author",
                    "Composition.author",
                    "作成者に文書内の医師（Practitioner）がいません",
                    "No author is a Practitioner of this document",
                    "作成した医師をauthorに入れてください",
                    "Name the writing doctor as author");
        }
    }

    private static void insurance(Patient patient, FindingList findings) {
        if (patient.getIdentifier().stream().noneMatch(i -> ReferralResources.INSURANCE.equals(i.getSystem()))) {
            findings.warning(
                    "patient-insurance",
                    "Patient.identifier",
                    "被保険者番号の識別子がありません。全国共通の様式では必須です",
                    "The insurance identifier that the national form demands is missing",
                    "保険者番号:記号:番号:枝番 を入れてください",
                    "Add insurer:symbol:number:branch");
        }
    }
}
