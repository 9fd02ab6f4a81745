package org.mizuhiki.chip;

import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Collects what is to be signed and has the element sign it.
final class SlotSignature extends SignatureSpi {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private @Nullable SlotKey key;

    @Override
    protected void engineInitSign(PrivateKey given) throws InvalidKeyException {
        if (!(given instanceof SlotKey slot)) {
            throw new InvalidKeyException("not the key of a slot");
        }
        key = slot;
        content.reset();
    }

    @Override
    protected void engineInitVerify(PublicKey given) throws InvalidKeyException {
        throw new InvalidKeyException("elements sign; verifying needs none");
    }

    @Override
    protected void engineUpdate(byte b) {
        content.write(b);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int from, int count) {
        content.write(bytes, from, count);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        if (key == null) {
            throw new SignatureException("no key");
        }
        try {
            return key.sign(Bytes.of(content.toByteArray())).toArray();
        } catch (Refusal e) {
            throw new SignatureException(e.code(), e);
        } finally {
            content.reset();
        }
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
        throw new SignatureException("elements sign; verifying needs none");
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the JDK's class
    protected void engineSetParameter(String name, Object value) {
        throw new InvalidParameterException("no parameters");
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the JDK's class
    protected Object engineGetParameter(String name) {
        throw new InvalidParameterException("no parameters");
    }
}
