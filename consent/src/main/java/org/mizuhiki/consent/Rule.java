package org.mizuhiki.consent;

import java.util.Locale;

/// Why somebody may not open a letter, from furthest to nearest to a yes; the name is the stable code.
enum Rule {
    LETTER_UNKNOWN("この文書は登録されていないか、あなたには開けません", "No such letter, or not for you"),
    LETTER_DISPUTED("この文書には食い違う登録があり、開けません", "Conflicting statements exist about this letter; nobody may open it"),
    NOT_A_READER("あなたへの横認証がありません", "No lateral grant opens this letter to you"),
    GRANTOR_NOT_ENTITLED("横認証をした人に、この文書を開く権限がありません", "Who gave the grant may not open this letter to others"),
    RELATION_MISSING("必要な診療関係（認証）がありません", "The care relation that this needs did not stand"),
    RELATION_REVOKED("診療関係（認証）が取り消されました", "The care relation behind the grant was ended"),
    READER_BARRED("患者がこの閲覧者への開示を止めています", "The patient has barred this reader"),
    GRANT_REVOKED("横認証が取り消されました", "The lateral grant was ended"),
    GRANT_EXPIRED("横認証の期限が切れています。発行した医師に再発行を依頼してください", "The lateral grant has expired; ask its author for a new one"),
    GRANT_NOT_YET("横認証はまだ有効ではありません", "The lateral grant is not valid yet"),
    EMERGENCY_NOT_ALLOWED("患者が緊急時の開示を許可していません", "The patient does not allow emergency access"),
    EMERGENCY_ENDED("緊急開示は取り消されました", "The emergency opening was ended"),
    EMERGENCY_OVER(
            "緊急開示の時間が過ぎました。必要なら、患者のカードで改めて開示してください",
            "The emergency opening is over; if it has to go on, open again with the patient's card");

    private final String japanese;
    private final String english;

    Rule(String japanese, String english) {
        this.japanese = japanese;
        this.english = english;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Decision denied() {
        return new Decision.Denied(code(), japanese, english);
    }
}
