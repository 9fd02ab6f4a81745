package org.mizuhiki.trust;

import java.util.Arrays;
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

    /// Of its two halves, as a login carries them, without any text of the secret, which would stay in memory.
    ///
    /// @param digits 32 lower-case hexadecimal digits; stays the caller's
    /// @throws Refusal `ticket-malformed`
    public static Ticket of(String id, Secret digits) {
        return new Ticket(id, digits.lend(Ticket::value));
    }

    private static Secret value(byte[] digits) {
        var value = new byte[digits.length / 2];
        boolean fit = digits.length % 2 == 0;
        for (int i = 0; i < digits.length && fit; i++) {
            int digit = Character.digit(digits[i], 16);
            fit = digit >= 0 && !Character.isUpperCase(digits[i]);
            value[i / 2] = (byte) (value[i / 2] << 4 | digit);
        }
        if (!fit) {
            Arrays.fill(value, (byte) 0);
            throw malformed();
        }
        return Secret.taking(value);
    }

    /// The secret half of the form that is handed over, in no text; the caller closes it.
    public Secret digits() {
        return secret.lend(bytes -> {
            var digits = new byte[2 * bytes.length];
            for (int i = 0; i < digits.length; i++) {
                int half = i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2];
                digits[i] = (byte) Character.forDigit(half & 0xf, 16);
            }
            return Secret.taking(digits);
        });
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
