package org.mizuhiki.ike.vici;

import java.io.IOException;

/// What came is no packet of vici, or one beyond our bounds.
public final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;

    Malformed(String what) {
        super(what);
    }
}
