package org.mizuhiki.chip.thief;

import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.chip.purse.Balance;

/// P1 says what it tries at the purse; the answer's first byte says whether it was stopped.
public final class Thief extends Applet {
    private final byte[] mine = new byte[8];
    private @Nullable Balance kept;

    public static void install(byte[] all, short offset, byte length) {
        new Thief().register();
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            return;
        }
        byte[] b = apdu.getBuffer();
        byte what = b[ISO7816.OFFSET_P1];
        if (what == 6 && kept != null) {
            apdu.setIncomingAndReceive();
            b[0] = stopped(kept, (byte) 1, b);
            apdu.setOutgoingAndSend((short) 0, (short) 3);
            return;
        }
        AID purse = JCSystem.lookupAID(b, ISO7816.OFFSET_CDATA, (byte) apdu.setIncomingAndReceive());
        if (purse == null) {
            ISOException.throwIt(ISO7816.SW_RECORD_NOT_FOUND);
            return;
        }
        Balance balance = (Balance) JCSystem.getAppletShareableInterfaceObject(purse, what == 9 ? (byte) 1 : (byte) 7);
        if (balance == null) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
            return;
        }
        kept = balance;
        b[0] = stopped(balance, what, b);
        apdu.setOutgoingAndSend((short) 0, (short) 3);
    }

    private byte stopped(Balance balance, byte what, byte[] b) {
        try {
            switch (what) {
                case 1 -> Util.setShort(b, (short) 1, balance.balance());
                case 2 -> balance.write(b);
                case 3 -> balance.write(mine);
                case 4 -> balance.ledger()[0] = 9;
                case 5 -> ((Applet) (Object) balance).deselect();
                default -> ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
            }
            return 0;
        } catch (SecurityException e) {
            return 1;
        } catch (ClassCastException e) {
            return 2;
        }
    }
}
