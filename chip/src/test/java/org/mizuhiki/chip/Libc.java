package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Two things about this very process that Java does not let one change, and that the PC/SC library and a
/// virtual reader look at.
final class Libc {
    private static final int OF_NETWORKS = 0x4000_0000;
    private static final Linker LINKER = Linker.nativeLinker();

    private Libc() {}

    @SuppressWarnings("restricted") // two well-known functions, with the types that their manual gives
    private static int call(String name, FunctionDescriptor form, Object... arguments) {
        var function = LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), form);
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// For libraries of C in this process, and not for [System#getenv].
    static void setEnvironment(String name, String value) {
        var form = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        try (var arena = Arena.ofConfined()) {
            assertEquals(0, call("setenv", form, arena.allocateFrom(name), arena.allocateFrom(value), 1));
        }
    }

    /// Moves this thread, which must be one of the system's and end soon, into another process's network.
    static void enterNetworkOf(long pid) {
        var open = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        var two = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        try (var arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom("/proc/" + pid + "/ns/net");
            int file = call("open", open, path, 0);
            assertEquals(0, call("setns", two, file, OF_NETWORKS), "setns");
            call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), file);
        }
    }
}
