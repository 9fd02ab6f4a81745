package org.mizuhiki.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.mizuhiki.ike.NetworkSpace;

/// What takes the C library. Opens sockets inside a namespace: a socket belongs to the network of the thread that made
/// it, and stays
/// there whoever uses it.
final class Inside {
    private static final int OF_NETWORKS = 0x4000_0000;
    private static final Linker LINKER = Linker.nativeLinker();

    private Inside() {}

    /// Runs this on a thread of the system's that enters the namespace and ends.
    static <T> T call(NetworkSpace space, Callable<T> work) throws Exception {
        if (space.name().isEmpty()) {
            return work.call();
        }
        var task = new FutureTask<>(() -> {
            enter(space.name().orElseThrow());
            return work.call();
        });
        Thread.ofPlatform().daemon().start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static void enter(String name) {
        var open = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        var two = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        try (var arena = Arena.ofConfined()) {
            int file = libc("open", open, arena.allocateFrom("/run/netns/" + name), 0);
            int entered = libc("setns", two, file, OF_NETWORKS);
            libc("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), file);
            if (entered != 0) {
                throw new IllegalStateException("namespace " + name + " cannot be entered");
            }
        }
    }

    static void setenv(String name, String value) {
        var form = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        try (var arena = Arena.ofConfined()) {
            libc("setenv", form, arena.allocateFrom(name), arena.allocateFrom(value), 1);
        }
    }

    @SuppressWarnings("restricted") // well-known functions, with the types that their manual gives
    private static int libc(String name, FunctionDescriptor form, Object... arguments) {
        var function = LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), form);
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("the C library has no " + name, e);
        }
    }
}
