package org.mizuhiki.trust;

import org.mizuhiki.house.Digest;

/// The operator's side of the list of foreign roots; never had over the network.
public interface ForeignRootBook extends ForeignRoots {
    /// Trusts a root, or changes for what it is trusted.
    ///
    /// @param by the operator's name
    /// @throws org.mizuhiki.house.Refusal `foreign-root-malformed`, `foreign-roots-full`
    void add(ForeignRoot root, String by, String reason);

    /// Ends the trust in a root.
    ///
    /// @param root SHA-256 of its certificate
    /// @throws org.mizuhiki.house.Refusal `foreign-root-unknown`, `foreign-root-malformed`
    void withdraw(Digest root, String by, String reason);
}
