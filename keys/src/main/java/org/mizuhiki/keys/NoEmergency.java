package org.mizuhiki.keys;

import org.mizuhiki.house.Refusal;

/// The ways in which the key server says no to emergencies.
final class NoEmergency {
    private NoEmergency() {}

    /// One answer for "does not exist" and "not allowed".
    static Refusal notAllowed() {
        return Refusal.of("emergency-not-allowed", "患者が緊急時の開示を許可していません", "The patient does not allow emergency access");
    }

    static Refusal stands() {
        return Refusal.of(
                "emergency-stands",
                "緊急時の許可はすでにあります。先に取り消してください（mizuhiki emergency remove）",
                "Another permission stands; remove it first (mizuhiki emergency remove)");
    }

    static Refusal shareMalformed() {
        return Refusal.of("share-malformed", "鍵サーバの分の長さが正しくありません", "The key server's part has 32 bytes");
    }

    static Refusal stale() {
        return Refusal.of(
                "statement-stale",
                "緊急開示の時刻が現在から5分以上ずれています。もう一度実行してください",
                "The opening was said more than five minutes from now; open again");
    }

    static Refusal notAsked() {
        return Refusal.of(
                "emergency-not-asked",
                "端末が答えるべき乱数が取得されていないか、使用済みか、期限切れです。もう一度実行してください",
                "No nonce was asked for, or it was used or is over; open again");
    }

    static Refusal terminalNotAccredited() {
        return Refusal.of(
                "terminal-not-accredited",
                "この端末は、あなたの機関の緊急開示用として認定されていません",
                "This terminal is not accredited for emergencies at your institution");
    }

    static Refusal cardOfOther() {
        return Refusal.of(
                "card-of-other",
                "このカードは、この患者が緊急時のために登録したものではありません",
                "This is not the card that the patient named for emergencies");
    }

    static Refusal presenceDiffers() {
        return Refusal.of(
                "visit-forged",
                "受診の証拠が、署名された緊急開示の内容と一致しません",
                "The evidence is not the one that the opening names, or of another institution");
    }

    static Refusal tooMany() {
        return Refusal.of(
                "emergencies-too-many",
                "本日の緊急開示の上限に達しました。運用者に連絡してください",
                "Too many emergency openings today; tell the operator");
    }
}
