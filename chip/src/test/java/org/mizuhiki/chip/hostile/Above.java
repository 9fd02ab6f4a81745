package org.mizuhiki.chip.hostile;

import javacard.framework.APDU;
import javacard.framework.JCSystem;

/// Takes back what it wrote into two fields of one name.
public final class Above extends Below {
    private byte state;

    public static void install(byte[] all, short offset, byte length) {
        new Above().register();
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            return;
        }
        JCSystem.beginTransaction();
        state = 1;
        setBelow((byte) 2);
        JCSystem.abortTransaction();
        byte[] b = apdu.getBuffer();
        b[0] = state;
        b[1] = below();
        apdu.setOutgoingAndSend((short) 0, (short) 2);
    }
}
