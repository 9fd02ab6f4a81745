package org.mizuhiki.account;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The printed recovery code: 128 random bits and 12 bits of their SHA-256 as checksum, 28 characters of
/// Crockford's base32 in seven groups of four, such as `7KQ2-M3XW-9D4C-…`. Read back in upper or lower
/// case, with I and L for 1 and O for 0, and with any hyphens and spaces.
public final class RecoveryCode {
    static final int BYTES = 16;
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int CHARACTERS = 28;
    private static final int GROUP = 4;
    private static final int LONGEST = 200;

    private RecoveryCode() {}

    public static WayIn.Code fresh(SecureRandom die) {
        var code = new byte[BYTES];
        die.nextBytes(code);
        return new WayIn.Code(Secret.taking(code));
    }

    /// For paper only: whoever reads it opens the account.
    public static String revealed(WayIn.Code code) {
        return code.secret().lend(bytes -> grouped(withChecksum(bytes)));
    }

    /// @throws Refusal `recovery-code-mistyped`
    public static WayIn.Code read(Secret typed) {
        return typed.lend(text -> {
            var bytes = digits(text);
            var code = Arrays.copyOf(bytes, BYTES);
            if (!Arrays.equals(withChecksum(code), bytes)) {
                throw No.codeMistyped();
            }
            Arrays.fill(bytes, (byte) 0);
            return new WayIn.Code(Secret.taking(code));
        });
    }

    /// 140 bits in 18 bytes, the last half byte zero.
    private static byte[] withChecksum(byte... code) {
        var sum = Digest.of(code).toArray();
        var all = Arrays.copyOf(code, BYTES + 2);
        all[BYTES] = sum[0];
        all[BYTES + 1] = (byte) (sum[1] & 0xf0);
        return all;
    }

    private static byte[] digits(byte... text) {
        if (text.length > LONGEST) {
            throw No.codeMistyped();
        }
        var bytes = new byte[BYTES + 2];
        int at = 0;
        for (byte b : text) {
            if (b == '-' || b == ' ') {
                continue;
            }
            int digit = digit((char) b);
            if (digit < 0 || at == CHARACTERS) {
                throw No.codeMistyped();
            }
            put(bytes, at++, digit);
        }
        if (at != CHARACTERS) {
            throw No.codeMistyped();
        }
        return bytes;
    }

    private static int digit(char c) {
        char upper = Character.toUpperCase(c);
        return switch (upper) {
            case 'I', 'L' -> 1;
            case 'O' -> 0;
            default -> ALPHABET.indexOf(upper);
        };
    }

    private static void put(byte[] bytes, int character, int digit) {
        for (int bit = 0; bit < 5; bit++) {
            int at = character * 5 + bit;
            bytes[at / 8] |= (byte) (((digit >> (4 - bit)) & 1) << (7 - at % 8));
        }
    }

    private static String grouped(byte... bytes) {
        return grouped(bytes, CHARACTERS);
    }

    /// The first characters of some bytes, in groups of four.
    static String grouped(byte[] bytes, int characters) {
        var text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            int digit = 0;
            for (int bit = 0; bit < 5; bit++) {
                int at = i * 5 + bit;
                digit = (digit << 1) | ((bytes[at / 8] >> (7 - at % 8)) & 1);
            }
            text.append(i > 0 && i % GROUP == 0 ? "-" : "").append(ALPHABET.charAt(digit));
        }
        return text.toString();
    }

    /// Sixteen characters (80 bits) of a digest, for people to compare by telephone: who looks for another
    /// key with the same ones does not find it.
    static String spoken(Bytes about) {
        return grouped(about.sha256().toArray(), 16);
    }

    static boolean isSpoken(String typed, Bytes about) {
        var plain = typed.strip().toUpperCase(Locale.ROOT).replace(" ", "-");
        return java.security.MessageDigest.isEqual(
                Bytes.utf8(plain).toArray(), Bytes.utf8(spoken(about)).toArray());
    }
}
