package org.mizuhiki.keys;

import org.mizuhiki.consent.Decision;
import org.mizuhiki.house.Refusal;

/// The ways in which the key server says no.
final class No {
    private No() {}

    /// One answer for "does not exist" and "not yours": nobody can find out which letters there are.
    static Refusal notProfessional() {
        return Refusal.of(
                "statement-not-professional",
                "横認証で文書を開けるのは、医療機関に所属が確認された医療従事者だけです",
                "By a lateral grant only a professional attested by an institution opens a letter");
    }

    static Refusal letterUnknown() {
        return Refusal.of(
                "letter-unknown", "この文書は登録されていないか、あなたには開けません", "There is no such letter, or it is not for you");
    }

    static Refusal rule(Decision.Denied denied) {
        return Refusal.of(denied.rule(), denied.japanese(), denied.english());
    }

    static Refusal notTheSigner() {
        return Refusal.of(
                "statement-signer", "本人が署名した申告書だけを受け付けます", "Only statements that you signed yourself are accepted");
    }

    static Refusal notAuthor() {
        return Refusal.of("caller-not-author", "文書の作成者本人だけが登録できます", "Only its author can file a letter");
    }

    static Refusal notRelated() {
        return Refusal.of(
                "not-related",
                "医師と患者の双方が署名した有効な診療関係（認証）がありません",
                "No care relation stands that both professional and patient have signed");
    }

    static Refusal slotMissing() {
        return Refusal.of(
                "slot-missing", "患者本人と作成者の2つの鍵スロットが必要です", "Exactly the owner's and the author's slots are needed");
    }

    static Refusal slotTooLarge() {
        return Refusal.of("slot-too-large", "鍵スロットの大きさが正しくありません", "A slot is empty or larger than a slot may be");
    }

    static Refusal slotMismatch() {
        return Refusal.of(
                "slot-mismatch", "鍵スロットが、署名された横認証の内容と一致しません", "The slot is not the one that the signed grant names");
    }

    static Refusal ownerKeyRetired() {
        return Refusal.of(
                "owner-key-retired",
                "患者の仮の鍵は使い終わっています。もう一度送信してください（新しい鍵で封緘されます）",
                "The patient's provisional key is used no more; send the letter again, for the new one");
    }

    static Refusal ownerKeyDiffers() {
        return Refusal.of(
                "owner-key-differs",
                "鍵ディレクトリが示す患者の今の鍵ではありません。もう一度実行してください",
                "This is not the key that the directory proves for the patient now; run it again");
    }

    static Refusal confirmedAlready() {
        return Refusal.of(
                "confirmed-already",
                "この仮登録は、あなたがすでに確認したか、確認の数が上限（20件）に達しています",
                "You confirmed this registration before, or as many people as may (20) did");
    }

    static Refusal registrationUnknown() {
        return Refusal.of(
                "registration-unknown",
                "認証局がこの仮登録を受け付けていません。先に認証局に登録してください",
                "The authority has not accepted this registration; register there first");
    }

    static Refusal notIndependent() {
        return Refusal.of(
                "confirmation-not-independent",
                "仮登録の確認は、本人または登録した医療機関とは別の医療機関の医療従事者だけができます",
                "A provisional registration is confirmed by the patient, or by a professional of another institution");
    }

    static Refusal letterExists() {
        return Refusal.of("letter-exists", "この文書は別の申告で登録済みです", "The letter was filed before by another statement");
    }

    static Refusal disclosureStale() {
        return Refusal.of(
                "disclosure-stale",
                "開封の申告は署名から5分以内に限り有効です。もう一度開き直してください",
                "A disclosure is good for five minutes after it was signed; open the letter again");
    }

    static Refusal disclosureMismatch() {
        return Refusal.of(
                "disclosure-mismatch",
                "開封の申告の患者が、文書の患者と一致しません",
                "The disclosure names another owner than the letter has");
    }

    static Refusal wrongKind() {
        return Refusal.of("statement-kind", "この操作にはちがう種類の申告書が必要です", "This needs a statement of another kind");
    }

    static Refusal statementUnknown() {
        return Refusal.of(
                "statement-unknown",
                "取り消す対象の申告が見つからないか、あなたに関するものではありません",
                "What is to be ended was not found, or does not concern you");
    }

    static Refusal notYoursToEnd() {
        return Refusal.of("not-yours-to-end", "あなたにはこの申告を取り消す権限がありません", "This statement is not yours to end");
    }

    static Refusal alreadyEnded() {
        return Refusal.of("already-ended", "この申告は取り消し済みです", "You have ended this statement already");
    }

    static Refusal statementOver() {
        return Refusal.of("statement-over", "申告の期限が既に過ぎています", "The statement's time is already over");
    }

    static Refusal tooMany() {
        return Refusal.of(
                "statements-too-many",
                "この文書または診療関係についての申告が多すぎます。期限切れを待つか管理者に連絡してください",
                "Too many statements about this letter or relation");
    }

    static Refusal openingsTooMany() {
        return Refusal.of(
                "openings-too-many",
                "この文書を開いた回数が今日の上限に達しました。明日もう一度開いてください",
                "You have opened this letter as often as may be in one day; open it again tomorrow");
    }

    static Refusal pageMalformed() {
        return Refusal.of(
                "page-malformed",
                "件数は1〜200、番号は正の数で指定してください",
                "A page has 1 to 200 statements before a positive number");
    }

    static Refusal registrationOver() {
        return Refusal.of(
                "registration-over",
                "パスワードの設定が時間切れか、別の設定が始まっています。もう一度設定してください",
                "Setting the password took too long, or was begun anew elsewhere; set it again");
    }

    /// The same words for a wrong password, an ID that nobody has, and a log-in that took too long.
    static Refusal loginFailed() {
        return Refusal.of(
                "login-failed",
                "IDまたはパスワードが正しくありません。入力を確かめて、もう一度お試しください",
                "ID or password is wrong; check what you typed and try again");
    }

    static Refusal sessionOver() {
        return Refusal.of("session-over", "ログインの有効時間が終わりました。もう一度ログインしてください", "The session is over; log in again");
    }

    static Refusal slotNameMalformed() {
        return Refusal.of(
                "slot-name-malformed",
                "鍵スロットの名前は英小文字と数字の語をハイフンでつないだ40文字までです",
                "A slot's name is lower case words and digits joined by hyphens, 40 characters at most");
    }

    static Refusal slotsTooMany() {
        return Refusal.of("slots-too-many", "鍵スロットは32個までです。不要なものを削除してください", "There are at most 32 slots; remove one");
    }

    static Refusal recoveriesTooMany() {
        return Refusal.of(
                "recovery-rate-exceeded",
                "同じ場所からの復旧の申し込みが多すぎます。別の回線から申し込むか、数日待ってください",
                "Too many recoveries were asked from this address; ask from another one, or wait some days");
    }

    static Refusal accountKeyWrong() {
        return Refusal.of(
                "account-key-wrong",
                "アカウントの鍵を示していないか、鍵が別の端末で交換されました。もう一度ログインしてください",
                "This does not show the account's key, or the key was changed on another device; log in again");
    }

    static Refusal accountChanged() {
        return Refusal.of(
                "account-changed",
                "別の端末が先にアカウントを変更しました。もう一度実行してください",
                "Another device changed the account first; try again");
    }

    /// The same words for an ID that nobody has.
    static Refusal wayInUnknown() {
        return Refusal.of(
                "way-in-unknown",
                "このIDは、この方法では開けません。IDと、復旧コードやカードなどが合っているかを確かめてください",
                "This ID does not open this way; check the ID, and whether the code, card or key is this account's");
    }

    static Refusal recoveryUnknown() {
        return Refusal.of("recovery-unknown", "この復旧の申し込みはありません", "There is no such recovery, or it is not yours");
    }

    static Refusal recoveryOver() {
        return Refusal.of(
                "recovery-over", "この復旧の申し込みは、取り消されたか期限が切れています", "This recovery was vetoed, or its time is over");
    }

    static Refusal approvalForged() {
        return Refusal.of(
                "approval-malformed",
                "後見人の承認の署名または内容が正しくありません",
                "The guardian's approval is not signed by that guardian, or has not its form");
    }
}
