package org.mizuhiki.applets.timer;

import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.Shareable;
import javacardx.mizuhiki.Uptime;
import org.mizuhiki.applets.ticks.Ticks;

/// Offers the timer of the house's card to the applets on it; a tick is a millisecond. A chip with another
/// timer wants another applet in this one's place; one without has none, and applets do without.
public final class Timer extends Applet implements Ticks {
    private Timer() {}

    public static void install(byte[] all, short offset, byte length) {
        new Timer().register(all, (short) (offset + 1), all[offset]);
    }

    @Override
    public void process(APDU apdu) {
        if (!selectingApplet()) {
            ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
        }
    }

    @Override
    public Shareable getShareableInterfaceObject(AID clientAID, byte parameter) {
        return this;
    }

    @Override
    public short read(byte[] buffer, short offset) {
        return Uptime.read(buffer, offset);
    }
}
