package org.mizuhiki.ike;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/// One end of a tunnel.
///
/// @param identity as the certificate names it: its subject (`C=JP, O=…`), or a name or address among its
///     alternative names. Wildcards are refused: a certificate of another must not fit
/// @param addresses where it is reachable; empty: anywhere, the identity decides
/// @param networks  what is reachable through the tunnel at this end
public record End(String identity, List<InetAddress> addresses, List<Cidr> networks) {
    private static final Pattern IDENTITY = Pattern.compile("[^*%\\p{Cntrl}]{1,500}");

    public End {
        if (!IDENTITY.matcher(identity).matches()) {
            throw new IllegalArgumentException("an identity has no wildcards");
        }
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("an end without networks would agree to any");
        }
        addresses = List.copyOf(addresses);
        networks = List.copyOf(networks);
    }
}
