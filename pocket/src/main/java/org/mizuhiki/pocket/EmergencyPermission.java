package org.mizuhiki.pocket;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.account.EmergencyKey;
import org.mizuhiki.chip.NationalCard;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Emergencies;
import org.mizuhiki.keys.Emergencies.Covered;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.pocket.outbox.Step;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.wire.Temporary;

/// What a patient allows for emergencies (docs/flows/emergency.md). Off until the patient says so, with the
/// card; the patient's device closes each letter's key for a key that only the card and the key server give
/// together.
public final class EmergencyPermission {
    /// Letters that are covered in one call.
    private static final int AT_ONCE = 20;

    private final Desk desk;
    private final Errands errands;
    private final Envelopes envelopes;
    private final EmergencyServers servers;

    EmergencyPermission(Desk desk, Errands errands, Envelopes envelopes, EmergencyServers servers) {
        this.desk = desk;
        this.errands = errands;
        this.envelopes = envelopes;
        this.servers = servers;
    }

    /// @param ended by the patient, by who said it, or with the permission
    public record Opened(Digest id, EmergencyOpening statement, boolean ended) {}

    /// @param access what is allowed, if anything is
    /// @param openings newest first
    public record Standing(Optional<EmergencyAccess> access, List<Opened> openings) {
        public Standing {
            openings = List.copyOf(openings);
        }
    }

    /// @param covered letters whose key was closed for emergencies now
    /// @param leftOut letters that do not hold, and why
    public record Followed(int covered, Map<Digest, Refusal> leftOut) {
        public Followed {
            leftOut = Map.copyOf(leftOut);
        }
    }

    /// Allows it, and covers what is here.
    ///
    /// @param card to which its PIN was shown
    /// @param life at most five years
    /// @throws Refusal `card-unfit`, `emergency-stands`, those of the servers
    public Followed allow(NationalCard card, Duration life) {
        // 1. the key, of the card's signature and a part for the key server; it is on no disk
        var nonce = desk.nonce();
        var part = new byte[Emergencies.SHARE];
        desk.die().nextBytes(part);
        var share = Bytes.of(part);
        try (var made = EmergencyKey.make(card, desk.me(), nonce, share, desk.seals())) {
            var key = new Reader.XWing(made.key().opener().publicKey());
            // 2. the patient's word for it
            var now = desk.now();
            var access = new EmergencyAccess(desk.me(), made.certificate(), key.keyId(), now, now.plus(life), nonce);
            // 3. the store lets nobody fetch who does not show what the card gives; then key server and ledger
            var signed = desk.sign(access);
            mustBeFree();
            servers.store().allow(desk.me(), Digest.of(made.key().token().toArray()));
            var filed = servers.keys().allow(desk.me(), signed, key, share);
            desk.prove(filed.signed(), desk.servers());
        }
        // 4. every letter that is here
        return follow();
    }

    /// Before the store forgets the one that stands.
    private void mustBeFree() {
        if (servers.keys().standing(desk.me()).access().isPresent()) {
            throw Refusal.of(
                    "emergency-stands",
                    "緊急時の許可はすでにあります。先に取り消してください（mizuhiki emergency remove）",
                    "Another permission stands; remove it first (mizuhiki emergency remove)");
        }
    }

    /// Covers letters that came since; to be called now and then.
    ///
    /// @throws Refusal `emergency-not-allowed`, `slot-swapped` when the key server shows another key than the
    /// one that this person signed
    public Followed follow() {
        var standing = servers.keys().standing(desk.me());
        var access = standing.access()
                .map(this::own)
                .orElseThrow(() ->
                        Refusal.of("emergency-not-allowed", "緊急時の開示は許可されていません", "Nothing is allowed for emergencies"));
        var key = new Reader.XWing(standing.key());
        if (!key.keyId().equals(access.key())) {
            throw Envelopes.slotSwapped();
        }
        int done = 0;
        var leftOut = new HashMap<Digest, Refusal>();
        var after = EmergencyReading.START;
        while (true) {
            var open = servers.keys().uncovered(desk.me(), after).stream()
                    .limit(AT_ONCE)
                    .toList();
            if (open.isEmpty()) {
                return new Followed(done, leftOut);
            }
            after = EmergencyReading.later(open, after);
            var covered = new ArrayList<Covered>();
            for (var letter : open) {
                try {
                    covered.add(covered(letter, key));
                } catch (Refusal refusal) {
                    if (Temporary.is(refusal)) {
                        throw refusal;
                    }
                    leftOut.put(letter, refusal);
                }
            }
            servers.keys().cover(desk.me(), covered);
            done += covered.size();
        }
    }

    private Covered covered(Digest letter, Reader.XWing key) {
        var sealed = envelopes.statement(letter, desk.about(letter).all());
        var mine = envelopes.ownSlot(letter, sealed);
        var body = new SealedLetter(envelopes.body(letter), List.of(mine));
        return new Covered(
                letter, desk.seals().letters().addSlot(body, desk.device().opener(), key));
    }

    /// Ends it with everything that was opened by it; the slots go.
    ///
    /// @return whether there was anything to end
    public boolean remove() {
        var access = servers.keys().standing(desk.me()).access().map(this::own);
        access.ifPresent(a -> revoke(a.id(), "emergency-removed"));
        servers.store().forbid(desk.me());
        return access.isPresent();
    }

    /// Ends one opening before its time.
    ///
    /// @throws Refusal `opening-unknown`
    public void end(Digest opening) {
        var said = list().openings().stream()
                .filter(o -> o.id().equals(opening))
                .findFirst()
                .orElseThrow(() ->
                        Refusal.of("opening-unknown", "その緊急開示はありません", "There is no such opening of your letters"));
        revoke(opening, "opening-ended");
        servers.store().dismiss(desk.me(), said.statement().by());
    }

    private void revoke(Digest what, String reason) {
        var revocation = new Revocation(desk.me(), what, reason, desk.now(), desk.nonce());
        errands.run(
                "revocation",
                Map.of("grant", what.hex()),
                List.of(new Step.Say(desk.sign(revocation)), new Step.Logged(revocation.kind(), revocation.id())));
    }

    /// What is allowed, and what was opened, each checked here.
    public Standing list() {
        var standing = servers.keys().standing(desk.me());
        var ended = Said.of(desk).ended();
        var openings = standing.openings().stream()
                .map(f -> desk.region().statements().check(f.signed(), EmergencyOpening.class))
                .map(Attested::statement)
                .filter(o -> o.patient().equals(desk.me()))
                .map(o -> new Opened(o.id(), o, ended.contains(o.id()) || ended.contains(o.access())))
                .toList();
        return new Standing(standing.access().map(this::own), openings);
    }

    private EmergencyAccess own(Filed filed) {
        var access = desk.region()
                .statements()
                .check(filed.signed(), EmergencyAccess.class)
                .statement();
        if (!access.by().equals(desk.me())) {
            throw Envelopes.slotSwapped();
        }
        return access;
    }

    /// Whether an opening goes on.
    public static boolean isOpen(Opened opened, Instant now) {
        return !opened.ended() && now.isBefore(opened.statement().until());
    }
}
