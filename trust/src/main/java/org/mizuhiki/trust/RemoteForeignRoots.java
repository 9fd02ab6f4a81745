package org.mizuhiki.trust;

import org.mizuhiki.wire.Peer;

/// The authority's list of foreign roots over HTTP.
public final class RemoteForeignRoots implements ForeignRoots {
    static final String PATH = "/v1/foreign-roots";

    private final Peer authority;

    public RemoteForeignRoots(Peer authority) {
        this.authority = authority;
    }

    @Override
    public History history() {
        return authority.get(PATH, History.class);
    }
}
