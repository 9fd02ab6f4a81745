package org.mizuhiki.javacard;

import java.security.SecureRandom;
import javacard.framework.AID;
import javacard.framework.Applet;
import javacard.framework.Shareable;
import org.jspecify.annotations.Nullable;

/// The card that runs the applet on this thread: what the static calls of the Java Card API end at.
public interface Machine {
    /// Bound by a card for the time in which an applet runs, and no longer.
    ScopedValue<Machine> RUNNING = ScopedValue.newInstance();

    /// @throws IllegalStateException where no card runs: an applet's code was called from outside
    static Machine current() {
        if (!RUNNING.isBound()) {
            throw new IllegalStateException("no card runs on this thread");
        }
        return RUNNING.get();
    }

    Memory memory();

    SecureRandom die();

    /// Milliseconds since power-on.
    ///
    /// @throws javacard.framework.SystemException `NO_RESOURCE` without an oscillator
    long uptime();

    /// @param aid absent: the one the installer asked for
    void register(Applet applet, @Nullable AID aid);

    /// Whether the command at hand is the SELECT that selected the applet of the running context.
    boolean selecting();

    AID runningAid();

    /// Whose applet called the running one through a shareable interface.
    @Nullable
    AID callingAid();

    @Nullable
    AID lookup(byte[] buffer, short offset, byte length);

    @Nullable
    Shareable shareable(AID server, byte parameter);
}
