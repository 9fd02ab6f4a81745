package org.mizuhiki.chip;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// The element of an eligibility terminal, from the host's side, and what it signs: `"MZTERM1" ‖ tag ‖
/// element(32) ‖ content ‖ C(8) ‖ N(16) ‖ mu(8)`. The element is named by the SHA-256 of its key's point.
public final class TickStamps {
    /// @param count C, unsigned: stamps since power-on
    /// @param epoch N: another one after every power-on
    /// @param life mu, unsigned: stamps of the element's whole life, without gaps
    /// @param signature by the element's device key
    public record Stamp(long count, Bytes epoch, long life, Bytes signature) {}

    /// @param left how many stamps the anchor still permits
    public record View(PublicKey key, int left, long life) {}

    private static final int STATE = 0xca;
    private static final int ANCHOR = 0x60;
    private static final int STAMP = 0x62;
    private static final int TICKS = 32;
    private static final int NONCE = 16;

    private final CardChannel channel;

    private TickStamps(CardChannel channel) {
        this.channel = channel;
    }

    /// What a factory gives the applet when it is installed.
    ///
    /// @param service the key of the visit service
    /// @param quota stamps per anchor, 1 to 32767
    public static Bytes parameters(PublicKey service, int quota) {
        return EKey.joined(Points.point(service), EKey.number(quota, 2));
    }

    /// Selects the element on a card.
    ///
    /// @throws Refusal `chip-without-terminal`
    public static TickStamps on(CardChannel channel) {
        var aid = Programs.TERMINAL.aid();
        var select = Bytes.of((byte) 0, (byte) 0xa4, (byte) 4, (byte) 0, (byte) aid.size());
        var answer = channel.transmit(EKey.joined(select, aid).toArray());
        if (answer.length != 2 || answer[0] != (byte) 0x90) {
            throw Refusal.of(
                    "chip-without-terminal", "このカードには端末用の素子がありません", "There is no terminal element on this card");
        }
        return new TickStamps(channel);
    }

    public View view() {
        var raw = Command.of(STATE, 0).send(channel).toArray();
        return new View(Points.key(Bytes.of(Arrays.copyOf(raw, 65))), (int) unsigned(raw, 65, 2), unsigned(raw, 67, 8));
    }

    /// B1 and B2.
    ///
    /// @param asked of [#asked]
    /// @param signature the service's over [#toSign]
    /// @throws Refusal `anchor-not-permitted` when the service did not sign it, `anchor-not-later` when its time
    ///     is not later than that of every anchor before
    public Stamp anchor(Bytes asked, Bytes signature) {
        return stamp(new Command(ANCHOR, 0, 0, EKey.joined(asked, signature)));
    }

    /// B4.
    ///
    /// @throws Refusal `anchor-needed` without an anchor, or when its stamps are used up
    public Stamp stamp(Digest message) {
        return stamp(new Command(STAMP, 0, 0, Bytes.of(message.toArray())));
    }

    private Stamp stamp(Command command) {
        var raw = command.send(channel, false, TickStamps::refused).toArray();
        return new Stamp(
                unsigned(raw, 0, 8),
                Bytes.of(Arrays.copyOfRange(raw, 8, 8 + NONCE)),
                unsigned(raw, 24, 8),
                Bytes.of(Arrays.copyOfRange(raw, TICKS, raw.length)));
    }

    private static Refusal refused(int status) {
        return switch (status) {
            case 0x6982 ->
                Refusal.of("anchor-not-permitted", "受診履歴サービスの署名ではありません", "The visit service did not sign this");
            case 0x6985 ->
                Refusal.of(
                        "anchor-needed",
                        "時刻認証がないか、回数を使い切りました。新しい時刻認証を取得してください",
                        "There is no anchor since power-on, or its stamps are used up; get a new one");
            case 0x6986 -> Refusal.of("anchor-not-later", "この時刻認証は以前のものです", "This anchor is not later than one before");
            default -> Command.refused(status);
        };
    }

    private static long unsigned(byte[] raw, int at, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = (value << 8) | (raw[at + i] & 0xff);
        }
        return value;
    }

    /// What the service asks an anchor for: a nonce of 16 bytes and its time.
    public static Bytes asked(Bytes nonce, Instant time) {
        if (nonce.size() != NONCE) {
            throw new IllegalArgumentException("the nonce has 16 bytes");
        }
        return EKey.joined(nonce, long64(time.toEpochMilli()));
    }

    /// What the service signs for one element.
    public static Bytes toSign(PublicKey element, Bytes asked) {
        return form('T', element, asked, Bytes.of());
    }

    public static boolean isAnchor(PublicKey element, Bytes asked, Stamp stamp) {
        return verifies(element, form('1', element, asked, ticks(stamp)), stamp.signature());
    }

    public static boolean isStamp(PublicKey element, Digest message, Stamp stamp) {
        return verifies(element, form('m', element, Bytes.of(message.toArray()), ticks(stamp)), stamp.signature());
    }

    private static Bytes ticks(Stamp stamp) {
        return EKey.joined(long64(stamp.count()), stamp.epoch(), long64(stamp.life()));
    }

    private static Bytes long64(long value) {
        return EKey.joined(EKey.number((int) (value >>> 32), 4), EKey.number((int) value, 4));
    }

    private static Bytes form(char tag, PublicKey element, Bytes content, Bytes ticks) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("MZTERM1".getBytes(StandardCharsets.US_ASCII));
        out.write(tag);
        out.writeBytes(Points.point(element).sha256().toArray());
        out.writeBytes(content.toArray());
        out.writeBytes(ticks.toArray());
        return Bytes.of(out.toByteArray());
    }

    private static boolean verifies(PublicKey key, Bytes form, Bytes signature) {
        try {
            var verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(form.toArray());
            return verifier.verify(signature.toArray());
        } catch (GeneralSecurityException e) {
            // bytes that are no signature
            return false;
        }
    }
}
