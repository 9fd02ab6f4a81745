package org.mizuhiki.chip.card;

import javacard.framework.AID;
import javacard.framework.Applet;

/// An applet on a card: its name, the package it is of, the instance.
record Installed(AID aid, LoadFile file, Applet applet) {}
