package org.mizuhiki.records;

import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Composition;
import org.mizuhiki.house.Bytes;

/// The rules of the national referral form (JP-CLINS eReferral 1.5.2) that need no profile packages: strict
/// FHIR R4, a document bundle (FHIR R4, 3.3.1), the demanded sections, references that resolve inside,
/// harmless narratives. Stateless; about ten milliseconds a letter once warm.
public final class DocumentRules implements LetterForm {
    @Override
    public LetterCheck check(Bytes json) {
        var findings = new FindingList();
        var read = FhirReading.read(json, findings);
        if (read.isEmpty() || findings.hasErrors()) {
            return new LetterCheck.Rejected(findings.sorted());
        }
        var bundle = read.orElseThrow();
        var composition = BundleRules.check(bundle, findings);
        if (composition.isEmpty()) {
            return new LetterCheck.Rejected(findings.sorted());
        }
        return judged(bundle, composition.orElseThrow(), findings);
    }

    private static LetterCheck judged(Bundle bundle, Composition composition, FindingList findings) {
        var inside = new Inside(bundle);
        ReferenceRules.check(bundle, inside, findings);
        CompositionRules.check(composition, inside, findings);
        SectionRules.check(composition, inside, findings);
        NarrativeRules.check(bundle, findings);
        return findings.hasErrors()
                ? new LetterCheck.Rejected(findings.sorted())
                : new LetterCheck.Accepted(SummaryReading.of(composition, inside), findings.sorted());
    }
}
