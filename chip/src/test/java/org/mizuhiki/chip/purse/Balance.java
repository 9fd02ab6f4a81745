package org.mizuhiki.chip.purse;

import javacard.framework.Shareable;

/// What the purse lends to others.
public interface Balance extends Shareable {
    short balance();

    void write(byte[] target);

    byte[] ledger();
}
