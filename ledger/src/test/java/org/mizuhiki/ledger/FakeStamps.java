package org.mizuhiki.ledger;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.seal.Stamps;

/// A stamp authority that is no CMS but cannot be altered either: imprint, seconds, and a hash over both.
/// It can be sent away.
final class FakeStamps implements StampAuthority, Stamps {
    static final Instant NOON = Instant.parse("2026-04-01T03:00:00Z");
    static final StampTrust TRUSTED = (chain, at) -> {};

    final AtomicInteger made = new AtomicInteger();
    final AtomicReference<@Nullable Refusal> away = new AtomicReference<>();

    @Override
    public Bytes stamp(Digest imprint) {
        var no = away.get();
        if (no != null) {
            throw no;
        }
        made.incrementAndGet();
        return token(imprint, NOON.getEpochSecond());
    }

    void leave() {
        away.set(Refusal.of("stamp-unavailable", "時刻印局が応答しません", "The stamp authority is away"));
    }

    void comeBack() {
        away.set(null);
    }

    private static Bytes token(Digest imprint, long seconds) {
        var content = ByteBuffer.allocate(72).put(imprint.toArray()).putLong(seconds);
        content.put(Digest.of(ByteBuffer.allocate(41)
                        .put((byte) 7)
                        .put(imprint.toArray())
                        .putLong(seconds)
                        .array())
                .toArray());
        return Bytes.of(content.array());
    }

    @Override
    public Stamp verify(Bytes token, Digest imprint) {
        var bytes = token.toArray();
        if (bytes.length != 72
                || !MessageDigest.isEqual(
                        bytes,
                        token(imprint, ByteBuffer.wrap(bytes).getLong(32)).toArray())) {
            throw Refusal.of("stamp-broken", "時刻印が壊れています", "The stamp is broken");
        }
        return new Stamp(Instant.ofEpochSecond(ByteBuffer.wrap(bytes).getLong(32)), List.<X509Certificate>of());
    }

    @Override
    public Request request(Digest imprint) {
        throw new UnsupportedOperationException("nobody asks over the wire here");
    }

    @Override
    public Bytes accept(Request request, Bytes response) {
        throw new UnsupportedOperationException("nobody asks over the wire here");
    }
}
