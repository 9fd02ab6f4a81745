package org.mizuhiki.wire;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one end of a mutual TLS connection shows and whom it believes.
///
/// @param key EC P-256; `chain` its certificates, own first
/// @param roots the accreditation roots; nothing else is believed, the JDK's own list never
public record Identity(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots) {
    public Identity {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }

    /// Shows nothing, believes only `roots`: for calls to public routes.
    public static Identity anonymous(List<X509Certificate> roots) {
        return new Identity(NoKey.NONE, List.of(), roots);
    }

    public boolean isAnonymous() {
        return chain.isEmpty();
    }

    private enum NoKey implements PrivateKey {
        NONE;

        @Override
        public String getAlgorithm() {
            return "none";
        }

        @Override
        public @Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return null;
        }
    }

    @Override
    public String toString() {
        return "Identity[" + (chain.isEmpty() ? "none" : chain.getFirst().getSubjectX500Principal()) + "]";
    }
}
