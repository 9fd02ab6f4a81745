package org.mizuhiki.apps.role;

import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.CaName;
import org.mizuhiki.trust.Published;
import org.mizuhiki.trust.RevocationList;

/// What a router's engine is told of its partners' CAs, from memory: an order must not wait for an authority
/// that is away.
final class RouterLists {
    private final Published published;
    private final RevocationList standing;
    private volatile List<Bytes> cas = List.of();
    private volatile List<Bytes> revocations = List.of();

    /// @param standing checks what is published
    RouterLists(Published published, RevocationList standing) {
        this.published = published;
        this.standing = standing;
    }

    /// @throws org.mizuhiki.house.Refusal those of [RevocationList#refresh]; what was known stays
    void refresh() {
        standing.refresh();
        var names = new ArrayList<>(List.of(CaName.ROOT.text()));
        published.standing().stream()
                .filter(n -> n.equals(CaName.SERVICE.text()) || n.startsWith(CaName.SERVICE.text() + "-"))
                .forEach(names::add);
        cas = names.stream().map(published::certificate).toList();
        revocations = names.stream().map(published::crl).toList();
    }

    /// Certificates (DER) of the CAs under which routers stand: the root, and the service-CA with each of its
    /// keys.
    List<Bytes> cas() {
        return cas;
    }

    /// Their revocation lists (DER).
    List<Bytes> revocations() {
        return revocations;
    }
}
