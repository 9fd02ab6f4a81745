package org.mizuhiki.wire.bound;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// A request's body whose digest its sender signed: another body has no end, only a refusal in its place.
public final class SignedBody extends InputStream {
    private final InputStream source;
    private final Digest signed;
    private final MessageDigest hash = Digest.sha256();
    private boolean ended;

    public SignedBody(InputStream source, Digest signed) {
        this.source = source;
        this.signed = signed;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// @throws Refusal `signature-wrong` in the place of the end, and those of the source
    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        int count = source.read(into, from, length);
        if (count > 0) {
            hash.update(into, from, count);
        } else if (count < 0 && !ended) {
            mustBeSigned();
            ended = true;
        }
        return count;
    }

    private void mustBeSigned() {
        if (!Digest.ofHash(hash.digest()).equals(signed)) {
            throw Refusal.of("signature-wrong", "本文が署名されたものと違います", "The body is not the one that was signed");
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
