package org.mizuhiki.chip.hostile;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.security.KeyPair;
import javacard.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// Each instruction is another attack.
public final class Hostile extends Applet {
    private @Nullable Object kept;
    private short turns;

    public static void install(byte[] all, short offset, byte length) {
        new Hostile().register();
    }

    /// Never the one that is to be deleted.
    @Override
    public boolean equals(@Nullable Object other) {
        return false;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            return;
        }
        byte[] b = apdu.getBuffer();
        switch (b[ISO7816.OFFSET_INS]) {
            case 1 -> kept = new byte[70_000];
            case 2 -> brim(b);
            case 3 -> deep();
            case 4 -> Hostile.<RuntimeException>thrown(new Throwable());
            case 5 -> keys();
            case 6 -> hoard();
            case 7 -> swallow();
            case 8 -> fall();
            case 9 -> earn(b);
            default -> ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
        }
    }

    /// All transient memory, and the command buffer on top, which a start would count too.
    private void brim(byte[] buffer) {
        @Nullable Object[] all = new @Nullable Object[2];
        kept = all;
        all[0] = JCSystem.makeTransientByteArray(
                JCSystem.getAvailableMemory(JCSystem.MEMORY_TYPE_TRANSIENT_RESET), JCSystem.CLEAR_ON_RESET);
        all[1] = buffer;
    }

    private void deep() {
        for (short i = 0; i < 30_000; i++) {
            @Nullable Object[] next = new @Nullable Object[1];
            next[0] = kept;
            kept = next;
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void thrown(Throwable what) throws T {
        throw (T) what;
    }

    private void keys() {
        var pair = new KeyPair(KeyPair.ALG_RSA_CRT, (short) 2048);
        boolean on = true;
        while (on) {
            pair.genKeyPair();
            on = turns == 0;
        }
    }

    private void hoard() {
        boolean on = true;
        while (on) {
            @Nullable Object[] next = new @Nullable Object[2];
            next[0] = kept;
            next[1] = new byte[32_000];
            kept = next;
            on = turns == 0;
        }
    }

    /// Ends as if nothing had been.
    private void swallow() {
        try {
            boolean on = true;
            while (on) {
                on = turns == 0;
            }
        } catch (Throwable e) {
            turns = 1;
        }
    }

    /// Work of a negative length, which would give steps back.
    private void earn(byte[] b) {
        var sha = MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false);
        boolean on = true;
        while (on) {
            try {
                sha.update(b, (short) 0, (short) -30_000);
            } catch (RuntimeException e) {
                on = turns == 0;
            }
        }
    }

    private void fall() {
        try {
            if (turns == 0) {
                fall();
            }
        } catch (Throwable e) {
            turns = 1;
        }
    }
}
