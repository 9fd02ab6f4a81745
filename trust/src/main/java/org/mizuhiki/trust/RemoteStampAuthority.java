package org.mizuhiki.trust;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.seal.Stamps;
import org.mizuhiki.wire.Peer;

/// The region's stamp authority over HTTP (RFC 3161, 3.4).
public final class RemoteStampAuthority implements StampAuthority {
    private final Peer authority;
    private final Stamps stamps;

    /// @param stamps builds requests and reads answers, see [org.mizuhiki.seal.Seals#stamps]
    public RemoteStampAuthority(Peer authority, Stamps stamps) {
        this.authority = authority;
        this.stamps = stamps;
    }

    @Override
    public Bytes stamp(Digest imprint) {
        var request = stamps.request(imprint);
        try {
            return stamps.accept(
                    request, authority.postBytes("/tsa", "application/timestamp-query", request.encoded()));
        } catch (Refusal e) {
            throw Refusal.of(
                    "stamp-unavailable",
                    "タイムスタンプを取得できません。しばらくしてからやり直してください",
                    "No time stamp can be had now; try again later",
                    e);
        }
    }
}
