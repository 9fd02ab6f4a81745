package org.mizuhiki.dues;

import java.util.List;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Month;

/// The office's words for no.
final class No {
    private No() {}

    static Refusal accountUnknown() {
        return Refusal.of(
                "account-unknown",
                "この医療機関の口座はありません。運営者に開設を頼んでください",
                "This institution has no account; ask the operator to open one");
    }

    static Refusal accountClosed() {
        return Refusal.of("account-closed", "この口座は閉じられています", "This account is closed");
    }

    static Refusal planUnknown() {
        return Refusal.of("plan-unknown", "選べるプランにその名前はありません", "There is no such plan to choose");
    }

    static Refusal invoiced() {
        return Refusal.of(
                "month-invoiced",
                "その月以降の請求書が発行済みです。翌月からにするか、先に取り消し（credit）をしてください",
                "That month or a later one has its invoice; begin after it, or take the invoice back first");
    }

    static Refusal invoiceUnknown() {
        return Refusal.of("invoice-unknown", "その番号の請求書はありません", "There is no such invoice");
    }

    static Refusal issuerMissing() {
        return Refusal.of(
                "issuer-missing",
                "請求書の発行者が登録されていません。先に issuer-set を行ってください",
                "Nobody is named who issues invoices; say issuer-set first");
    }

    static Refusal notComplete(Month month, List<String> servers) {
        return Refusal.of(
                "usage-not-complete",
                month + " の利用数がまだ揃っていません（" + String.join(", ", servers) + "）。月が終わり、全サーバーが動いているか確かめてください",
                "Usage of " + month + " is not complete yet (" + String.join(", ", servers)
                        + "): the month must be over and every server must answer");
    }
}
