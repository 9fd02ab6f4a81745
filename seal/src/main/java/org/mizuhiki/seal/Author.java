package org.mizuhiki.seal;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// Who signs: a private key (ECDSA P-256) and its certificate chain, signer first, root left out or last.
public record Author(PrivateKey key, List<X509Certificate> chain) {
    public Author {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an author has at least its own certificate");
        }
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /// The subject only: the key is never printed.
    @Override
    public String toString() {
        return "Author[" + certificate().getSubjectX500Principal() + "]";
    }
}
