package org.mizuhiki.javacard;

import java.util.function.IntSupplier;
import javacard.framework.SystemException;

/// What applets may use of the machine that runs their card: time, stack and heap belong to the whole
/// process. The card's loader weaves the static methods into every applet; the API spends by itself.
public final class Allowance {
    /// Steps in one command: more than any of ours needs by ten, a few seconds at most.
    private static final int STEPS = 20_000_000;

    /// Calls within calls. With frames of 255 words (the loader's bound) they end well before the thread's
    /// stack: its end, met inside the JDK, could leave a class of the JDK unusable for the whole process.
    private static final int DEPTH = 100;

    /// Bytes that the applets of one card may hold; what they dropped counts until [#renew] measures.
    private static final int HEAP = 4 << 20;

    /// Steps that are worth an exception of the virtual machine with its trace.
    private static final int THROWN = 50;

    private int stepsLeft = STEPS;
    private int depth;
    private int allotted;

    private static Allowance current() {
        return Machine.current().memory().allowance();
    }

    /// A command begins.
    ///
    /// @param living measures what the applets hold, in bytes; dear, so asked only when much was allotted
    public void renew(IntSupplier living) {
        stepsLeft = STEPS;
        depth = 0;
        if (allotted > HEAP / 2) {
            allotted = living.getAsInt();
        }
    }

    /// Woven in before each jump back.
    public static void step() {
        current().spend(1);
    }

    /// Woven in where a method begins.
    ///
    /// @return for [#leave]
    public static int enter() {
        var allowance = current();
        allowance.spend(1);
        if (allowance.depth >= DEPTH) {
            throw new StackOverflowError();
        }
        return allowance.depth++;
    }

    /// Woven in where a method ends.
    public static void leave(int entered) {
        current().depth = entered;
    }

    /// Woven in where a handler of exceptions begins: what stops an applet is no applet's to catch.
    public static void caught(Throwable thrown, int entered) {
        if (thrown instanceof Error e) {
            throw e;
        }
        var allowance = current();
        allowance.spend(THROWN);
        allowance.depth = entered + 1;
    }

    /// Woven in before an array is made. A card's arrays have at most 32,767 elements, and images have no
    /// place for longer ones.
    public static void array(int length, int width) {
        if (length > Short.MAX_VALUE) {
            throw new SystemException(SystemException.NO_RESOURCE);
        }
        allot(Math.max(length, 0) * width);
    }

    /// Woven in where an object is built; also for what the API makes.
    ///
    /// @param bytes besides the object's head
    /// @throws SystemException `NO_RESOURCE`
    public static void allot(int bytes) {
        var allowance = current();
        allowance.allotted += 16 + bytes;
        if (allowance.allotted > HEAP) {
            allowance.allotted -= 16 + bytes;
            throw new SystemException(SystemException.NO_RESOURCE);
        }
    }

    /// What the API does for an applet costs steps as well, or a loop around it would last for days.
    ///
    /// @param steps one is about 50 ns
    /// @throws Endless when there are no more
    public void spend(int steps) {
        stepsLeft -= Math.max(steps, 0); // a length that is refused later may be negative
        if (stepsLeft < 0) {
            stepsLeft = 0;
            throw new Endless();
        }
    }
}
