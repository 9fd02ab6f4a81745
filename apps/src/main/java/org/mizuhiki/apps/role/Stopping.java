package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/// Waits until a server process is asked to stop: SIGTERM, or, under a supervisor, the end of standard
/// input, which also comes when the supervisor is killed, so that no server outlives it.
final class Stopping {
    private Stopping() {}

    static void await(AutoCloseable role, boolean withParent) throws InterruptedException {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            close(role);
            stopped.countDown();
        }));
        if (withParent) {
            awaitEndOfInput();
            System.exit(0);
        }
        stopped.await();
    }

    private static void awaitEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            return; // a broken pipe is an end, too
        }
    }

    private static void close(AutoCloseable role) {
        try {
            role.close();
        } catch (Exception e) {
            System.err.println("stopping: " + e);
        }
    }
}
