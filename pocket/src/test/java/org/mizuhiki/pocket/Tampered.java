package org.mizuhiki.pocket;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;

/// A real server with somebody sitting on its line.
final class Tampered {
    private Tampered() {}

    /// What is done instead of, before or after the real call.
    @FunctionalInterface
    interface Hand {
        Object touch(String method, Object[] arguments, Callable<Object> real) throws Throwable;
    }

    static <T> T with(Class<T> door, T real, Hand hand) {
        return door.cast(Proxy.newProxyInstance(
                door.getClassLoader(), new Class<?>[] {door}, (_, method, arguments) -> {
                    Callable<Object> call = () -> {
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            if (e.getCause() instanceof RuntimeException r) {
                                throw r;
                            }
                            throw e;
                        }
                    };
                    return hand.touch(method.getName(), arguments, call);
                }));
    }
}
