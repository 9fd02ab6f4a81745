package org.mizuhiki.wire.bound;

import java.io.IOException;

/// The other end went away in the middle; nobody is left to answer, and nothing of ours failed.
public final class ClientGone extends IOException {
    private static final long serialVersionUID = 1L;

    public ClientGone(IOException cause) {
        super("the client went away", cause);
    }
}
