package javacardx.mizuhiki;

import java.nio.ByteBuffer;
import org.mizuhiki.javacard.Machine;

/// The house's own, on no other card: Java Card 3.0.5 has no timer. From Java Card 3.1 on a chip may offer
/// `javacardx.framework.time.SysTime`; of a chip whose clock rests while it sleeps (as that class may) no
/// time can be proven.
public final class Uptime {
    public static final short SIZE = 8;

    private Uptime() {}

    /// Writes the milliseconds since power-on, unsigned.
    ///
    /// @return where they end
    /// @throws javacard.framework.SystemException `NO_RESOURCE` on a card without an oscillator
    public static short read(byte[] buffer, short offset) {
        var machine = Machine.current();
        var raw = ByteBuffer.allocate(SIZE).putLong(machine.uptime()).array();
        machine.memory().copyApart(raw, 0, buffer, offset, SIZE);
        return (short) (offset + SIZE);
    }
}
