package org.mizuhiki.pocket;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Bundle;
import org.mizuhiki.trust.Member;

/// Who opened what, when: for the patient, checked on the patient's own device.
public final class Trail {
    private final Desk desk;

    Trail(Desk desk) {
        this.desk = desk;
    }

    /// One opening.
    ///
    /// @param who as the reader's certificate says
    /// @param at by the time stamp, not by the reader's clock
    /// @param proof that it is in the ledger
    /// @param doubt why the proof does not hold; the entry is shown all the same, never hidden
    public record Opening(
            Disclosure statement, Member who, Instant at, Optional<Proof<Disclosure>> proof, Optional<Refusal> doubt) {}

    /// Openings of this person's letters, newest first.
    public List<Opening> openings() {
        var openings = new ArrayList<Opening>();
        for (var said : Said.of(desk).of(Disclosure.class)) {
            if (said.statement().owner().equals(desk.me())) {
                openings.add(opening(said));
            }
        }
        return openings;
    }

    /// Openings of one letter.
    public List<Opening> openings(Digest letter) {
        return openings().stream()
                .filter(o -> o.statement().letter().equals(letter))
                .toList();
    }

    /// Everything that was said about one letter, with the ledger's proofs, to be checked by anybody
    /// offline.
    public Bundle bundle(Digest letter) {
        return new Bundle(desk.about(letter).stream()
                .map(said -> Bundle.Item.of(desk.prove(said).evidence(), said.signed()))
                .toList());
    }

    private Opening opening(Attested<Disclosure> said) {
        try {
            var proof = desk.prove(said);
            return new Opening(said.statement(), said.signer(), said.stampedAt(), Optional.of(proof), Optional.empty());
        } catch (Refusal refusal) {
            return new Opening(
                    said.statement(), said.signer(), said.stampedAt(), Optional.empty(), Optional.of(refusal));
        }
    }
}
