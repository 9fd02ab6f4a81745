package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.mizuhiki.house.Digest;

/// Is a stranger's certificate to be believed? Never a plain yes or no.
public sealed interface Verdict {
    /// @param path own certificate first, without the root
    /// @param root SHA-256 of the centrally trusted root's certificate
    /// @param policies under which the path is valid, if policies were asked for
    /// @param asOf when the oldest answer about revocation was made
    /// @param offline an answer past its time had to do; say so beside the result
    record Accepted(List<X509Certificate> path, Digest root, Set<String> policies, Instant asOf, boolean offline)
            implements Verdict {
        public Accepted {
            path = List.copyOf(path);
            policies = Set.copyOf(policies);
        }
    }

    record Refused(Reason reason) implements Verdict {}

    /// @throws org.mizuhiki.house.Refusal the reason's
    default Accepted orRefuse() {
        return switch (this) {
            case Accepted accepted -> accepted;
            case Refused(var reason) -> throw reason.refusal();
        };
    }
}
