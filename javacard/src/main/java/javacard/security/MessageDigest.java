package javacard.security;

import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.Allowance;
import org.mizuhiki.javacard.Machine;

/// SHA-256. What was updated and not finished is lost with the power.
public final class MessageDigest {
    public static final byte ALG_SHA_256 = 4;
    public static final byte LENGTH_SHA_256 = 32;

    private transient java.security.@Nullable MessageDigest engine;

    private MessageDigest() {}

    public static MessageDigest getInstance(byte algorithm, boolean externalAccess) {
        if (algorithm != ALG_SHA_256) {
            throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
        }
        Allowance.allot(1024);
        return new MessageDigest();
    }

    private java.security.MessageDigest engine() {
        try {
            var made = engine;
            if (made == null) {
                made = java.security.MessageDigest.getInstance("SHA-256");
                engine = made;
            }
            return made;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public byte getAlgorithm() {
        return ALG_SHA_256;
    }

    public byte getLength() {
        return LENGTH_SHA_256;
    }

    public void update(byte[] inBuff, short inOffset, short inLength) {
        Machine.current().memory().spend(inLength);
        engine().update(inBuff, inOffset, inLength);
    }

    public short doFinal(byte[] inBuff, short inOffset, short inLength, byte[] outBuff, short outOffset) {
        update(inBuff, inOffset, inLength);
        var digest = engine().digest();
        Machine.current().memory().copyApart(digest, 0, outBuff, outOffset, digest.length);
        return (short) digest.length;
    }

    public void reset() {
        engine().reset();
    }
}
