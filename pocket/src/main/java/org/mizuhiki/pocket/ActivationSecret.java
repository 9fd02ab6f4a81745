package org.mizuhiki.pocket;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Ticket;

/// What is printed for a patient who was registered provisionally: 128 random bits, as nine words of five
/// letters or as a link for a QR code, each with a check of 16 bits against slips.
///
/// The key for which letters are sealed meanwhile, and the ticket that the authority takes, come out of it
/// (HKDF) and tell nothing about each other: the authority, which learns the ticket, cannot open a letter.
public final class ActivationSecret implements AutoCloseable {
    private static final int BYTES = 16;
    private static final int CHECK = 2;
    private static final String LINK = "mizuhiki:activate#1.";
    private static final Pattern LINK_FORM = Pattern.compile(Pattern.quote(LINK) + "[A-Za-z0-9_-]{24}");

    /// Proquints (arXiv:0901.4016): consonants are four bits, vowels two; no letter is mistaken for another.
    private static final String CONSONANTS = "bdfghjklmnprstvz";
    private static final String VOWELS = "aiou";
    private static final int[] SHIFTS = {12, 10, 6, 4, 0};

    private final Secret bits;

    private ActivationSecret(Secret bits) {
        this.bits = bits;
    }

    public static ActivationSecret random(SecureRandom die) {
        var bits = new byte[BYTES];
        die.nextBytes(bits);
        return new ActivationSecret(Secret.taking(bits));
    }

    /// @param typed the words in any case, divided by anything that is no letter; or the link
    /// @throws Refusal `activation-malformed`
    public static ActivationSecret parse(String typed) {
        if (typed.length() > 200) {
            throw malformed();
        }
        var text = typed.strip();
        var checked = LINK_FORM.matcher(text).matches()
                ? Base64.getUrlDecoder().decode(text.substring(LINK.length()))
                : fromWords(text.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", ""));
        var bits = Arrays.copyOf(checked, BYTES);
        boolean right = Arrays.equals(Arrays.copyOfRange(checked, BYTES, checked.length), check(bits));
        Arrays.fill(checked, (byte) 0);
        if (!right) {
            throw malformed();
        }
        return new ActivationSecret(Secret.taking(bits));
    }

    /// To be printed, and shown to nobody but the patient.
    public String revealedWords() {
        return bits.lend(b -> words(checked(b)));
    }

    /// For the QR code; nothing secret stands before the `#`.
    public String revealedLink() {
        return bits.lend(b -> LINK + Base64.getUrlEncoder().withoutPadding().encodeToString(checked(b)));
    }

    /// What the authority takes once.
    public Ticket ticket(Seals seals) {
        try (var id = seals.derive(bits, "mizuhiki activation id v1", 8)) {
            return new Ticket(
                    id.lend(HexFormat.of()::formatHex), seals.derive(bits, "mizuhiki activation ticket v1", BYTES));
        }
    }

    /// The key for which letters are sealed until the activation.
    public Opener.XWing opener(Seals seals) {
        return seals.readerKey(seals.derive(bits, "mizuhiki activation sealing key v1", 32));
    }

    /// The bits, for the closed file that an activation is continued from.
    Secret copy() {
        return bits.lend(b -> Secret.taking(b.clone()));
    }

    static ActivationSecret of(Secret bits) {
        if (bits.size() != BYTES) {
            throw malformed();
        }
        return new ActivationSecret(bits);
    }

    private static byte[] checked(byte... bits) {
        var all = Arrays.copyOf(bits, BYTES + CHECK);
        System.arraycopy(check(bits), 0, all, BYTES, CHECK);
        return all;
    }

    private static byte[] check(byte... bits) {
        return Arrays.copyOf(Digest.of(bits).toArray(), CHECK);
    }

    private static String words(byte... bytes) {
        var words = new StringBuilder();
        for (int i = 0; i < bytes.length; i += 2) {
            int pair = ((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff);
            words.append(i == 0 ? "" : " ");
            for (int letter = 0; letter < SHIFTS.length; letter++) {
                var alphabet = letter % 2 == 0 ? CONSONANTS : VOWELS;
                words.append(alphabet.charAt((pair >> SHIFTS[letter]) & (alphabet.length() - 1)));
            }
        }
        return words.toString();
    }

    private static byte[] fromWords(String letters) {
        var bytes = new byte[BYTES + CHECK];
        if (letters.length() != bytes.length / 2 * SHIFTS.length) {
            throw malformed();
        }
        for (int word = 0; word < bytes.length / 2; word++) {
            int pair = 0;
            for (int letter = 0; letter < SHIFTS.length; letter++) {
                int digit =
                        (letter % 2 == 0 ? CONSONANTS : VOWELS).indexOf(letters.charAt(word * SHIFTS.length + letter));
                if (digit < 0) {
                    throw malformed();
                }
                pair |= digit << SHIFTS[letter];
            }
            bytes[2 * word] = (byte) (pair >> 8);
            bytes[2 * word + 1] = (byte) pair;
        }
        return bytes;
    }

    private static Refusal malformed() {
        return Refusal.of(
                "activation-malformed",
                "用紙の言葉（9語）またはQRコードの読み取り結果が正しくありません。見比べて入力し直してください",
                "These are not the nine words, or the QR code, of a sheet; compare them and enter them again");
    }

    @Override
    public void close() {
        bits.close();
    }

    @Override
    public String toString() {
        return "ActivationSecret[redacted]";
    }
}
