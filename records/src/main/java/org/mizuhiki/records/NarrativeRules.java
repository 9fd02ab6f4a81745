package org.mizuhiki.records;

import java.util.Locale;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Narrative;

/// Narratives hold text, not programs: FHIR R4's txt-1 forbids scripts, forms, frames, objects and event
/// handlers,
/// and we forbid pictures and styles from outside as well (they would tell a stranger that the letter is
/// being read).
final class NarrativeRules {
    private static final Pattern ACTIVE = Pattern.compile(
            "<\\s*(script|iframe|frame|object|embed|applet|form|input|button|link|meta|base|style|svg|math)\\b"
                    + "|\\son[a-z]+\\s*=|javascript:|<!(doctype|entity)|<\\?");
    private static final Pattern OUTSIDE = Pattern.compile("\\ssrc\\s*=\\s*[\"']?\\s*(https?:|//|file:)|url\\s*\\(");

    private NarrativeRules() {}

    static void check(Bundle bundle, FindingList findings) {
        var terser = FhirReading.context().newTerser();
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            var resource = bundle.getEntry().get(i).getResource();
            if (resource != null) {
                var path = "Bundle.entry[" + i + "]." + resource.fhirType();
                terser.getAllPopulatedChildElementsOfType(resource, Narrative.class)
                        .forEach(narrative -> one(narrative, path, findings));
            }
        }
    }

    private static void one(Narrative narrative, String path, FindingList findings) {
        var markup = String.valueOf(narrative.getDivAsString()).toLowerCase(Locale.ROOT);
        if (ACTIVE.matcher(markup).find()) {
            findings.error(
                    "narrative-active",
                    path + ".text",
                    "本文（div）にスクリプトなど動作するものが含まれています",
                    "The narrative holds active content such as scripts",
                    "本文は書式付きの文字だけにしてください",
                    "Use plain formatted text only");
        } else if (OUTSIDE.matcher(markup).find()) {
            findings.error(
                    "narrative-outside",
                    path + ".text",
                    "本文（div）が外部の画像などを読み込もうとしています",
                    "The narrative loads something from outside",
                    "外部への参照を除いてください",
                    "Remove references to the outside");
        }
    }
}
