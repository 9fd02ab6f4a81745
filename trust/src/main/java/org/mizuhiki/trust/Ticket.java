package org.mizuhiki.trust;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The right to be enrolled once: given out by an accredited institution (persons) or the operator
/// (servers, institutions), handed over on paper, QR code or file, useless after use or expiry. Written
/// `<id>.<secret>`; the authority keeps a salted hash of the secret only.
///
/// @param id 16 hexadecimal digits, not secret
/// @param secret 128 random bits
public record Ticket(String id, Secret secret) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}\\.[0-9a-f]{32}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    public Ticket {
        if (!ID.matcher(id).matches() || secret.size() != 16) {
            throw malformed();
        }
    }

    /// @throws Refusal `ticket-malformed`
    public static Ticket parse(String written) {
        var text = written.strip();
        if (!FORM.matcher(text).matches()) {
            throw malformed();
        }
        return new Ticket(text.substring(0, 16), Secret.taking(HexFormat.of().parseHex(text.substring(17))));
    }

    /// The form that is handed over; whoever holds it can be enrolled, so it belongs on paper or in a
    /// 0600 file only.
    public String revealed() {
        return id + "." + secret.lend(bytes -> HexFormat.of().formatHex(bytes));
    }

    private static Refusal malformed() {
        return Refusal.of(
                "ticket-malformed",
                "登録券の形式が正しくありません。印刷された文字列をそのまま入力してください",
                "The ticket is malformed; enter it exactly as printed");
    }
}
