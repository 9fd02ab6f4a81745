package org.mizuhiki.chip.endless;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;

/// Each instruction is another way not to come back.
public final class Endless extends Applet {
    private final byte[] kept = new byte[1];
    private final byte[] much = new byte[10_000];
    private final KeyPair keys = new KeyPair(KeyPair.ALG_EC_FP, KeyBuilder.LENGTH_EC_FP_256);
    private short turns;

    private Endless(boolean atOnce) {
        while (atOnce) {
            turns = 0;
        }
    }

    public static void install(byte[] all, short offset, byte length) {
        short at = (short) (offset + all[offset] + 1);
        at += (short) (all[at] + 1);
        new Endless(all[at] == 1).register();
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            return;
        }
        byte[] b = apdu.getBuffer();
        switch (b[ISO7816.OFFSET_INS]) {
            case 1 -> round();
            case 2 -> catching();
            case 3 -> branch((short) 60);
            case 4 -> {
                JCSystem.beginTransaction();
                kept[0]++;
                round();
            }
            case 5 -> twice((short) 20);
            case 6 -> {
                b[0] = kept[0];
                apdu.setOutgoingAndSend((short) 0, (short) 1);
            }
            case 7 -> keysForEver();
            case 8 -> transactionsForEver();
            case 9 -> fillsForEver();
            default -> ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
        }
    }

    private void round() {
        boolean on = true;
        while (on) {
            on = turns == 0;
        }
    }

    /// Few steps of its own, and much that the card does for it.
    private void keysForEver() {
        boolean on = true;
        while (on) {
            keys.genKeyPair();
            on = turns == 0;
        }
    }

    private void transactionsForEver() {
        boolean on = true;
        while (on) {
            JCSystem.beginTransaction();
            JCSystem.commitTransaction();
            on = turns == 0;
        }
    }

    private void fillsForEver() {
        boolean on = true;
        while (on) {
            Util.arrayFillNonAtomic(much, (short) 0, (short) much.length, (byte) 1);
            on = turns == 0;
        }
    }

    private void catching() {
        boolean on = true;
        while (on) {
            try {
                round();
            } catch (Throwable e) {
                on = turns == 0;
            }
        }
    }

    /// No loop and no deep stack, but two to the sixtieth calls.
    private void branch(short depth) {
        if (depth > 0) {
            branch((short) (depth - 1));
            branch((short) (depth - 1));
        }
    }

    /// A million calls: much for a card, and allowed.
    private void twice(short depth) {
        branch(depth);
    }
}
