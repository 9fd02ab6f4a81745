package org.mizuhiki.pocket;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.outbox.Step;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.Member;

/// Lateral grants (横認証): the author opens a letter to another professional, at once, until a time.
public final class Grants {
    private final Desk desk;
    private final Errands errands;
    private final People people;
    private final Envelopes envelopes;

    Grants(Desk desk, Errands errands, People people, Envelopes envelopes) {
        this.desk = desk;
        this.errands = errands;
        this.people = people;
        this.envelopes = envelopes;
    }

    /// Where a grant stands.
    public enum State {
        STANDING,
        REVOKED,
        EXPIRED
    }

    /// A grant that this person gave, got or owns the letter of.
    public record Grant(Digest id, LateralGrant statement, State state) {}

    /// The author's grant, whose reader may not pass the letter on.
    ///
    /// @param purpose such as `referral`
    /// @return the grant's ID
    /// @throws Refusal `reader-not-professional`, `key-substituted` and the like from the directory's
    /// check,
    ///     `not-the-author`
    public Digest give(Digest letter, PersonId reader, Duration life, String purpose) {
        return give(letter, reader, life, purpose, 0);
    }

    /// The author's grant, or that of a reader whose own grant allows it; then it ends with that one at the
    /// latest.
    ///
    /// @param onward how many readers one after the other may pass it on
    /// @throws Refusal also `grant-not-onward`
    public Digest give(Digest letter, PersonId reader, Duration life, String purpose, int onward) {
        // 1. the reader's keys, as the directory lists them and the ledger proves them
        var key = readerKey(reader);
        // 2. the letter is this person's to grant: as its author, or under a grant that goes that far
        var said = desk.about(letter).all();
        var sealed = envelopes.statement(letter, said);
        var above = above(sealed.statement(), said, onward);
        // 3. open one's own slot, close the letter's key for the reader: the ciphertext is not touched
        var mine = above.map(a -> envelopes.grantedSlot(a)).orElseGet(() -> envelopes.ownSlot(letter, sealed));
        var slot = closedFor(key, letter, mine);
        // 4. say so; the slot's digest is in the statement, so no other slot can be put in its place
        var until = desk.now().plus(life);
        var grant = new LateralGrant(
                desk.me(),
                reader,
                sealed.statement().owner(),
                letter,
                slot.encoded().sha256(),
                purpose,
                desk.now(),
                above.map(LateralGrant::until).filter(until::isAfter).orElse(until),
                desk.nonce(),
                above.map(LateralGrant::id),
                onward);
        return send(grant, slot);
    }

    /// The owner's grant to a delegate, who may not pass the letter on.
    ///
    /// @param key the delegate's, as the directory proves it
    /// @throws Refusal `not-the-owner`
    Digest delegate(Digest letter, PersonId delegate, Reader.XWing key, Instant until, String purpose) {
        var sealed = envelopes.statement(letter, desk.about(letter).all());
        if (!sealed.statement().owner().equals(desk.me())) {
            throw Refusal.of("not-the-owner", "委任できるのは自分の文書だけです", "Only letters of one's own can be delegated");
        }
        var slot = closedFor(key, letter, envelopes.ownSlot(letter, sealed));
        var grant = new LateralGrant(
                desk.me(),
                delegate,
                desk.me(),
                letter,
                slot.encoded().sha256(),
                purpose,
                desk.now(),
                until,
                desk.nonce());
        return send(grant, slot);
    }

    private Slot closedFor(Reader.XWing key, Digest letter, Slot mine) {
        var body = envelopes.body(letter);
        return desk.seals()
                .letters()
                .addSlot(new SealedLetter(body, List.of(mine)), desk.device().opener(), key);
    }

    /// The grant that a reader rests on; none for the author. What is said here the key server and every
    /// reader's device decide again.
    private Optional<LateralGrant> above(LetterSealed sealed, List<Attested<?>> said, int onward) {
        if (sealed.by().equals(desk.me())) {
            return Optional.empty();
        }
        var all = new Said(said);
        var mine = all.of(LateralGrant.class).stream()
                .map(Attested::statement)
                .filter(g -> g.reader().equals(desk.me()) && g.until().isAfter(desk.now()))
                .filter(g -> !all.ended().contains(g.id()))
                .toList();
        if (mine.isEmpty()) {
            throw Refusal.of(
                    "not-the-author",
                    "横認証ができるのは、その文書の作成者と、作成者から転送を許された人だけです",
                    "Only the author of a letter, and whom the author allowed to pass it on, can grant it to others");
        }
        return Optional.of(mine.stream()
                .filter(g -> g.onward() > onward)
                .max(Comparator.comparing(LateralGrant::until))
                .orElseThrow(() -> Refusal.of(
                        "grant-not-onward",
                        "あなたへの横認証では、ほかの人への転送（その回数）が許されていません。作成者に依頼してください",
                        "Your grant does not allow you to pass the letter on that far; ask its author")));
    }

    /// The first grant that this person gave a reader of a letter, whether it stands or has ended: what was
    /// taken back must not be given again because an old order is read again.
    Optional<LateralGrant> given(Digest letter, PersonId reader) {
        return desk.about(letter).of(LateralGrant.class).stream()
                .map(Attested::statement)
                .filter(g -> g.by().equals(desk.me()) && g.reader().equals(reader))
                .min(Comparator.comparing(LateralGrant::at));
    }

    /// Takes a grant back; what was read was read. The author, and the owner of the letter may.
    ///
    /// @throws Refusal `grant-unknown`
    public void revoke(Digest grant, String reason) {
        // 1. the grant itself, checked
        // (what is broken beside it must not keep anybody from taking a grant back)
        var given = grants(Said.of(desk)).stream()
                .filter(g -> g.id().equals(grant))
                .findFirst()
                .orElseThrow(
                        () -> Refusal.of("grant-unknown", "その番号の横認証はありません", "There is no such lateral grant of yours"));
        // 2. say that it is over: the key server releases nothing more
        var revocation = new Revocation(desk.me(), grant, reason, desk.now(), desk.nonce());
        var letter = given.statement().letter();
        // 3. the store lets go of the envelope too, and the ledger has it
        errands.run(
                "revocation",
                Map.of("grant", grant.hex(), "letter", letter.hex()),
                List.of(
                        new Step.Say(desk.sign(revocation)),
                        new Step.Unshare(letter, given.statement().reader()),
                        new Step.Logged(revocation.kind(), revocation.id())));
    }

    /// Every grant that names this person, newest first, checked.
    ///
    /// @throws Refusal `statements-broken` when a grant would be shown as standing though a statement that
    /// does not hold may have ended it, `statements-too-many`
    public List<Grant> list() {
        var said = Said.of(desk);
        var grants = grants(said);
        said.mustBeSure(grants.stream()
                .filter(g -> g.state() == State.STANDING)
                .map(Grant::id)
                .toList());
        return grants;
    }

    private List<Grant> grants(Said said) {
        var ended = said.ended();
        return said.of(LateralGrant.class).stream()
                .map(Attested::statement)
                .map(g -> new Grant(g.id(), g, state(g, ended.contains(g.id()), desk.now())))
                .toList();
    }

    private static State state(LateralGrant grant, boolean ended, Instant now) {
        if (ended) {
            return State.REVOKED;
        }
        return now.isBefore(grant.until()) ? State.STANDING : State.EXPIRED;
    }

    /// @throws Refusal `reader-not-professional`, and the directory check's
    void mustBeProfessional(PersonId reader) {
        readerKey(reader);
    }

    private Reader.XWing readerKey(PersonId reader) {
        var listing = people.find(reader);
        if (!(listing.member() instanceof Member.Professional)) {
            throw Refusal.of(
                    "reader-not-professional",
                    "横認証の相手は、所属が確認された医療従事者に限ります",
                    "A lateral grant can only be given to an attested professional");
        }
        return listing.reader();
    }

    private Digest send(LateralGrant grant, Slot slot) {
        errands.run(
                "grant",
                Map.of("letter", grant.letter().hex(), "reader", grant.reader().value()),
                List.of(
                        new Step.Grant(desk.sign(grant), slot),
                        new Step.Share(grant.letter(), grant.reader(), grant.id(), grant.until()),
                        new Step.Logged(grant.kind(), grant.id())));
        return grant.id();
    }
}
