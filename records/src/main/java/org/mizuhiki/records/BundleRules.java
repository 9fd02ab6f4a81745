package org.mizuhiki.records;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Resource;

/// The rules for the bundle as a document: FHIR R4 (3.3.1) and JP_Bundle_eReferral.
final class BundleRules {
    static final int MAX_ENTRIES = 2_000;
    private static final String SYSTEM = "http://jpfhir.jp/fhir/clins/bundle-identifier";

    private BundleRules() {}

    /// @return the composition, without which nothing else can be judged
    static Optional<Composition> check(Bundle bundle, FindingList findings) {
        if (bundle.getType() != Bundle.BundleType.DOCUMENT) {
            findings.error(
                    "bundle-not-document",
                    "Bundle.type",
                    "Bundleの種類がdocumentではありません",
                    "The bundle's type is not 'document'",
                    "診療情報提供書を文書（type: document）として出力してください",
                    "Export the letter as a document bundle");
        }
        identity(bundle, findings);
        entries(bundle, findings);
        people(bundle, findings);
        if (bundle.getEntryFirstRep().getResource() instanceof Composition composition) {
            return Optional.of(composition);
        }
        findings.error(
                "bundle-composition-first",
                "Bundle.entry[0]",
                "最初の項目がCompositionではありません",
                "The first entry is not a Composition",
                "Compositionを最初の項目にしてください",
                "Put the Composition first");
        return Optional.empty();
    }

    private static void identity(Bundle bundle, FindingList findings) {
        var identifier = bundle.getIdentifier();
        if (!SYSTEM.equals(identifier.getSystem()) || !identifier.hasValue()) {
            findings.error(
                    "bundle-identifier",
                    "Bundle.identifier",
                    "文書の識別子（" + SYSTEM + "）がありません",
                    "The document identifier (" + SYSTEM + ") is missing",
                    "医療機関コード^年^番号 の識別子を付けてください",
                    "Give it an identifier: institution code^year^number");
        }
        if (!bundle.hasTimestamp()) {
            findings.error(
                    "bundle-timestamp",
                    "Bundle.timestamp",
                    "文書の作成日時がありません",
                    "The bundle has no timestamp",
                    "timestampに作成日時を入れてください",
                    "Fill in the timestamp");
        }
    }

    private static void entries(Bundle bundle, FindingList findings) {
        if (bundle.getEntry().size() > MAX_ENTRIES) {
            findings.error(
                    "bundle-too-many-entries",
                    "Bundle.entry",
                    "項目が" + MAX_ENTRIES + "件を超えています",
                    "More than " + MAX_ENTRIES + " entries",
                    "文書を分けてください",
                    "Split the document");
        }
        var urls = new HashSet<String>();
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            var entry = bundle.getEntry().get(i);
            var path = "Bundle.entry[" + i + "]";
            if (entry.getResource() == null || !entry.hasFullUrl()) {
                findings.error(
                        "entry-incomplete",
                        path,
                        "項目にfullUrlまたはリソースがありません",
                        "The entry has no fullUrl or no resource",
                        "文書の各項目にfullUrlとリソースを入れてください",
                        "Give every entry a fullUrl and a resource");
            } else if (!urls.add(entry.getFullUrl())) {
                // two resources of one name: two readers could each follow a reference to another one (bdl-7)
                findings.error(
                        "entry-doubled",
                        path,
                        "同じfullUrlの項目が二つあります",
                        "Two entries share one fullUrl",
                        "fullUrlを項目ごとに別のものにしてください",
                        "Give each entry its own fullUrl");
            }
        }
    }

    private static void people(Bundle bundle, FindingList findings) {
        var resources = bundle.getEntry().stream()
                .map(Bundle.BundleEntryComponent::getResource)
                .toList();
        long patients = count(resources, Patient.class);
        if (patients != 1) {
            findings.error(
                    "bundle-patient",
                    "Bundle.entry",
                    "患者（Patient）は一人だけ必要ですが" + patients + "人です",
                    "Exactly one Patient is needed, there are " + patients,
                    "一人の患者の文書にしてください",
                    "Make it a document about one patient");
        }
        if (count(resources, Practitioner.class) < 1) {
            findings.error(
                    "bundle-practitioner",
                    "Bundle.entry",
                    "医師（Practitioner）がありません",
                    "There is no Practitioner",
                    "紹介元の医師を入れてください",
                    "Add the referring doctor");
        }
        if (count(resources, Organization.class) < 2) {
            findings.error(
                    "bundle-organizations",
                    "Bundle.entry",
                    "紹介元と紹介先の医療機関（Organization）が必要です",
                    "The referring and the receiving institution are needed",
                    "二つの医療機関を入れてください",
                    "Add both institutions");
        }
    }

    private static long count(List<Resource> resources, Class<? extends Resource> type) {
        return resources.stream().filter(type::isInstance).count();
    }
}
