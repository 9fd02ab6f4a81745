package org.mizuhiki.pocket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.account.EmergencyKey;
import org.mizuhiki.chip.CardAtTerminal;
import org.mizuhiki.chip.Presence;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Decision.Denied;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Emergencies;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.trust.Member;

/// A professional opens a patient's letters in an emergency, with the patient's card at an accredited terminal
/// (docs/flows/emergency.md). The key is in memory only, as long as the opening is used.
public final class EmergencyReading {
    /// All zeros: before the first letter.
    static final Digest START = Digest.ofHash(new byte[32]);

    private final Desk desk;
    private final Envelopes envelopes;
    private final Reading reading;
    private final EmergencyServers servers;

    EmergencyReading(Desk desk, Envelopes envelopes, Reading reading, EmergencyServers servers) {
        this.desk = desk;
        this.envelopes = envelopes;
        this.reading = reading;
        this.servers = servers;
    }

    /// An opening that stands; closing it forgets the key.
    public static final class Opened implements AutoCloseable {
        private final Attested<EmergencyOpening> opening;
        private final Attested<EmergencyAccess> access;
        private final EmergencyKey key;

        private Opened(Attested<EmergencyOpening> opening, Attested<EmergencyAccess> access, EmergencyKey key) {
            this.opening = opening;
            this.access = access;
            this.key = key;
        }

        public EmergencyOpening statement() {
            return opening.statement();
        }

        @Override
        public void close() {
            key.close();
        }
    }

    /// The patient and the guardians are told, whatever is read then.
    ///
    /// @param at the card at this institution's terminal, opened
    /// @param reason a code word such as `unconscious`
    /// @param life at most a day
    /// @throws Refusal `emergency-not-allowed`, `card-of-other`, `terminal-not-accredited`,
    /// `emergency-key-differs`, those of card, terminal and servers
    public Opened open(PersonId patient, CardAtTerminal at, String reason, Duration life) {
        if (!(desk.region()
                        .validator()
                        .check(
                                desk.device().author().chain(),
                                org.mizuhiki.trust.Validator.Purpose.SIGN_RECORD,
                                desk.clock().instant())
                instanceof Member.Professional me)) {
            throw Refusal.of(
                    "statement-not-professional",
                    "緊急開示ができるのは、医療機関に所属が確認された医療従事者だけです",
                    "Only a professional attested by an institution opens in an emergency");
        }
        // 1. what the patient allowed, in the patient's own signed words, in the ledger
        var asked = servers.keys().ask(desk.me(), patient);
        var access = access(asked, patient);
        // 2. terminal and card, upon the key server's nonce; without PIN
        var presence = at.presence(asked.nonce());
        mustBeCard(presence, access.statement());
        // 3. who, where, whose, why, until when: signed, logged, told; then the key server gives its part
        var now = desk.now();
        var statement = new EmergencyOpening(
                desk.me(),
                patient,
                access.statement().id(),
                me.institution(),
                at.key().name(),
                presence.digest(),
                reason,
                now,
                now.plus(life),
                desk.nonce());
        var opened = servers.keys().open(desk.me(), desk.sign(statement), presence.encode());
        var proof = desk.prove(
                desk.region().statements().check(opened.opening().signed(), EmergencyOpening.class), desk.servers());
        if (!proof.statement().id().equals(statement.id())) {
            throw logged();
        }
        // 4. both parts are the key; the store hears the token that goes with it
        var nonce = access.statement().nonce();
        try (var signature = at.signature(EmergencyKey.challenge(patient, nonce))) {
            var key = EmergencyKey.of(signature, patient, nonce, opened.share(), desk.seals());
            if (!key.opener().keyId().equals(access.statement().key())) {
                key.close();
                throw Refusal.of(
                        "emergency-key-differs",
                        "カードと鍵サーバから得た鍵が、患者の登録したものと違います。運用者に連絡してください",
                        "Card and key server do not give the key that the patient signed; tell the operator");
            }
            servers.store().enter(desk.me(), patient, key.token());
            return new Opened(proof.attested(), access, key);
        }
    }

    private Attested<EmergencyAccess> access(Emergencies.Challenge asked, PersonId patient) {
        var access = desk.region().statements().check(asked.access().signed(), EmergencyAccess.class);
        if (!access.statement().by().equals(patient)) {
            throw Envelopes.slotSwapped();
        }
        return desk.prove(access, desk.servers()).attested();
    }

    /// Before anybody is told: another's card opens nothing.
    private static void mustBeCard(Presence presence, EmergencyAccess access) {
        if (!presence.visit().certificate().sha256().equals(access.card())) {
            throw Refusal.of(
                    "card-of-other",
                    "このカードは、この患者が緊急時のために登録したものではありません",
                    "This is not the card that the patient named for emergencies");
        }
    }

    /// All letters that the patient's devices covered.
    public List<Digest> letters(Opened opened) {
        var all = new ArrayList<Digest>();
        var after = START;
        while (true) {
            var page = servers.keys().letters(desk.me(), opened.statement().patient(), after);
            all.addAll(page);
            if (page.size() < Emergencies.MAX_PAGE) {
                return all;
            }
            after = later(page, after);
        }
    }

    /// @return where the next page begins; a key server that goes round in circles keeps no device busy
    static Digest later(List<Digest> page, Digest after) {
        var last = page.getLast();
        if (last.hex().compareTo(after.hex()) <= 0) {
            throw Refusal.of("key-server-odd", "鍵サーバの応答の順序が正しくありません", "The key server's pages are out of order");
        }
        return last;
    }

    /// As [Reading#open], by the opening.
    public ReadLetter read(Opened opened, Digest letter) {
        var opening = opened.opening;
        // 1. "I am opening this letter": the key server logs that, then gives the slot
        var disclosure = new Disclosure(
                desk.me(),
                opening.statement().patient(),
                letter,
                java.util.Optional.of(opening.statement().id()),
                "emergency",
                desk.now(),
                desk.nonce());
        var release = servers.keys().release(desk.me(), desk.sign(disclosure));
        // 2. this device decides by itself
        var said = new ArrayList<Attested<?>>(List.of(opening, opened.access));
        release.about().forEach(f -> said.add(desk.region().statements().check(f.signed())));
        var sealed = envelopes.statement(letter, said);
        if (desk.region().statute().mayOpen(desk.me(), letter, desk.now(), said) instanceof Denied denied) {
            throw Refusal.of(denied.rule(), denied.japanese(), denied.english());
        }
        if (!release.slot().keyId().equals(opened.key.opener().keyId())) {
            throw Envelopes.slotSwapped();
        }
        // 3. the closed letter, joined with the slot, is the one that its author stated
        var body = new SealedLetter(envelopes.body(letter), List.of(release.slot()));
        var whole = desk.seals().letters().open(body, opened.key.opener());
        var author = reading.author(whole, sealed);
        var manifest = Manifest.read(whole.metadata());
        Reading.checkSame(manifest, sealed.statement());
        // 4. what this rests on is in the ledger
        return new ReadLetter(
                letter,
                manifest.owner(),
                author,
                whole.signature().stampedAt(),
                whole.content(),
                proofs(sealed, opened, release, disclosure),
                new ReadLetter.OpenedParts(manifest),
                List.of());
    }

    private List<Proof<?>> proofs(
            Attested<Statement.LetterSealed> sealed, Opened opened, Release release, Disclosure disclosure) {
        var all = desk.servers();
        var proofs = new ArrayList<Proof<?>>();
        proofs.add(desk.prove(sealed, all));
        proofs.add(desk.prove(opened.access, all));
        proofs.add(desk.prove(opened.opening, all));
        var logged = desk.prove(release.disclosure().signed(), all);
        if (!logged.statement().id().equals(disclosure.id())) {
            throw logged();
        }
        proofs.add(logged);
        return proofs;
    }

    private static Refusal logged() {
        return Refusal.of(
                "evidence-broken", "台帳の記録が、署名したものと一致しません", "The key server logged something else than was signed here");
    }
}
