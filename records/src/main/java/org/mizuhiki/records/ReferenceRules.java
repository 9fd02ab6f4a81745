package org.mizuhiki.records;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseReference;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Reference;

/// Every reference resolves inside the bundle (a letter is complete in itself, FHIR R4, 3.3.1); what an
/// attachment points at outside is never fetched, and the reader is told.
final class ReferenceRules {
    private static final Set<String> OWN_SCHEMES = Set.of("ni", "urn", "cid");

    private ReferenceRules() {}

    static void check(Bundle bundle, Inside inside, FindingList findings) {
        var terser = FhirReading.context().newTerser();
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            var resource = bundle.getEntry().get(i).getResource();
            if (resource == null) {
                continue;
            }
            var path = "Bundle.entry[" + i + "]." + resource.fhirType();
            terser.getAllPopulatedChildElementsOfType(resource, IBaseReference.class)
                    .forEach(found -> reference((Reference) found, path, inside, findings));
            terser.getAllPopulatedChildElementsOfType(resource, Attachment.class)
                    .forEach(attachment -> attachment(attachment, path, findings));
        }
    }

    private static void reference(Reference reference, String path, Inside inside, FindingList findings) {
        var target = reference.getReference();
        if (target == null || inside.find(reference).isPresent() || isContained(target, reference)) {
            return;
        }
        findings.error(
                "reference-outside",
                path,
                "参照「" + Texts.shortened(target, 80) + "」の先が文書の中にありません（外部には取りに行きません）",
                "The reference '" + Texts.shortened(target, 80)
                        + "' does not resolve inside the document; nothing is fetched",
                "参照先を文書に含めてください",
                "Include what it refers to");
    }

    /// HAPI ties `#id` to the contained resource while parsing; `#` alone is the holder itself.
    private static boolean isContained(String target, Reference reference) {
        return "#".equals(target) || (target.startsWith("#") && reference.getResource() != null);
    }

    private static void attachment(Attachment attachment, String path, FindingList findings) {
        if (!attachment.hasUrl() || isOwn(attachment.getUrl())) {
            return;
        }
        findings.warning(
                "attachment-outside",
                path,
                "添付の場所「" + Texts.shortened(attachment.getUrl(), 80) + "」は文書の外です。取りに行かないため、読む側には届きません",
                "The attachment's address '" + Texts.shortened(attachment.getUrl(), 80)
                        + "' is outside the letter; it is not fetched and does not reach the reader",
                "添付ファイルとして一緒に送ってください",
                "Send it along as an attachment");
    }

    private static boolean isOwn(String url) {
        try {
            var scheme = URI.create(url).getScheme();
            return scheme != null && OWN_SCHEMES.contains(scheme.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
