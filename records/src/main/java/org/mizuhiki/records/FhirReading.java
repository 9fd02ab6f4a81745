package org.mizuhiki.records;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import java.util.Optional;
import org.hl7.fhir.r4.model.Bundle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.records.bounded.JsonGuard;

/// Reads a letter's JSON into HAPI's model, or says in words why not. Parsing never fetches: no reference,
/// profile, schema or entity is followed.
final class FhirReading {
    private FhirReading() {}

    /// Built on first use: costs about a second that a process without letters must not pay.
    private static final class Lazy {
        private static final FhirContext CONTEXT = build();

        private static FhirContext build() {
            QuietHapi.hush();
            return FhirContext.forR4Cached();
        }
    }

    static FhirContext context() {
        return Lazy.CONTEXT;
    }

    /// @return empty when an error went into `findings`
    static Optional<Bundle> read(Bytes json, FindingList findings) {
        if (!isBoundedJson(json, findings)) {
            return Optional.empty();
        }
        var trouble = new ParseTrouble(findings);
        try {
            var parser = context().newJsonParser().setParserErrorHandler(trouble);
            if (parser.parseResource(json.asUtf8()) instanceof Bundle bundle) {
                return Optional.of(bundle);
            }
            findings.error(
                    "letter-not-bundle",
                    "",
                    "FHIRのBundleではありません",
                    "The file is not a FHIR Bundle",
                    "診療情報提供書の文書Bundle（type: document）を指定してください",
                    "Give a document Bundle in the referral form");
        } catch (DataFormatException | IllegalArgumentException | ClassCastException | NullPointerException e) {
            // HAPI answers some malformed trees with run-time exceptions of its insides; all of them mean "not FHIR"
            findings.error(
                    "fhir-unreadable",
                    "",
                    "FHIR R4として読めません: " + ParseTrouble.words(e),
                    "Cannot be read as FHIR R4: " + ParseTrouble.words(e),
                    "作成したシステムの出力を確認してください",
                    "Check the output of the system that wrote it");
        }
        return Optional.empty();
    }

    private static boolean isBoundedJson(Bytes json, FindingList findings) {
        if (json.size() > LetterForm.MAX_BYTES) {
            findings.error(
                    "letter-too-large",
                    "",
                    "文書が20 MBを超えています",
                    "The document exceeds 20 MB",
                    "画像などは文書に埋め込まず、添付にしてください",
                    "Attach images instead of embedding them");
            return false;
        }
        var bytes = json.toArray();
        if (looksLikeXml(bytes)) {
            findings.error(
                    "letter-xml",
                    "",
                    "XML形式のFHIRは受け付けていません",
                    "FHIR in XML is not accepted",
                    "JSON形式で出力し直してください",
                    "Export the letter as JSON");
            return false;
        }
        var complaint = JsonGuard.look(bytes);
        complaint.ifPresent(found -> ParseTrouble.json(found, findings));
        return complaint.isEmpty();
    }

    private static boolean looksLikeXml(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, 64); i++) {
            byte b = bytes[i];
            if (b == '<') {
                return true;
            }
            // white space and a UTF-8 byte order mark may stand before it
            if (b > ' ') {
                return false;
            }
        }
        return false;
    }
}
