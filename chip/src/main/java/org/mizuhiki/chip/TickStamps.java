package org.mizuhiki.chip;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// The stamps of a terminal's element, from the host's side. What they prove is said by [DateStamps] and
/// [TickProof].
public final class TickStamps {
    /// @param count C, unsigned: stamps since power-on, or ticks of the element's timer
    /// @param epoch N: another one after every power-on
    /// @param life mu, unsigned: stamps of the element's whole life, without gaps
    /// @param signature by the element's device key
    public record Stamp(long count, Bytes epoch, long life, Bytes signature) {
        Bytes ticks() {
            return EKey.joined(long64(count), epoch, long64(life));
        }

        /// What an anchor is time-stamped by (RFC 3161): the SHA-256 of the element's whole answer. Visits
        /// that follow name their anchor by it.
        public Digest imprint() {
            return EKey.joined(ticks(), signature).sha256();
        }
    }

    private static final int ANCHOR = 0x50;
    private static final int CONFIRM = 0x52;
    private static final int STAMP = 0x54;
    private static final int TICKS = 32;
    private static final int NONCE = 16;

    private final CardChannel channel;

    TickStamps(CardChannel channel) {
        this.channel = channel;
    }

    /// A1, or B1 and B2.
    ///
    /// @param asked of [#asked]
    /// @param signature the service's over [ElementKey#toSign]
    /// @throws Refusal `anchor-not-permitted` when the service did not sign it, `anchor-not-later` when
    ///     its time is not later than that of every anchor before, `visit-unfinished`
    public Stamp anchor(Bytes asked, Bytes signature) {
        return stamp(new Command(ANCHOR, 0, 0, EKey.joined(asked, signature)), TickStamps::anchorRefused);
    }

    /// A3: what the time-stamping authority said of the anchor, once.
    ///
    /// @param token SHA-256 of its token
    /// @throws Refusal `anchor-needed` without an unconfirmed anchor, or in an element without a timer
    public Stamp confirm(Digest token) {
        return stamp(new Command(CONFIRM, 0, 0, Bytes.of(token.toArray())), TickStamps::refused);
    }

    /// A4, B4.
    ///
    /// @throws Refusal `anchor-needed` without an anchor, or when its stamps are used up
    public Stamp stamp(Digest message) {
        return stamp(new Command(STAMP, 0, 0, Bytes.of(message.toArray())), TickStamps::refused);
    }

    private Stamp stamp(Command command, IntFunction<Refusal> meaning) {
        return read(command.send(channel, false, meaning).toArray());
    }

    static Stamp read(byte... raw) {
        return new Stamp(
                unsigned(raw, 0, 8),
                Bytes.of(Arrays.copyOfRange(raw, 8, 8 + NONCE)),
                unsigned(raw, 24, 8),
                Bytes.of(Arrays.copyOfRange(raw, TICKS, raw.length)));
    }

    private static Refusal anchorRefused(int status) {
        return status == 0x6985
                ? Refusal.of(
                        "visit-unfinished",
                        "受付中の受診があります。終えるか取り消してから時刻認証を取得してください",
                        "A visit is unfinished; finish or abandon it, then get the anchor")
                : refused(status);
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
            case 0x6a81 ->
                Refusal.of("timer-missing", "このカードのタイマーが動いていません", "The card's timer does not run; wind the card");
            default -> Command.refused(status);
        };
    }

    static long unsigned(byte[] raw, int at, int size) {
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

    static Bytes long64(long value) {
        return EKey.joined(EKey.number((int) (value >>> 32), 4), EKey.number((int) value, 4));
    }
}
