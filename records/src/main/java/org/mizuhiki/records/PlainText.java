package org.mizuhiki.records;

import java.util.Set;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;

/// A narrative as plain text with line breaks: no mark-up of the sender survives, so none can act.
final class PlainText {
    static final int MOST = 100_000;
    private static final Set<String> NEW_LINE =
            Set.of("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol");
    private static final Set<String> SILENT = Set.of("script", "style", "object", "iframe");

    private PlainText() {}

    static String of(Narrative narrative) {
        var out = new StringBuilder();
        if (narrative.hasDiv()) {
            gather(narrative.getDiv(), out);
        }
        return out.toString().strip().replaceAll("\\n{2,}", "\n");
    }

    private static void gather(XhtmlNode node, StringBuilder out) {
        if (out.length() > MOST || (node.getName() != null && SILENT.contains(node.getName()))) {
            return;
        }
        if (node.getNodeType() == NodeType.Text && node.getContent() != null) {
            out.append(node.getContent());
        }
        if (node.getName() != null && NEW_LINE.contains(node.getName())) {
            out.append('\n');
        } else if ("td".equals(node.getName()) || "th".equals(node.getName())) {
            out.append(' ');
        }
        node.getChildNodes().forEach(child -> gather(child, out));
        if (node.getName() != null && NEW_LINE.contains(node.getName())) {
            out.append('\n');
        }
    }
}
