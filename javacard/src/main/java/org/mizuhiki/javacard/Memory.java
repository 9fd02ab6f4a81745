package org.mizuhiki.javacard;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import javacard.framework.JCSystem;
import javacard.framework.SystemException;
import javacard.framework.TransactionException;

/// The memory of one card: which arrays are transient, what a transaction has overwritten, whether there is
/// something that is not yet kept. Every write that outlives a power cut passes through here: those of
/// applets because the card's loader weaves the static methods below into them, those of the API by itself.
///
/// Outside a transaction each write is atomic and permanent, as on a chip. [Supply] may cut the power
/// before any of them.
public final class Memory {
    /// Gives power for one permanent write, or throws [PowerLost].
    @FunctionalInterface
    public interface Supply {
        void draw();
    }

    /// What an applet may overwrite in one transaction, in bytes; a chip has about as much.
    public static final short COMMIT_CAPACITY = 16_384;

    /// Steps that are worth one write to the disk.
    private static final int KEEPING = 20_000;

    private static final int TRANSIENT_CAPACITY = 32_767;
    private static final ClassValue<Map<String, Field>> FIELDS = new ClassValue<>() {
        @Override
        protected Map<String, Field> computeValue(Class<?> type) {
            return fields(type);
        }
    };

    private final IdentityHashMap<Object, Byte> transients = new IdentityHashMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private final Runnable keep;
    private Supply supply = () -> {};
    private boolean open;
    private boolean off;
    private boolean changed;
    private int used;
    private int transientBytes;
    private final Allowance allowance = new Allowance();

    /// @param shared the buffer for commands, which belongs to nobody and is never kept
    /// @param keep makes the state durable; called when a transaction is committed and wherever the API
    ///     promises that something is durable before it goes on
    public Memory(byte[] shared, Runnable keep) {
        this.keep = keep;
        transients.put(shared, JCSystem.CLEAR_ON_RESET);
    }

    /// Woven in place of an element's assignment.
    public static void store(byte[] array, int index, int value) {
        var memory = Machine.current().memory();
        if (memory.outlives(array)) {
            byte old = array[index];
            memory.write(1, () -> array[index] = old);
        }
        array[index] = (byte) value;
    }

    /// Woven in place of an element's assignment.
    public static void store(short[] array, int index, int value) {
        var memory = Machine.current().memory();
        if (memory.outlives(array)) {
            short old = array[index];
            memory.write(2, () -> array[index] = old);
        }
        array[index] = (short) value;
    }

    /// Woven in place of an element's assignment.
    public static void store(Object[] array, int index, Object value) {
        var memory = Machine.current().memory();
        if (memory.outlives(array)) {
            var old = array[index];
            memory.write(4, () -> array[index] = old);
        }
        array[index] = value;
    }

    /// What applets may use.
    public Allowance allowance() {
        return allowance;
    }

    /// See [Allowance#spend].
    public void spend(int steps) {
        allowance.spend(steps);
    }

    /// Woven in before a field's assignment.
    ///
    /// @param name with the name of the class in which the applet's code names it
    public static void field(Object holder, String name) {
        var memory = Machine.current().memory();
        var field = FIELDS.get(holder.getClass()).get(name);
        if (field == null) {
            throw new IllegalStateException("no field " + name);
        }
        try {
            memory.write(4, memory.open ? before(holder, field) : () -> {});
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Runnable before(Object holder, Field field) throws IllegalAccessException {
        var old = field.get(holder);
        return () -> {
            try {
                field.set(holder, old);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /// By class and name: a child's field may be called like its parent's.
    private static Map<String, Field> fields(Class<?> type) {
        var fields = new HashMap<String, Field>();
        var above = type.getSuperclass();
        if (above != null && above != Object.class) {
            fields.putAll(FIELDS.get(above));
            FIELDS.get(above).forEach((name, field) -> {
                if (name.startsWith(above.getName() + ".")) {
                    fields.put(type.getName() + name.substring(above.getName().length()), field);
                }
            });
        }
        for (var field : type.getDeclaredFields()) {
            field.setAccessible(true);
            fields.put(type.getName() + "." + field.getName(), field);
        }
        return fields;
    }

    /// One atomic write of up to a whole array.
    public void copy(byte[] source, int from, byte[] target, int to, int length) {
        java.util.Objects.checkFromIndexSize(from, length, source.length);
        java.util.Objects.checkFromIndexSize(to, length, target.length);
        spend(length);
        if (length > 0 && outlives(target)) {
            var old = open ? java.util.Arrays.copyOfRange(target, to, to + length) : new byte[0];
            write(length, () -> System.arraycopy(old, 0, target, to, old.length));
        }
        System.arraycopy(source, from, target, to, length);
    }

    /// Writes that a power cut may separate, and that no transaction takes back.
    public void copyApart(byte[] source, int from, byte[] target, int to, int length) {
        java.util.Objects.checkFromIndexSize(from, length, source.length);
        java.util.Objects.checkFromIndexSize(to, length, target.length);
        spend(length);
        if (!outlives(target)) {
            System.arraycopy(source, from, target, to, length);
            return;
        }
        var copy = java.util.Arrays.copyOfRange(source, from, from + length);
        for (int i = 0; i < length; i++) {
            writeThrough();
            target[to + i] = copy[i];
        }
    }

    /// A permanent write is about to be made; `back` takes it back when the transaction is aborted.
    public void write(int bytes, Runnable back) {
        writeThrough();
        if (open) {
            used += bytes;
            if (used > COMMIT_CAPACITY) {
                TransactionException.throwIt(TransactionException.BUFFER_FULL);
            }
            undo.push(back);
        }
    }

    /// A permanent write that no transaction takes back.
    public void writeThrough() {
        if (off) {
            throw new PowerLost();
        }
        try {
            supply.draw();
        } catch (PowerLost e) {
            off = true;
            throw e;
        }
        changed = true;
    }

    /// Returns when everything written so far survives the end of this process. Inside a transaction the
    /// caller must have nothing in mind that the abort would take back.
    public void keepNow() {
        if (!open) {
            spend(KEEPING);
            keep.run();
        }
    }

    public void begin() {
        if (open) {
            TransactionException.throwIt(TransactionException.IN_PROGRESS);
        }
        open = true;
        used = 0;
    }

    public void commit() {
        if (!open) {
            TransactionException.throwIt(TransactionException.NOT_IN_PROGRESS);
        }
        spend(KEEPING);
        writeThrough();
        open = false;
        undo.clear();
        keep.run();
    }

    public void abort() {
        if (!open) {
            TransactionException.throwIt(TransactionException.NOT_IN_PROGRESS);
        }
        rollBack();
    }

    /// Takes back what an unfinished transaction wrote, if there is one.
    public void rollBack() {
        open = false;
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    public boolean inTransaction() {
        return open;
    }

    /// How many bytes the transaction at hand may still overwrite.
    public short commitCapacityLeft() {
        return (short) (COMMIT_CAPACITY - (open ? used : 0));
    }

    /// Whether something was written since the last time anybody asked.
    public boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    public <A> A makeTransient(A array, int bytes, byte event) {
        if (event != JCSystem.CLEAR_ON_RESET && event != JCSystem.CLEAR_ON_DESELECT) {
            SystemException.throwIt(SystemException.ILLEGAL_VALUE);
        }
        if (transientBytes + bytes > TRANSIENT_CAPACITY) {
            SystemException.throwIt(SystemException.NO_TRANSIENT_SPACE);
        }
        Allowance.allot(64);
        changed = true;
        return reviveTransient(array, bytes, event);
    }

    /// As it was when the image was written, even where the card is full: a card that cannot start again
    /// would take every service with it.
    public <A> A reviveTransient(A array, int bytes, byte event) {
        transientBytes += bytes;
        transients.put(array, event);
        return array;
    }

    public short transientLeft() {
        return (short) (TRANSIENT_CAPACITY - transientBytes);
    }

    /// [JCSystem#NOT_A_TRANSIENT_OBJECT] or the event that clears the array.
    public byte eventOf(Object object) {
        return transients.getOrDefault(object, JCSystem.NOT_A_TRANSIENT_OBJECT);
    }

    public void clear(byte event) {
        transients.forEach((array, when) -> {
            if (when == event || event == JCSystem.CLEAR_ON_RESET) {
                wipe(array);
            }
        });
    }

    private static void wipe(Object array) {
        switch (array) {
            case byte[] b -> java.util.Arrays.fill(b, (byte) 0);
            case short[] s -> java.util.Arrays.fill(s, (short) 0);
            case Object[] o -> java.util.Arrays.fill(o, null);
            default -> throw new IllegalStateException("not an array of a card");
        }
    }

    private boolean outlives(Object array) {
        return !transients.containsKey(array);
    }

    /// Whose power the writes draw; a test's may end.
    public void feed(Supply from) {
        supply = from;
        off = false;
    }
}
