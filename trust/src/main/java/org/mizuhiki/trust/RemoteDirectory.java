package org.mizuhiki.trust;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.wire.Peer;

/// The authority's directory over HTTP. Whatever it answers goes through [DirectoryCheck] before it is
/// used.
public final class RemoteDirectory implements Directory {
    private final Peer authority;

    public RemoteDirectory(Peer authority) {
        this.authority = authority;
    }

    @Override
    public Listing find(PersonId id) {
        return authority
                .get("/v1/directory/" + id.value(), AuthorityRoutes.ListingBody.class)
                .listing();
    }

    @Override
    public List<Listing> past(PersonId id) {
        return listings("/v1/directory/" + id.value() + "/past");
    }

    @Override
    public List<Listing> professionals(String text) {
        var path = "/v1/professionals?text=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
        return listings(path);
    }

    private List<Listing> listings(String path) {
        return authority.get(path, AuthorityRoutes.ListingsBody.class).listings().stream()
                .map(AuthorityRoutes.ListingBody::listing)
                .toList();
    }
}
