package org.mizuhiki.provisional;

import org.mizuhiki.house.Refusal;

/// The ways in which a registration is refused.
final class No {
    private No() {}

    static Refusal notAccredited() {
        return Refusal.of(
                "registrar-not-accredited",
                "あなたは仮登録を行う登録者として認定されていないか、認定が終わっています。運営者に依頼してください",
                "You are not accredited to register patients, or no longer; ask the operator");
    }

    static Refusal untilTooLate() {
        return Refusal.of(
                "registration-too-long",
                "仮登録の期限が、登録者の認定の期限より後です。期限を短くしてください",
                "The registration would outlive its registrar's own accreditation; make it shorter");
    }

    static Refusal quota() {
        return Refusal.of(
                "registrar-quota",
                "仮登録できる人数の上限に達しました。運営者に追加を依頼してください",
                "You have registered as many patients as you may; ask the operator for more");
    }

    static Refusal supervisor() {
        return Refusal.of(
                "supervisor-differs",
                "申告書の監督者が、認定された監督者と違います。もう一度登録してください",
                "The statement names another supervisor than your accreditation; register again");
    }

    static Refusal request() {
        return Refusal.of(
                "request-differs",
                "鍵が申告書のものと違います。もう一度登録してください",
                "The request's sealing key is not the one that the statement names; register again");
    }

    static Refusal over() {
        return Refusal.of(
                "registration-over",
                "この仮登録は期限切れか、停止されています。登録した医療機関でもう一度登録してください",
                "This registration lapsed or was suspended; be registered again at the institution");
    }

    static Refusal unknown() {
        return Refusal.of("registration-unknown", "この仮登録は見つかりません", "There is no such provisional registration");
    }

    /// The same for a wrong secret, an ID that nobody has, and one that was tried too often.
    static Refusal activationUnknown() {
        return Refusal.of(
                "activation-unknown",
                "用紙の言葉またはQRコードが正しくありません。印刷と見比べてください",
                "The words or the QR code of the sheet are wrong; compare them with the print");
    }

    static Refusal activationUsed() {
        return Refusal.of(
                "activation-used",
                "この用紙は別の端末で既に使われています。心当たりがなければ、すぐに登録した医療機関に連絡して停止してもらってください",
                "This sheet was used on another device already; if not by you, have the institution suspend the"
                        + " registration at once");
    }

    static Refusal notActivated() {
        return Refusal.of(
                "not-activated",
                "患者がまだ用紙を使って端末を登録していません。先に登録してもらってください",
                "The patient has not activated the registration yet; let the patient do that first");
    }

    static Refusal notIndependent() {
        return Refusal.of(
                "confirmation-not-independent",
                "仮登録の確認は、登録した医療機関とは別の医療機関の医療従事者だけができます",
                "A registration is confirmed by a professional of another institution than the registrar's");
    }

    static Refusal notYours() {
        return Refusal.of(
                "not-yours-to-end",
                "この仮登録を停止できるのは、本人・監督者・（確認前に限り）登録者だけです",
                "Only the patient, the supervisor and, until it is confirmed, the registrar can suspend this");
    }

    static Refusal signer() {
        return Refusal.of(
                "statement-signer", "本人が署名した申告書だけを受け付けます", "Only statements that you signed yourself are accepted");
    }

    static Refusal terms() {
        return Refusal.of(
                "registrar-terms",
                "登録者・監督者は同じ医療機関の別々の医療従事者、人数は1〜1000、期間は1〜366日で指定してください",
                "Registrar and supervisor are two professionals of one institution, with 1 to 1000 patients and 1 to 366"
                        + " days");
    }
}
