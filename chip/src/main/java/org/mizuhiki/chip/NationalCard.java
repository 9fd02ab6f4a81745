package org.mizuhiki.chip;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The public application (JPKI) of a national ID card, with the commands that OpenSC's `jpki` driver uses:
/// a real card in a reader, or the house's simulator. Only the institution authentication at the end is our
/// own, and works with the simulator alone.
///
/// What was shown to the card, a PIN or an institution's right, holds until it is reset or another
/// application is selected.
public final class NationalCard implements AutoCloseable {
    /// A key on the card, with its PIN and its certificates.
    public enum Credential {
        /// 利用者証明用: PIN of 4 digits, three tries.
        AUTHENTICATION(0x0017, 0x0018, 0x000a, 0x000b),
        /// 署名用: PIN of 6 to 16 digits and capital letters, five tries; its certificate shows who the owner is.
        SIGNATURE(0x001a, 0x001b, 0x0001, 0x0002);

        private final int key;
        private final int pin;
        private final int certificate;
        private final int issuer;

        Credential(int key, int pin, int certificate, int issuer) {
            this.key = key;
            this.pin = pin;
            this.certificate = certificate;
            this.issuer = issuer;
        }

        int key() {
            return key;
        }

        int pin() {
            return pin;
        }

        int certificateFile() {
            return certificate;
        }

        int issuerFile() {
            return issuer;
        }
    }

    static final Bytes AID = Bytes.of(HexFormat.of().parseHex("d392f000260100000001"));
    /// The real card's answer to reset (ISO 7816-3), by which drivers know it.
    public static final Bytes ATR = Bytes.of(HexFormat.of().parseHex("3be000ff8131fe4514"));

    static final int TOKEN_NAME = 0x0006;
    static final int TOKEN_NAME_SIZE = 32;
    /// DigestInfo of SHA-256 without the hash (RFC 8017, 9.2).
    private static final Bytes SHA_256 = Bytes.of(HexFormat.of().parseHex("3031300d060960864801650304020105000420"));
    private static final int DER_HEADER = 4;
    private static final int MOST = 0x7fff;

    private final Iso7816 line;
    private final ReentrantLock one = new ReentrantLock();

    private NationalCard(CardChannel channel) {
        line = new Iso7816(channel);
    }

    /// Selects the application; what was shown to the card before is forgotten.
    ///
    /// @throws Refusal `no-national-card`
    public static NationalCard on(CardChannel channel) {
        var card = new NationalCard(channel);
        card.line.send(0x00a4040c, AID, status -> absent());
        return card;
    }

    private static Refusal absent() {
        return Refusal.of(
                "no-national-card",
                "マイナンバーカードではありません",
                "This card is no national ID card (no public application on it)");
    }

    private <T> T alone(Supplier<T> commands) {
        one.lock();
        try {
            return commands.get();
        } finally {
            one.unlock();
        }
    }

    private void select(int file) {
        line.send(0x00a4020c, EKey.number(file, 2), NationalCard::refused);
    }

    private Bytes read(int offset, int length) {
        return line.ask(0x00b00000 | offset, Bytes.of(), length, NationalCard::refused);
    }

    /// `JPKIAPICCTOKEN2` for a card; the name is padded with spaces there.
    public String tokenName() {
        return alone(() -> {
            select(TOKEN_NAME);
            return read(0, TOKEN_NAME_SIZE).asUtf8().strip();
        });
    }

    /// @throws Refusal `card-not-permitted` for the signature's before its PIN was shown
    public X509Certificate certificate(Credential credential) {
        return certificate(credential.certificateFile());
    }

    /// The CA's own certificate, as it lies on the card: no reason to believe it.
    public X509Certificate issuer(Credential credential) {
        return certificate(credential.issuerFile());
    }

    private X509Certificate certificate(int file) {
        var encoded = alone(() -> {
            select(file);
            var all = read(0, DER_HEADER);
            int size = size(all);
            while (all.size() < size) {
                var piece = read(all.size(), Math.min(256, size - all.size()));
                if (piece.size() == 0) {
                    throw unreadable();
                }
                all = EKey.joined(all, piece);
            }
            return all;
        });
        try {
            var factory = CertificateFactory.getInstance("X.509");
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded.toArray()));
        } catch (CertificateException e) {
            throw unreadable(e);
        }
    }

    /// A SEQUENCE with a length of two bytes, as every certificate is.
    private static int size(Bytes header) {
        var raw = header.toArray();
        if (raw.length != DER_HEADER || raw[0] != 0x30 || raw[1] != (byte) 0x82) {
            throw unreadable();
        }
        int size = DER_HEADER + (((raw[2] & 0xff) << 8) | (raw[3] & 0xff));
        if (size > MOST) {
            throw unreadable();
        }
        return size;
    }

    /// Tells how many wrong PINs the card still takes; 0 when it is blocked.
    public int tries(Credential credential) {
        return alone(() -> {
            select(credential.pin());
            int status = line.status(0x00200080);
            if (status >> 4 != 0x63c) {
                throw refused(status);
            }
            return status & 0xf;
        });
    }

    /// @throws Refusal `card-pin-wrong` (its words say how many tries are left), `card-pin-blocked`
    public void verify(Credential credential, Secret pin) {
        alone(() -> {
            select(credential.pin());
            return line.send(0x00200080, pin.lend(Bytes::of), NationalCard::refused);
        });
    }

    /// After [#verify] with the old one; the new one must be shown before the next use.
    ///
    /// @throws Refusal `card-not-permitted`; `card-pin-unfit` for one of another form
    public void change(Credential credential, Secret pin) {
        alone(() -> {
            select(credential.pin());
            return line.send(0x00240180, pin.lend(Bytes::of), status -> switch (status) {
                case 0x6700, 0x6a80 ->
                    Refusal.of(
                            "card-pin-unfit",
                            "暗証番号の形式が違います（利用者証明用は数字4桁、署名用は英大文字と数字6～16桁）",
                            "A PIN has 4 digits; that for signatures 6 to 16 digits and capital letters");
                default -> refused(status);
            });
        });
    }

    /// RSA, PKCS#1 v1.5, SHA-256: an ordinary `SHA256withRSA` signature over the content.
    ///
    /// @throws Refusal `card-not-permitted` without PIN, and without the institution's right
    public Bytes sign(Credential credential, Digest content) {
        return alone(() -> {
            select(credential.key());
            var info = EKey.joined(SHA_256, Bytes.of(content.toArray()));
            return line.ask(0x802a0080, info, 256, NationalCard::refused);
        });
    }

    /// Institution authentication, ours: 16 fresh bytes, for one answer.
    public Bytes challenge() {
        return alone(() -> line.ask(0x00840000, Bytes.of(), 16, NationalCard::refused));
    }

    /// Shows an institution to the card.
    ///
    /// @param certificate of [InstitutionForms#certificate]
    /// @param signature the institutions' root's over it
    /// @throws Refusal `card-not-permitted`
    public void present(Bytes certificate, Bytes signature) {
        alone(() -> line.send(0x002a00be, EKey.joined(certificate, signature), NationalCard::refused));
    }

    /// The authentication key, never the other, may then be used without its PIN.
    ///
    /// @param signature the institution's over [InstitutionForms#answer]
    /// @throws Refusal `card-not-permitted`, `card-state` without challenge or institution
    public void authenticate(Bytes signature) {
        alone(() -> line.send(0x00820000, signature, NationalCard::refused));
    }

    private static Refusal unreadable() {
        return Refusal.of("card-unreadable", "カードの内容を読めません", "What the card holds cannot be read");
    }

    private static Refusal unreadable(Exception cause) {
        return Refusal.of("card-unreadable", "カードの証明書を読めません", "The card's certificate cannot be read", cause);
    }

    static Refusal refused(int status) {
        if (status >> 4 == 0x63c && (status & 0xf) > 0) {
            int left = status & 0xf;
            return Refusal.of(
                    "card-pin-wrong", "暗証番号が違います。残り" + left + "回です", "The PIN is wrong; " + left + " tries are left");
        }
        return switch (status) {
            // the simulator says 6983; ISO 7816-4 lets a card say 6984, reference data not usable, instead
            case 0x63c0, 0x6983, 0x6984 ->
                Refusal.of(
                        "card-pin-blocked",
                        "暗証番号が止まっています。市区町村の窓口で再設定してください",
                        "The PIN is blocked; the municipality sets it anew");
            case 0x6982 ->
                Refusal.of(
                        "card-not-permitted",
                        "カードが拒否しました。暗証番号か機関の認証が必要です",
                        "The card wants a PIN or an institution's right");
            case 0x6985 -> Refusal.of("card-state", "カードはいまこの操作を受け付けない状態です", "The card is not in a state for this");
            default ->
                Refusal.of(
                        "card-refused",
                        "カードが拒否しました（%04x）".formatted(status),
                        "The card refused with status %04x".formatted(status));
        };
    }

    @Override
    public void close() {
        line.close();
    }
}
