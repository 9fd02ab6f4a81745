package org.mizuhiki.pocket;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Bundle;
import org.mizuhiki.pocket.outbox.Servers;
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

    /// A statement that does not hold and may record an opening of this person's letters: somebody tells
    /// less than the truth, and the person is to know it.
    ///
    /// @param number the key server's, to name it to the operator
    /// @param letter which letter, by the statement's own word; empty when it cannot be read: any
    /// @param doubt why it does not hold
    public record Broken(long number, Optional<Digest> letter, Refusal doubt) {
        static Broken of(Heard.Broken heard) {
            return new Broken(heard.number(), heard.record().flatMap(Trail::letter), heard.why());
        }
    }

    /// Every statement that may be a garbled opening, newest first; to be shown beside [#openings], which
    /// can only list what could be checked.
    ///
    /// @throws Refusal `statements-too-many`
    public List<Broken> broken() {
        return Said.of(desk).broken().stream()
                .filter(b -> b.may("disclosure") && mine(b))
                .map(Broken::of)
                .toList();
    }

    /// Those of [#broken] that may be about one letter.
    public List<Broken> broken(Digest letter) {
        return broken().stream()
                .filter(b -> b.letter().map(letter::equals).orElse(true))
                .toList();
    }

    private boolean mine(Heard.Broken broken) {
        return broken.record()
                .flatMap(r -> r.find("owner"))
                .map(desk.me().value()::equals)
                .orElse(true);
    }

    private static Optional<Digest> letter(Canonical record) {
        try {
            return record.find("letter").map(Digest::new);
        } catch (Refusal malformed) {
            return Optional.empty();
        }
    }

    /// Openings of this person's letters that hold as statements, newest first; see [#broken] for the
    /// others.
    ///
    /// @throws Refusal `statements-too-many`
    public List<Opening> openings() {
        var servers = desk.servers();
        var openings = new ArrayList<Opening>();
        for (var said : Said.of(desk).of(Disclosure.class)) {
            if (said.statement().owner().equals(desk.me())) {
                openings.add(opening(said, servers));
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
        var servers = desk.servers();
        return new Bundle(desk.about(letter).all().stream()
                .map(said -> Bundle.Item.of(desk.prove(said, servers).evidence(), said.signed()))
                .toList());
    }

    private Opening opening(Attested<Disclosure> said, Servers servers) {
        try {
            var proof = desk.prove(said, servers);
            return new Opening(said.statement(), said.signer(), said.stampedAt(), Optional.of(proof), Optional.empty());
        } catch (Refusal refusal) {
            return new Opening(
                    said.statement(), said.signer(), said.stampedAt(), Optional.empty(), Optional.of(refusal));
        }
    }
}
