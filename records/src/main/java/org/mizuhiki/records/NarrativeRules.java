package org.mizuhiki.records;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;

/// Narratives hold text, not programs: FHIR R4's txt-1 forbids scripts, forms, frames, objects and event
/// handlers, and we forbid pictures and styles from outside as well (they would tell a stranger that the
/// letter is being read). Judged on the parsed tree, so that words about scripts stay words.
final class NarrativeRules {
    private static final Set<String> ACTIVE = Set.of(
            "script",
            "iframe",
            "frame",
            "frameset",
            "object",
            "embed",
            "applet",
            "form",
            "input",
            "button",
            "select",
            "textarea",
            "link",
            "meta",
            "base",
            "style",
            "svg",
            "math",
            "audio",
            "video",
            "template");
    private static final Set<String> ADDRESSES = Set.of("src", "href", "background", "action", "data", "poster");
    private static final Pattern DECLARATION = Pattern.compile("<!(doctype|entity)|<\\?");
    private static final Pattern LOADING_STYLE = Pattern.compile("url\\s*\\(|@import|expression\\s*\\(|\\\\");

    private enum Harm {
        NONE,
        OUTSIDE,
        ACTIVE
    }

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
        if (!narrative.hasDiv()) {
            return;
        }
        var markup = String.valueOf(narrative.getDivAsString()).toLowerCase(Locale.ROOT);
        var harm = DECLARATION.matcher(markup).find() ? Harm.ACTIVE : harm(narrative.getDiv());
        switch (harm) {
            case NONE -> {
                // plain formatted text, as it should be
            }
            case ACTIVE ->
                findings.error(
                        "narrative-active",
                        path + ".text",
                        "本文（div）にスクリプトなど動作するものが含まれています",
                        "The narrative holds active content such as scripts",
                        "本文は書式付きの文字だけにしてください",
                        "Use plain formatted text only");
            case OUTSIDE ->
                findings.error(
                        "narrative-outside",
                        path + ".text",
                        "本文（div）が外部の画像などを読み込もうとしています",
                        "The narrative loads something from outside",
                        "外部への参照を除いてください",
                        "Remove references to the outside");
        }
    }

    private static Harm harm(XhtmlNode node) {
        var name = node.getName() == null ? "" : node.getName().toLowerCase(Locale.ROOT);
        // a namespace prefix must not hide an element: x:script
        if (ACTIVE.contains(name.substring(name.indexOf(':') + 1))) {
            return Harm.ACTIVE;
        }
        var worst = Harm.NONE;
        for (var attribute : node.getAttributes().entrySet()) {
            worst = worse(worst, harm(attribute.getKey().toLowerCase(Locale.ROOT), attribute.getValue()));
        }
        for (var child : node.getChildNodes()) {
            worst = worse(worst, harm(child));
        }
        return worst;
    }

    private static Harm harm(String attribute, String value) {
        // browsers skip control characters and blanks inside a scheme
        var plain = value.toLowerCase(Locale.ROOT).replaceAll("[\\p{Cntrl}\\s]", "");
        if (attribute.startsWith("on") || plain.startsWith("javascript:") || plain.startsWith("vbscript:")) {
            return Harm.ACTIVE;
        }
        if (attribute.equals("style")) {
            return LOADING_STYLE.matcher(plain).find() ? Harm.OUTSIDE : Harm.NONE;
        }
        boolean stays = plain.startsWith("#") || plain.startsWith("data:image/");
        boolean isLink = attribute.equals("href") && (plain.startsWith("https:") || plain.startsWith("http:"));
        return ADDRESSES.contains(attribute) && !stays && !isLink ? Harm.OUTSIDE : Harm.NONE;
    }

    private static Harm worse(Harm one, Harm other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
