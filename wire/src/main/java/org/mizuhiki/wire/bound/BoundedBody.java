package org.mizuhiki.wire.bound;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.mizuhiki.house.Refusal;

/// A request's body that ends in a refusal when it is too long or comes too slowly.
public final class BoundedBody extends InputStream {
    private final InputStream source;
    private final long limit;
    private final int minBytesPerSecond;
    private final Duration grace;
    private final long begun = System.nanoTime();
    private long read;

    public BoundedBody(InputStream source, long limit, int minBytesPerSecond, Duration grace) {
        this.source = source;
        this.limit = limit;
        this.minBytesPerSecond = minBytesPerSecond;
        this.grace = grace;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        int count = arrive(into, from, length);
        if (count > 0) {
            read += count;
            if (read > limit) {
                throw tooLarge(limit);
            }
            checkPace();
        }
        return count;
    }

    private int arrive(byte[] into, int from, int length) throws IOException {
        try {
            return source.read(into, from, length);
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw tooSlow(e);
            }
            throw new ClientGone(e);
        }
    }

    /// Slow-loris: one byte before every idle time-out would hold a request open for ever.
    private void checkPace() {
        long spent = System.nanoTime() - begun - grace.toNanos();
        if (spent > 0 && read < spent / 1_000_000_000.0 * minBytesPerSecond) {
            throw tooSlow(new TimeoutException("least rate"));
        }
    }

    public static Refusal tooLarge(long limit) {
        return Refusal.of(
                "body-too-large",
                "送信内容が上限（" + limit + "バイト）を超えています",
                "The body is over this operation's limit of " + limit + " bytes");
    }

    private static Refusal tooSlow(Throwable cause) {
        return Refusal.of(
                "body-too-slow",
                "送信が遅すぎるか途中で止まったため打ち切りました。通信状態を確認して再送してください",
                "The body came too slowly or stopped and was cut off; check the connection and send again",
                cause);
    }
}
