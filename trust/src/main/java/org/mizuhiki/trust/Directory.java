package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Evidence;

/// Anybody's keys by ID, each answer with the ledger's proof, so that a substituted key is noticed.
public interface Directory {
    /// @throws org.mizuhiki.house.Refusal `person-unknown`
    Listing find(PersonId id);

    /// Professionals whose name or institution contains `text`; at most 50.
    List<Listing> professionals(String text);

    /// @param member who it is
    /// @param signing chain, own first
    /// @param sealing X-Wing certificate
    /// @param evidence that the entry of kind `key-entry` over [#record] is in the ledger
    record Listing(
            Member member, List<X509Certificate> signing, X509Certificate sealing, Bytes binding, Evidence evidence) {
        public Listing {
            signing = List.copyOf(signing);
        }

        /// What the ledger holds the digest of: the member, both certificates' digests and the binding.
        public Canonical record() {
            return Canonical.of(java.util.Map.of("kind", "key-entry")); // the trust room writes this
        }
    }
}
