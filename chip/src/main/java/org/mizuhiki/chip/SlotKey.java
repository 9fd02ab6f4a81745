package org.mizuhiki.chip;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;

/// The key of a slot as the JDK wants one, so that TLS and everything else that signs through
/// [java.security.Signature] can use it: each signature (`SHA256withECDSA`) is asked of the element. There is
/// nothing to encode and nothing to take along.
@SuppressWarnings("serial") // it is never written
public final class SlotKey implements PrivateKey {
    private static final Provider PROVIDER = new Elements();

    private final transient KeySlot slot;

    private SlotKey(KeySlot slot) {
        this.slot = slot;
    }

    /// @param slot must stay usable as long as the key
    public static SlotKey of(KeySlot slot) {
        Security.addProvider(PROVIDER); // last: it is asked for keys that nobody else takes; does nothing twice
        return new SlotKey(slot);
    }

    Bytes sign(Bytes content) {
        return slot.sign(content);
    }

    @Override
    public String getAlgorithm() {
        return "EC";
    }

    @Override
    public @Nullable String getFormat() {
        return null;
    }

    @Override
    public byte @Nullable [] getEncoded() {
        return null;
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("a slot's key stays in its element");
    }

    private static final class Elements extends Provider {
        Elements() {
            super("MizuhikiElements", "1", "Signatures by keys that stay in secure elements");
            putService(
                    new Service(
                            this,
                            "Signature",
                            "SHA256withECDSA",
                            SlotSignature.class.getName(),
                            null,
                            Map.of("SupportedKeyClasses", SlotKey.class.getName())) {
                        @Override
                        public Object newInstance(@Nullable Object parameter) {
                            return new SlotSignature();
                        }
                    });
        }
    }
}
