package javacard.framework;

import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.Machine;
import org.mizuhiki.javacard.Memory;

public final class JCSystem {
    public static final byte NOT_A_TRANSIENT_OBJECT = 0;
    public static final byte CLEAR_ON_RESET = 1;
    public static final byte CLEAR_ON_DESELECT = 2;
    public static final byte MEMORY_TYPE_PERSISTENT = 0;
    public static final byte MEMORY_TYPE_TRANSIENT_RESET = 1;
    public static final byte MEMORY_TYPE_TRANSIENT_DESELECT = 2;

    private JCSystem() {}

    private static Memory memory() {
        return Machine.current().memory();
    }

    public static short getVersion() {
        return 0x0300;
    }

    public static byte isTransient(Object object) {
        return memory().eventOf(object);
    }

    public static byte[] makeTransientByteArray(short length, byte event) {
        return memory().makeTransient(new byte[size(length)], length, event);
    }

    public static short[] makeTransientShortArray(short length, byte event) {
        return memory().makeTransient(new short[size(length)], 2 * length, event);
    }

    public static @Nullable Object[] makeTransientObjectArray(short length, byte event) {
        return memory().makeTransient(new Object[size(length)], 4 * length, event);
    }

    private static short size(short length) {
        if (length < 0) {
            throw new NegativeArraySizeException();
        }
        return length;
    }

    public static void beginTransaction() {
        memory().begin();
    }

    public static void commitTransaction() {
        memory().commit();
    }

    public static void abortTransaction() {
        memory().abort();
    }

    public static byte getTransactionDepth() {
        return (byte) (memory().inTransaction() ? 1 : 0);
    }

    public static short getUnusedCommitCapacity() {
        return memory().commitCapacityLeft();
    }

    public static short getMaxCommitCapacity() {
        return Memory.COMMIT_CAPACITY;
    }

    public static short getAvailableMemory(byte memoryType) {
        return memoryType == MEMORY_TYPE_PERSISTENT ? Short.MAX_VALUE : memory().transientLeft();
    }

    public static AID getAID() {
        return Machine.current().runningAid();
    }

    public static @Nullable AID getPreviousContextAID() {
        return Machine.current().callingAid();
    }

    public static @Nullable AID lookupAID(byte[] buffer, short offset, byte length) {
        return Machine.current().lookup(buffer, offset, length);
    }

    public static @Nullable Shareable getAppletShareableInterfaceObject(AID serverAID, byte parameter) {
        return Machine.current().shareable(serverAID, parameter);
    }

    public static byte getAssignedChannel() {
        return 0;
    }

    /// Objects that nobody reaches are not written into the card's image: there is nothing to ask for.
    public static boolean isObjectDeletionSupported() {
        return true;
    }

    public static void requestObjectDeletion() {}
}
