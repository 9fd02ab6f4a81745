package org.mizuhiki.trust.path;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAParams;
import java.security.interfaces.DSAPublicKey;
import java.security.spec.DSAPublicKeySpec;
import java.util.List;
import java.util.Set;

/// A path that holds.
///
/// @param path the stranger's own certificate first, the one that the anchor signed last
/// @param policies under which the path is valid, as the own certificate calls them; empty if none was asked
public record Found(List<X509Certificate> path, X509Certificate anchor, Set<String> policies) {
    public Found {
        path = List.copyOf(path);
        policies = Set.copyOf(policies);
    }

    public X509Certificate own() {
        return path.getFirst();
    }

    /// Who issued the certificate at this place.
    public X509Certificate issuer(int place) {
        return place + 1 < path.size() ? path.get(place + 1) : anchor;
    }

    /// The issuer's key, with the parameters that a DSA key may inherit from the issuers above it (RFC
    /// 3279, 2.3.2).
    public PublicKey issuerKey(int place) {
        var key = issuer(place).getPublicKey();
        boolean inherits = key instanceof DSAPublicKey d && d.getParams() == null;
        return inherits && place + 1 < path.size() && issuerKey(place + 1) instanceof DSAPublicKey above
                ? completed((DSAPublicKey) key, above.getParams())
                : key;
    }

    private static PublicKey completed(DSAPublicKey key, DSAParams with) {
        try {
            return KeyFactory.getInstance("DSA")
                    .generatePublic(new DSAPublicKeySpec(key.getY(), with.getP(), with.getQ(), with.getG()));
        } catch (GeneralSecurityException e) {
            return key; // verifies nothing
        }
    }
}
