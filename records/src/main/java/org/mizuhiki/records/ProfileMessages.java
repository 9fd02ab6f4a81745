package org.mizuhiki.records;

import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Turns the validator's messages into findings a doctor's office can act on: alike ones become one, the
/// usual ones are said in Japanese, the original follows in English.
final class ProfileMessages {
    /// A pattern of HAPI's words and ours; `$1` and `$2` stand for its groups.
    private record Explanation(Pattern form, String code, String japanese, String remedy, String remedyEnglish) {}

    private static final List<Explanation> EXPLANATIONS = List.of(
            explain(
                    "^(?:\\S+: )?(\\S+?): minimum required = (\\d+), but only found",
                    "profile-missing",
                    "必須項目「$1」がありません（$2個以上必要）",
                    "項目を補ってください",
                    "Add the element"),
            explain(
                    "^(?:\\S+: )?(\\S+?): max(?:imum)? allowed = (\\d+), but found",
                    "profile-too-many",
                    "項目「$1」は$2個までです",
                    "余分な項目を除いてください",
                    "Remove the surplus"),
            explain(
                    "Value is '([^']*)' but (?:is fixed to|must be) '([^']*)'",
                    "profile-fixed",
                    "値「$1」は「$2」でなければなりません",
                    "定められた値にしてください",
                    "Use the demanded value"),
            explain(
                    "(?:Unknown code|code) '([^']*)'.*?(?:CodeSystem|value set|ValueSet) '([^']*)'",
                    "profile-code",
                    "コード「$1」がコード表「$2」にありません",
                    "コード表にある値を使ってください",
                    "Use a code of that table"),
            explain(
                    "(?:was not found|not in|none of the codings).{0,60}value ?set '([^']*)'()",
                    "profile-code",
                    "コードがコード表「$1」にありません",
                    "コード表にある値を使ってください",
                    "Use a code of that table"),
            explain(
                    "Slice '([^']*)': a matching slice is required()",
                    "profile-missing",
                    "必須の部分「$1」が見つかりません（他の指摘を直すと解消することがあります）",
                    "他の指摘から直してください",
                    "Mend the other findings first"),
            explain(
                    "ValueSet '([^']*)' not found()",
                    "profile-table-absent",
                    "コード表「$1」がパッケージにないため、コードは検査していません",
                    "対応は不要です",
                    "Nothing to do"),
            explain(
                    "CodeSystem is unknown and can't be validated: (\\S+)()",
                    "profile-table-absent",
                    "コード体系「$1」がパッケージにないため、コードは検査していません",
                    "対応は不要です",
                    "Nothing to do"),
            explain(
                    "does not match any known slice(?: defined in the profile (\\S+))?()",
                    "profile-slice",
                    "プロファイル「$1」が定めない項目です",
                    "プロファイルの定める形にしてください",
                    "Follow the profile"),
            explain(
                    "Profile reference '([^']*)' has not been checked()",
                    "profile-unknown",
                    "プロファイル「$1」がパッケージにありません",
                    "meta.profileを確認するか、パッケージを追加してください",
                    "Check meta.profile or add the package"),
            explain(
                    "Constraint failed: (\\S+?):()",
                    "profile-constraint",
                    "制約「$1」を満たしていません",
                    "英文の説明を見て直してください",
                    "See the words of the constraint"));

    private ProfileMessages() {}

    private static Explanation explain(String form, String code, String japanese, String remedy, String remedyEnglish) {
        return new Explanation(
                Pattern.compile(form, Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
                code,
                japanese,
                remedy,
                remedyEnglish);
    }

    static List<Finding> explained(List<SingleValidationMessage> messages) {
        var groups = new LinkedHashMap<String, List<SingleValidationMessage>>();
        messages.stream()
                .filter(message -> message.getSeverity() != ResultSeverityEnum.INFORMATION)
                // dom-6 wants a narrative in every resource; the national form puts it into the sections
                .filter(message -> !words(message).contains("(Best Practice Recommendation)"))
                .forEach(message -> groups.computeIfAbsent(kind(message), any -> new ArrayList<>())
                        .add(message));
        return groups.values().stream().map(ProfileMessages::one).toList();
    }

    static Finding broken(Exception e) {
        return new Finding(
                Finding.Severity.ERROR,
                "profile-validator-broken",
                "",
                "検査の途中で検査器が止まりました",
                "The validator broke off: " + e.getClass().getSimpleName(),
                "文書を開発元に示して相談してください（個人情報を除いてから）",
                "Report it with a letter freed of personal data");
    }

    /// Alike: same severity and same words but for numbers.
    private static String kind(SingleValidationMessage message) {
        return message.getSeverity() + " " + words(message).replaceAll("[0-9]+", "#");
    }

    private static String words(SingleValidationMessage message) {
        return Optional.ofNullable(message.getMessage()).orElse("");
    }

    private static Finding one(List<SingleValidationMessage> alike) {
        var first = alike.getFirst();
        var severity =
                first.getSeverity() == ResultSeverityEnum.WARNING ? Finding.Severity.WARNING : Finding.Severity.ERROR;
        var path = Optional.ofNullable(first.getLocationString()).orElse("");
        var times = alike.size() == 1 ? "" : "（同様の指摘が計" + alike.size() + "件）";
        var english = words(first) + (alike.size() == 1 ? "" : " (" + alike.size() + " alike)");
        for (var explanation : EXPLANATIONS) {
            var matcher = explanation.form().matcher(words(first));
            if (matcher.find()) {
                var japanese = explanation
                        .japanese()
                        .replace("$1", Optional.ofNullable(matcher.group(1)).orElse(""))
                        .replace("$2", Optional.ofNullable(matcher.group(2)).orElse(""));
                return new Finding(
                        severity,
                        explanation.code(),
                        path,
                        japanese + times,
                        english,
                        explanation.remedy(),
                        explanation.remedyEnglish());
            }
        }
        return new Finding(
                severity,
                "profile-other",
                path,
                "全国共通の様式に合わない箇所があります" + times,
                english,
                "英文の説明を見て直してください",
                "See the description");
    }
}
