package org.mizuhiki.consent;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.StampAuthority;

/// Signs statements and checks signed ones.
public interface Statements {
    /// @throws org.mizuhiki.house.Refusal `stamp-unavailable`
    <S extends Statement> Bytes sign(S statement, Author author, StampAuthority stamps);

    /// @throws org.mizuhiki.house.Refusal `statement-malformed`, `statement-signer` (signed by somebody
    /// else than it says), `statement-time`
    ///     (stamp more than five minutes from what it says), and those of signature, stamp and
    /// [org.mizuhiki.trust.Validator]
    Attested<Statement> check(Bytes signed);

    /// [#check], and it must be of this kind.
    ///
    /// @throws org.mizuhiki.house.Refusal `statement-kind`
    <S extends Statement> Attested<S> check(Bytes signed, Class<S> kind);
}
