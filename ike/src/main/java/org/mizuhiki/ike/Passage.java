package org.mizuhiki.ike;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Refusal;

/// What may pass one connection at one site.
///
/// @param tunnel     name of the connection
/// @param own        this site's networks as the partner sees them
/// @param partner    the partner's networks as they are seen here
/// @param flows      all that may pass, in this site's real addresses and the partner's as they are seen
///     here
/// @param translated how this site's networks appear to the partner, when both use the same private
///     addresses
/// @param exclusive  the class of service, where the classes must never run at once (seed 003, C.4: ASP,
///     relay, provider, remote maintenance); empty: goes beside anything
/// @param dscp       code point (RFC 2474) that its packets are marked with, 0 to 63; 0 leaves them as they
///     are
public record Passage(
        String tunnel,
        List<Cidr> own,
        List<Cidr> partner,
        List<Flow> flows,
        List<Translation> translated,
        Optional<String> exclusive,
        int dscp) {
    public Passage {
        Tunnel.requireName(tunnel);
        own = List.copyOf(own);
        partner = List.copyOf(partner);
        flows = List.copyOf(flows);
        translated = List.copyOf(translated);
        if (dscp < 0 || dscp > 63) {
            throw new IllegalArgumentException("a DSCP has six bits");
        }
    }

    /// A passage with nothing but flows.
    public static Passage of(String tunnel, List<Cidr> own, List<Cidr> partner, List<Flow> flows) {
        return new Passage(tunnel, own, partner, flows, List.of(), Optional.empty(), 0);
    }

    /// One address for one, in both directions (1:1 NAT).
    ///
    /// @param own     the site's real network
    /// @param shown   the network as which the partner sees it, of the same size
    /// @param partner the partner's network as it is seen here
    public record Translation(Cidr own, Cidr shown, Cidr partner) {
        /// @throws Refusal `network-not-valid`
        public Translation {
            if (own.length() != shown.length() || !own.isIpv4() || !shown.isIpv4() || !partner.isIpv4()) {
                throw Refusal.of(
                        "network-not-valid",
                        "アドレス変換の前後は同じ大きさのIPv4ネットワークにしてください",
                        "Networks that stand for one another are of IPv4 and of one size");
            }
        }
    }
}
