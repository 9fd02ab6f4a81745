package org.mizuhiki.wire;

import java.net.URI;
import java.security.SecureRandom;
import java.util.function.Supplier;

/// Connects to other servers.
public final class Peers {
    private Peers() {}

    /// A peer at `base`, such as `https://keys.example:8443`; connects at the first call.
    ///
    /// @param identity asked for at every handshake, so a renewed certificate is shown without a restart
    /// @param die for request keys and the jitter of retries
    public static Peer connect(URI base, Supplier<Identity> identity, Patience patience, SecureRandom die) {
        ServerConfig.need(
                "https".equals(base.getScheme())
                        && base.getHost() != null
                        && base.getRawPath().isEmpty(),
                "url",
                "https://ホスト:ポート の形",
                "of the form https://host:port");
        return new HttpPeer(base, identity, patience, die);
    }

    /// The same with [Patience#usual] and one identity for good; `Identity.anonymous` calls public routes.
    public static Peer connect(URI base, Identity identity, SecureRandom die) {
        return connect(base, () -> identity, Patience.usual(), die);
    }
}
