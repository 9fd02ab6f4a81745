package org.mizuhiki.registration;

import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Digest;
import org.mizuhiki.trust.KeyFiles;

/// An act that was accepted.
///
/// @param issued the chain of the certificate that it had issued, own first; empty for all but d) and i)
public record Done(Act act, List<X509Certificate> issued) {
    public Done {
        issued = List.copyOf(issued);
    }

    /// Digest of the certificate that it had issued.
    Digest certificate() {
        return KeyFiles.encoded(issued.getFirst()).sha256();
    }
}
