package org.mizuhiki.dues;

import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;

/// The number of an issuer of qualified invoices (適格請求書発行事業者登録番号): `T` and the thirteen digits of a
/// legal body's corporate number. The first digit checks the other twelve (法人番号の指定等に関する省令):
/// 9 − (Σ Pn·Qn mod 9), where Pn is the n-th digit from the right, Qn is 1 for odd n and 2 for even n.
public record RegistrationNumber(String value) {
    private static final Pattern FORM = Pattern.compile("T[1-9][0-9]{12}");

    /// @throws Refusal `registration-number-malformed` also when the check digit does not fit
    public RegistrationNumber {
        if (!FORM.matcher(value).matches() || value.charAt(1) - '0' != checkDigit(value.substring(2))) {
            throw Refusal.of(
                    "registration-number-malformed",
                    "登録番号はTと13桁の数字です。検査数字が合いません。書き間違いがないか確かめてください",
                    "A registration number is T and thirteen digits with the right check digit; check it for misprints");
        }
    }

    private static int checkDigit(String twelve) {
        int sum = 0;
        for (int n = 1; n <= twelve.length(); n++) {
            int digit = twelve.charAt(twelve.length() - n) - '0';
            sum += digit * (n % 2 == 1 ? 1 : 2);
        }
        return 9 - sum % 9;
    }
}
