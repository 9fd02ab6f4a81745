package javacard.security;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javacard.framework.JCSystem;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.JcaKey;
import org.mizuhiki.javacard.Machine;
import org.mizuhiki.javacard.Memory;

/// A key and its parts as they lie in the card's memory. Setting a part is a permanent write that an abort
/// takes back; a key of transient memory goes with the reset or the deselection.
abstract class StoredKey implements Key, JcaKey {
    private final byte type;
    private final short size;
    /// Which parts are set: one bit each. One byte, of transient memory where the key is.
    private final byte[] set;
    private final byte[][] parts;
    private transient @Nullable Object ready;

    /// For revival from an image, which fills the fields.
    StoredKey() {
        type = 0;
        size = 0;
        set = new byte[0];
        parts = new byte[0][];
    }

    StoredKey(byte type, short size, int... lengths) {
        this(type, size, JCSystem.NOT_A_TRANSIENT_OBJECT, lengths);
    }

    StoredKey(byte type, short size, byte event, int... lengths) {
        this.type = type;
        this.size = size;
        set = array(1, event);
        parts = new byte[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            parts[i] = array(lengths[i], event);
        }
    }

    private static byte[] array(int length, byte event) {
        return event == JCSystem.NOT_A_TRANSIENT_OBJECT
                ? new byte[length]
                : JCSystem.makeTransientByteArray((short) length, event);
    }

    final void put(int part, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (length > parts[part].length) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        // right-aligned: the parts of our keys are numbers
        var padded = new byte[parts[part].length];
        System.arraycopy(source, offset, padded, padded.length - length, length);
        putAll(part, padded);
    }

    /// Sets the parts from `first` on, together.
    final void putAll(int first, byte[]... values) {
        var before = new byte[values.length][];
        int bytes = 1;
        for (int i = 0; i < values.length; i++) {
            before[i] = parts[first + i].clone();
            bytes += before[i].length;
        }
        byte setBefore = set[0];
        permanent(bytes, () -> {
            for (int i = 0; i < before.length; i++) {
                System.arraycopy(before[i], 0, parts[first + i], 0, before[i].length);
            }
            set[0] = setBefore;
            ready = null;
        });
        for (int i = 0; i < values.length; i++) {
            System.arraycopy(values[i], 0, parts[first + i], 0, values[i].length);
            set[0] |= (byte) (1 << (first + i));
            Arrays.fill(values[i], (byte) 0);
        }
        ready = null;
    }

    private void permanent(int bytes, Runnable back) {
        var memory = memory();
        if (memory.eventOf(set) == JCSystem.NOT_A_TRANSIENT_OBJECT) {
            memory.write(bytes, back);
        }
    }

    final void mark(int bit) {
        byte before = set[0];
        permanent(1, () -> set[0] = before);
        set[0] |= (byte) (1 << bit);
    }

    final boolean has(int mask) {
        return (set[0] & mask) == mask;
    }

    final short get(int part, byte[] target, short offset) {
        if (!isInitialized()) {
            throw new CryptoException(CryptoException.UNINITIALIZED_KEY);
        }
        memory().copyApart(parts[part], 0, target, offset, parts[part].length);
        return (short) parts[part].length;
    }

    final byte[] part(int part) {
        return parts[part];
    }

    /// The key as JCA wants it, made when it is first needed.
    @Override
    public final <K> K ready(Class<K> kind) {
        if (!isInitialized()) {
            throw new CryptoException(CryptoException.UNINITIALIZED_KEY);
        }
        try {
            var made = ready;
            if (made == null || memory().eventOf(set) != JCSystem.NOT_A_TRANSIENT_OBJECT) {
                made = make();
                ready = made;
            }
            return kind.cast(made);
        } catch (GeneralSecurityException e) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
    }

    abstract Object make() throws GeneralSecurityException;

    @Override
    public void clearKey() {
        byte domain = (byte) (set[0] & domainBits());
        var empty = new byte[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            empty[i] = new byte[parts[i].length];
        }
        var before = set[0];
        putAll(0, empty);
        permanent(1, () -> set[0] = before);
        set[0] = domain;
    }

    /// Bits that say nothing about key material and outlast [#clearKey].
    byte domainBits() {
        return 0;
    }

    @Override
    public byte getType() {
        return type;
    }

    @Override
    public short getSize() {
        return size;
    }

    private static Memory memory() {
        return Machine.current().memory();
    }
}
