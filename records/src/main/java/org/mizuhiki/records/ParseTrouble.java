package org.mizuhiki.records;

import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.records.bounded.JsonGuard;

/// Collects what HAPI's parser objects to, as findings in two languages. Strict: whatever the parser would
/// silently drop is an error, since the reader would see less than the author signed.
final class ParseTrouble implements IParserErrorHandler {
    private static final String ASK_JAPANESE = "作成したシステムの出力を確認してください";
    private static final String ASK_ENGLISH = "Check the output of the system that wrote it";

    private final FindingList findings;

    ParseTrouble(FindingList findings) {
        this.findings = findings;
    }

    static void json(JsonGuard.Complaint found, FindingList findings) {
        var place = "offset " + found.offset();
        switch (found.fault()) {
            case NOT_UTF8 ->
                findings.error(
                        "json-not-utf8",
                        "",
                        "文字コードがUTF-8ではありません",
                        "The file is not UTF-8 text",
                        "UTF-8で保存し直してください",
                        "Save the file as UTF-8");
            case NOT_JSON ->
                findings.error(
                        "json-malformed",
                        place,
                        "JSONとして正しくありません（途中で切れている可能性があります）",
                        "This is not well-formed JSON; it may be cut off",
                        ASK_JAPANESE,
                        ASK_ENGLISH);
            case TOO_DEEP ->
                findings.error(
                        "json-too-deep",
                        place,
                        "入れ子が" + JsonGuard.MAX_DEPTH + "段を超えています",
                        "Nested deeper than " + JsonGuard.MAX_DEPTH + " levels",
                        ASK_JAPANESE,
                        ASK_ENGLISH);
            case TOO_MANY_VALUES ->
                findings.error(
                        "json-too-many-values",
                        place,
                        "項目が多すぎます（上限" + JsonGuard.MAX_VALUES + "）",
                        "More than " + JsonGuard.MAX_VALUES + " values",
                        "文書を分けてください",
                        "Split the document");
            case DOUBLED_NAME ->
                findings.error(
                        "json-doubled-name",
                        place,
                        "同じ項目名が一つのオブジェクトに二度あります。読む側により内容が変わるため受け付けません",
                        "A name occurs twice in one object; programs would read different letters",
                        ASK_JAPANESE,
                        ASK_ENGLISH);
        }
    }

    /// An exception's message without HAPI's internal code.
    static String words(Exception e) {
        var message = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
        return Texts.shortened(message.replaceFirst("^HAPI-[0-9]+: ", ""), 200);
    }

    @Override
    public void containedResourceWithNoId(@Nullable IParseLocation location) {
        refuse("fhir-contained-without-id", location, "内包リソースにidがありません", "A contained resource has no id");
    }

    @Override
    public void incorrectJsonType(
            @Nullable IParseLocation location,
            String element,
            ValueType expected,
            @Nullable ScalarType expectedScalar,
            ValueType found,
            @Nullable ScalarType foundScalar) {
        refuse(
                "fhir-wrong-type",
                location,
                "項目「" + element + "」の型が違います（" + expected + "のところ" + found + "）",
                "'" + element + "' has the wrong type: " + expected + " was expected, " + found + " found");
    }

    @Override
    public void invalidValue(@Nullable IParseLocation location, @Nullable String value, @Nullable String error) {
        refuse(
                "fhir-invalid-value",
                location,
                "値「" + Texts.shortened(String.valueOf(value), 60) + "」は使えません",
                "Invalid value '" + Texts.shortened(String.valueOf(value), 60) + "': " + error);
    }

    @Override
    public void missingRequiredElement(@Nullable IParseLocation location, String element) {
        refuse("fhir-missing", location, "必須項目「" + element + "」がありません", "'" + element + "' is required");
    }

    @Override
    public void unexpectedRepeatingElement(@Nullable IParseLocation location, String element) {
        refuse("fhir-repeated", location, "項目「" + element + "」は一つだけです", "'" + element + "' may occur only once");
    }

    @Override
    public void unknownAttribute(@Nullable IParseLocation location, String attribute) {
        refuse("fhir-unknown", location, "FHIR R4にない属性「" + attribute + "」です", "Unknown attribute '" + attribute + "'");
    }

    @Override
    public void unknownElement(@Nullable IParseLocation location, String element) {
        refuse("fhir-unknown", location, "FHIR R4にない項目「" + element + "」です", "Unknown element '" + element + "'");
    }

    /// Whether references resolve is a rule of its own ([ReferenceRules]), with better words.
    @Override
    public void unknownReference(@Nullable IParseLocation location, String reference) {}

    @Override
    public void invalidInternalReference(@Nullable IParseLocation location, String reference) {
        refuse("fhir-reference", location, "内部参照「" + reference + "」の先がありません", "'" + reference + "' refers to nothing");
    }

    @Override
    public void extensionContainsValueAndNestedExtensions(@Nullable IParseLocation location) {
        refuse("fhir-extension", location, "拡張が値と拡張の両方を持っています", "An extension has both a value and extensions");
    }

    private void refuse(String code, @Nullable IParseLocation location, String japanese, String english) {
        var place = Optional.ofNullable(location)
                .map(IParseLocation::getParentElementName)
                .orElse("");
        findings.error(code, place, japanese, english, ASK_JAPANESE, ASK_ENGLISH);
    }
}
