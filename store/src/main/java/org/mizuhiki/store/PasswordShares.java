package org.mizuhiki.store;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.oprf.Guesses;

/// One of the two shares of the keys under which persons' passwords are evaluated; the key server has the
/// others (docs/flows/password.md). Nothing here tests a password, and every evaluation counts as a
/// guess. A new share is made for its person's device only ([OwnShares]).
/// An epoch names one pair of shares; the key server says which one counts. Every operation may be
/// repeated.
public interface PasswordShares {
    /// Makes the share of the next epoch out of another one's by taking `shift` off: the key stays the
    /// same.
    ///
    /// @param shift 32 bytes, which the key server adds to its share
    /// @throws org.mizuhiki.house.Refusal `epoch-unknown`, `scalar-malformed`
    void shift(PersonId person, Digest from, Digest to, Bytes shift);

    /// From now on only this epoch counts: all others of the person go.
    ///
    /// @throws org.mizuhiki.house.Refusal `epoch-unknown`; nothing goes then
    void keep(PersonId person, Digest epoch);

    /// A password to be evaluated.
    ///
    /// @param element 32 bytes
    record Blinded(PersonId person, Digest epoch, Bytes element) {}

    /// @param evaluated 32 bytes; none when the ID was tried too often
    record Evaluation(Optional<Bytes> evaluated) {
        static final Evaluation TOO_EARLY = new Evaluation(Optional.empty());

        /// @throws org.mizuhiki.house.Refusal `login-rate-exceeded`
        public Bytes orRefused() {
            return evaluated.orElseThrow(Guesses::tooMany);
        }
    }

    /// As many as [#evaluate(List)] takes.
    int MOST = 32;

    /// Evaluates blinded passwords. Who asks for an ID or epoch that is not here gets an answer as well,
    /// the same for the same ID, in the same time.
    ///
    /// @param all at most [#MOST], each of another person
    /// @return in the order of the questions
    /// @throws org.mizuhiki.house.Refusal `element-malformed`, `element-identity` for any of them
    List<Evaluation> evaluate(List<Blinded> all);

    /// See [#evaluate(List)].
    ///
    /// @throws org.mizuhiki.house.Refusal `login-rate-exceeded`, `element-malformed`, `element-identity`
    default Bytes evaluate(PersonId person, Digest epoch, Bytes element) {
        return evaluate(List.of(new Blinded(person, epoch, element))).getFirst().orRefused();
    }
}
