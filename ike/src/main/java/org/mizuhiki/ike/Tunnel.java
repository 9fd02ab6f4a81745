package org.mizuhiki.ike;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;

/// A tunnel as it is wanted. Both sides say the same, mirrored.
///
/// @param name        of the connection, the same for the engine, its events and the packet policy
/// @param own         this side
/// @param partner     the other side
/// @param certificate own, DER
/// @param partnersCa  the CA (DER) under which the partner's certificate must stand, e.g. the service-CA of
///     the group: a good certificate of another group opens nothing
/// @param partnersCertificate DER; if given, no other one of that identity and CA will do
/// @param ppk         name of the post-quantum pre-shared key (RFC 8784) that is mixed in; if there is one,
///     both sides require it
/// @param revocation  how sure this side must be that the partner's certificate is not revoked
/// @param renewEvery  the traffic keys' life; renewing them loses no packet
public record Tunnel(
        String name,
        End own,
        End partner,
        Bytes certificate,
        Bytes partnersCa,
        Optional<Bytes> partnersCertificate,
        Optional<String> ppk,
        Revocation revocation,
        Duration renewEvery) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /// How sure one must be that a certificate is not revoked.
    public enum Revocation {
        /// A list that is in force must say so, for every certificate of the path: no list, no tunnel.
        STRICT("strict"),
        /// A list that is there is believed; where none is, the certificate is.
        KNOWN("relaxed");

        private final String word;

        Revocation(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    public Tunnel {
        requireName(name);
        ppk.ifPresent(Tunnel::requireName);
        if (renewEvery.compareTo(Duration.ofSeconds(10)) < 0 || renewEvery.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("traffic keys live between ten seconds and a day");
        }
    }

    static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a connection's name is lower case letters, digits and hyphens");
        }
    }
}
