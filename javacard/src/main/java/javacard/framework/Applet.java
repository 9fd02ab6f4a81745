package javacard.framework;

import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.Machine;

public abstract class Applet {
    protected Applet() {}

    @SuppressWarnings("unused") // the contract: an applet that does not hide this one cannot be installed
    public static void install(byte[] bArray, short bOffset, byte bLength) {
        ISOException.throwIt(ISO7816.SW_FUNC_NOT_SUPPORTED);
    }

    public abstract void process(APDU apdu);

    public boolean select() {
        return true;
    }

    public void deselect() {}

    public @Nullable Shareable getShareableInterfaceObject(AID clientAID, byte parameter) {
        return null;
    }

    protected final void register() {
        Machine.current().register(this, null);
    }

    protected final void register(byte[] bArray, short bOffset, byte bLength) {
        Machine.current().register(this, new AID(bArray, bOffset, bLength));
    }

    protected final boolean selectingApplet() {
        return Machine.current().selecting();
    }
}
