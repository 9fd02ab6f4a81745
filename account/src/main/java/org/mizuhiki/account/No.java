package org.mizuhiki.account;

import org.mizuhiki.house.Refusal;

/// The room's refusals.
final class No {
    private No() {}

    static Refusal damaged() {
        return Refusal.of(
                "account-damaged",
                "アカウントの鍵データが壊れているか、別の人・別の種類・古い版のものにすり替えられています。運用者に連絡してください",
                "The account's key data is damaged, or another person's, kind's or version's was put in its place; tell"
                        + " the operator");
    }

    static Refusal rolledBack() {
        return Refusal.of(
                "account-rolled-back",
                "サーバが古い鍵束またはアカウントを返しました。使用を中止します。運用者に連絡してください",
                "A server answered with an older keyring or account than was seen before; it is not used. Tell the"
                        + " operator");
    }

    static Refusal missing() {
        return Refusal.of(
                "account-missing",
                "このIDのアカウントはまだ作られていません。登録済みの端末で「mizuhiki account create」を実行してください",
                "There is no account for this ID yet; run 'mizuhiki account create' on an enrolled device");
    }

    static Refusal exists() {
        return Refusal.of(
                "account-exists",
                "このIDのアカウントはすでにあります。すべてを失って登録し直した場合は --anew を付けてください",
                "There is an account for this ID already; add --anew if everything was lost and you enrolled again");
    }

    static Refusal noSuchWay() {
        return Refusal.of("way-unknown", "その名前の開け方はありません", "The account has no way in of this name");
    }

    static Refusal lastWay() {
        return Refusal.of(
                "way-last",
                "最後の開け方とパスワードは削除できません。パスワードは変更してください",
                "The last way in cannot be removed; a password is changed, not removed");
    }

    static Refusal rekeyed() {
        return Refusal.of(
                "account-rekeyed",
                "アカウントの主鍵が別の端末で交換されました。もう一度ログインしてください",
                "The account's master key was changed on another device; log in again");
    }

    static Refusal codeMistyped() {
        return Refusal.of(
                "recovery-code-mistyped",
                "復旧コードに入力の誤りがあります。28文字（4文字ずつ7組）を確かめて、もう一度入力してください",
                "The recovery code is mistyped; compare its 28 characters, seven groups of four, with the sheet");
    }

    static Refusal cardUnfit(String japanese, String english) {
        return Refusal.of("card-unfit", japanese, english);
    }

    static Refusal sharesTooFew() {
        return Refusal.of(
                "recovery-waiting",
                "まだ開けません。後見人2名の承認と、待ち時間の終わりが必要です",
                "Not yet: two guardians' approval and the end of the delay are needed");
    }

    static Refusal sharesWrong() {
        return Refusal.of(
                "recovery-shares-wrong",
                "後見人から受け取った分割鍵が正しくありません。後見人に確認してください",
                "The guardians' shares do not give the account's key; ask the guardians");
    }

    static Refusal codeDiffers() {
        return Refusal.of(
                "recovery-code-differs",
                "番号が一致しません。本人に電話などで確かめてください。承認していません",
                "The code is not this recovery's; ask the person by telephone. Nothing was approved");
    }
}
