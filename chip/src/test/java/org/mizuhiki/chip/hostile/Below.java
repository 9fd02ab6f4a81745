package org.mizuhiki.chip.hostile;

import javacard.framework.Applet;

/// Has a field of its own that is called like its child's.
abstract class Below extends Applet {
    private byte state;

    void setBelow(byte value) {
        state = value;
    }

    byte below() {
        return state;
    }
}
