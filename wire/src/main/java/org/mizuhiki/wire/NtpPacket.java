package org.mizuhiki.wire;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/// The 48 bytes of SNTP (RFC 4330, 4).
final class NtpPacket {
    private static final int SIZE = 48;
    private static final byte VERSION_4_CLIENT = (4 << 3) | 3;
    private static final int SERVER = 4;
    private static final int ALARM = 3;
    private static final int MOST_STRATUM = 15;
    private static final int ORIGINATE = 24;
    private static final int RECEIVE = 32;
    private static final int TRANSMIT = 40;
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
    private static final long ERA = 1L << 32;
    private static final long NANOS = 1_000_000_000L;

    private NtpPacket() {}

    /// @param received when the server had the question, `sent` when it answered
    record Answer(Instant received, Instant sent) {}

    /// @param cookie comes back as the answer's originate time
    static byte[] question(long cookie) {
        var packet = ByteBuffer.allocate(SIZE);
        packet.put(0, VERSION_4_CLIENT);
        packet.putLong(TRANSMIT, cookie);
        return packet.array();
    }

    /// @param about a time near which the answer lies: seconds have 32 bits, which run over in 2036
    /// @return nothing for what is no answer to this question, or says itself that it knows no time
    static Optional<Answer> answer(byte[] packet, int length, long cookie, Instant about) {
        if (length < SIZE || packet.length < length) {
            return Optional.empty();
        }
        var read = ByteBuffer.wrap(packet, 0, length);
        int first = read.get(0) & 0xff;
        int stratum = read.get(1) & 0xff;
        boolean good = (first & 7) == SERVER
                && first >> 6 != ALARM
                && stratum >= 1 // 0: the server wants to be left alone
                && stratum <= MOST_STRATUM
                && read.getLong(ORIGINATE) == cookie
                && read.getLong(RECEIVE) != 0
                && read.getLong(TRANSMIT) != 0;
        if (!good) {
            return Optional.empty();
        }
        var answer = new Answer(time(read.getLong(RECEIVE), about), time(read.getLong(TRANSMIT), about));
        return Optional.of(answer).filter(a -> !a.sent().isBefore(a.received()));
    }

    private static Instant time(long timestamp, Instant about) {
        long seconds = (timestamp >>> 32) - SECONDS_1900_TO_1970;
        long eras = Math.round((double) (about.getEpochSecond() - seconds) / ERA);
        long nanos = ((timestamp & (ERA - 1)) * NANOS) >>> 32;
        return Instant.ofEpochSecond(seconds + eras * ERA, nanos);
    }
}
