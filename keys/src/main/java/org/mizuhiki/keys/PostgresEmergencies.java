package org.mizuhiki.keys;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mizuhiki.chip.Presence;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Decision.Denied;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statements;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.EmergencyRows.Allowed;
import org.mizuhiki.keys.KeyRows.Pair;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.store.EmergencyReaders;
import org.mizuhiki.trust.Member;

/// Emergencies in the key server's database.
final class PostgresEmergencies implements Emergencies {
    /// How long a terminal has to answer.
    private static final Duration ANSWERED = Duration.ofMinutes(10);

    /// Most openings by one person, or of one, in a day (UTC).
    private static final int MOST_OPENINGS = 30;

    private final Database database;
    private final Statements statements;
    private final Court court;
    private final Filing filing;
    private final EmergencyTerminals terminals;
    private final EmergencyReaders store;
    private final SecureRandom die;

    PostgresEmergencies(
            Database database,
            Statements statements,
            Court court,
            Filing filing,
            EmergencyTerminals terminals,
            EmergencyReaders store,
            SecureRandom die) {
        this.database = database;
        this.statements = statements;
        this.court = court;
        this.filing = filing;
        this.terminals = terminals;
        this.store = store;
        this.die = die;
    }

    @Override
    public Filed allow(PersonId patient, Bytes emergencyAccess, Reader.XWing key, Bytes share) {
        var attested = PostgresKeyServer.mine(patient, statements.check(emergencyAccess, EmergencyAccess.class));
        var s = attested.statement();
        if (share.size() != SHARE) {
            throw NoEmergency.shareMalformed();
        }
        if (!key.keyId().equals(s.key())) {
            throw No.slotMismatch();
        }
        if (!court.now().isBefore(s.until())) {
            throw No.statementOver();
        }
        var next = new Allowed(s.id(), key.publicKey(), share);
        if (!inRows(rows -> rows.reserve(patient, next, court.now())).equals(next)) {
            throw NoEmergency.stands();
        }
        return filing.file(attested, Map.of());
    }

    @Override
    public Allowance standing(PersonId patient) {
        return database.inTransaction(tx -> {
            var emergency = new EmergencyRows(tx);
            var allowed = emergency.allowed(patient);
            var access =
                    allowed.flatMap(a -> new KeyRows(tx).statement(a.access())).map(Filing::filed);
            var openings = emergency.openings(patient, MAX_PAGE).stream()
                    .map(Filing::filed)
                    .toList();
            return new Allowance(access, allowed.map(Allowed::key).orElse(Bytes.of()), openings);
        });
    }

    @Override
    public List<Digest> uncovered(PersonId patient, Digest after) {
        return inRows(rows -> rows.uncovered(patient, after, MAX_PAGE));
    }

    @Override
    public void cover(PersonId patient, List<Covered> covered) {
        if (covered.size() > MAX_PAGE) {
            throw No.pageMalformed();
        }
        covered.forEach(c -> PostgresKeyServer.checkSize(c.slot()));
        database.inTransaction(tx -> {
            var emergency = new EmergencyRows(tx);
            var key = emergency
                    .allowed(patient)
                    .orElseThrow(NoEmergency::notAllowed)
                    .key()
                    .sha256();
            var letters = new KeyRows(tx);
            for (var one : covered) {
                boolean own = letters.letter(one.letter())
                        .filter(l -> l.owner().equals(patient))
                        .isPresent();
                if (!own) {
                    throw No.letterUnknown();
                }
                if (!one.slot().keyId().equals(key)) {
                    throw No.slotMismatch();
                }
                emergency.cover(patient, one.letter(), one.slot());
            }
            return true;
        });
    }

    @Override
    public Challenge ask(PersonId reader, PersonId patient) {
        var nonce = new byte[NONCE];
        die.nextBytes(nonce);
        return database.inTransaction(tx -> {
            var emergency = new EmergencyRows(tx);
            var access = emergency
                    .allowed(patient)
                    .flatMap(a -> new KeyRows(tx).statement(a.access()))
                    .orElseThrow(NoEmergency::notAllowed);
            emergency.ask(reader, patient, Bytes.of(nonce), court.now());
            return new Challenge(Bytes.of(nonce), Filing.filed(access));
        });
    }

    @Override
    public Opened open(PersonId reader, Bytes emergencyOpening, Bytes presence) {
        // 1. the reader's own word, said now
        var attested = PostgresKeyServer.mine(reader, statements.check(emergencyOpening, EmergencyOpening.class));
        var s = attested.statement();
        if (Duration.between(s.at(), court.now()).abs().compareTo(PostgresKeyServer.FRESH) > 0) {
            throw NoEmergency.stale();
        }
        // 2. what the patient allows, and that nobody took it back
        var allowed = inRows(rows -> rows.allowed(s.patient()))
                .filter(a -> a.access().equals(s.access()))
                .orElseThrow(NoEmergency::notAllowed);
        mayOpen(reader, s.patient(), Optional.of(s.id()), attested);
        // 3. card and terminal, after this server's nonce, which is used up; then the counts
        boolean known =
                database.reading(tx -> new KeyRows(tx).statement(s.id())).isPresent();
        if (!known) {
            wasThere(attested, Presence.read(presence));
        }
        // 4. ledger; with it the patient and the guardians are told
        var filed = filing.file(attested, Map.of());
        // 5. the closed letters can be fetched once the reader shows the card's part there, too; unless the patient
        // ended it in between
        mayOpen(reader, s.patient(), Optional.of(s.id()));
        store.admit(new EmergencyReaders.Admission(s.patient(), reader, s.until()));
        return new Opened(filed, allowed.share());
    }

    private void wasThere(Attested<EmergencyOpening> attested, Presence presence) {
        var s = attested.statement();
        boolean worksThere = attested.signer() instanceof Member.Professional p
                && p.institution().equals(s.institution());
        var element = terminals
                .of(s.terminal(), s.institution())
                .filter(_ -> worksThere)
                .orElseThrow(NoEmergency::terminalNotAccredited);
        var nonce = inRows(rows -> rows.asked(s.by(), s.patient(), court.now().minus(ANSWERED)))
                .orElseThrow(NoEmergency::notAsked);
        if (!presence.digest().equals(s.presence())
                || !presence.visit()
                        .bound()
                        .institution()
                        .equals(s.institution().value())) {
            throw NoEmergency.presenceDiffers();
        }
        presence.verify(element, nonce);
        var access = (EmergencyAccess) court.check(database.reading(tx -> new KeyRows(tx).statement(s.access()))
                        .orElseThrow(NoEmergency::notAllowed)
                        .signed())
                .statement();
        if (!presence.visit().certificate().sha256().equals(access.card())) {
            throw NoEmergency.cardOfOther();
        }
        inRows(rows -> {
            if (!rows.used(s.by(), s.patient(), nonce)) {
                throw NoEmergency.notAsked();
            }
            var day = court.now().atOffset(ZoneOffset.UTC).toLocalDate();
            if (!rows.count(s.by(), day, MOST_OPENINGS) || !rows.count(s.patient(), day, MOST_OPENINGS)) {
                throw NoEmergency.tooMany();
            }
            return true;
        });
    }

    @Override
    public List<Digest> letters(PersonId reader, PersonId patient, Digest after) {
        mayOpen(reader, patient, Optional.empty());
        return inRows(rows -> rows.covered(patient, after, MAX_PAGE));
    }

    @Override
    public Release release(PersonId reader, Bytes disclosure) {
        var attested = PostgresKeyServer.mine(reader, statements.check(disclosure, Disclosure.class));
        var s = attested.statement();
        if (Duration.between(s.at(), court.now()).abs().compareTo(PostgresKeyServer.FRESH) > 0) {
            throw No.disclosureStale();
        }
        // 1. an opening of the reader's own stands, the one that is named
        var named = s.grant().orElseThrow(No::disclosureMismatch);
        mayOpen(reader, s.owner(), Optional.of(named));
        // 2. the letter is the patient's, and nobody disputes that
        var letter = database.reading(tx -> new KeyRows(tx).letter(s.letter()))
                .filter(l -> l.owner().equals(s.owner()))
                .orElseThrow(No::letterUnknown);
        var rows = database.reading(tx -> {
            var all = new ArrayList<>(new KeyRows(tx).deciding(s.letter(), new Pair(letter.author(), letter.owner())));
            all.addAll(new EmergencyRows(tx).deciding(s.owner(), reader));
            return all;
        });
        var said = only(named, court.said(rows));
        if (court.mayOpen(reader, s.letter(), s.grant(), court.now(), said) instanceof Denied denied) {
            throw No.rule(denied);
        }
        // 3. ledger, then the slot
        var filed = filing.disclose(attested);
        return database.reading(tx -> {
            var slot = new EmergencyRows(tx).slot(s.owner(), s.letter()).orElseThrow(No::letterUnknown);
            var about = new ArrayList<>(new EmergencyRows(tx).deciding(s.owner(), reader));
            new KeyRows(tx).statement(letter.statement()).ifPresent(about::addFirst);
            return new Release(slot, filed, about.stream().map(Filing::filed).toList());
        });
    }

    /// @param named the opening that has to stand; else any of the reader's
    private void mayOpen(PersonId reader, PersonId patient, Optional<Digest> named, Attested<?>... besides) {
        var rows = inRows(r -> r.deciding(patient, reader));
        if (rows.size() >= PostgresKeyServer.MOST_DECIDING) {
            throw No.tooMany();
        }
        var said = new ArrayList<>(court.said(rows));
        said.addAll(List.of(besides));
        var relevant = named.map(id -> only(id, said)).orElse(said);
        if (court.inEmergency(reader, patient, relevant) instanceof Denied denied) {
            throw No.rule(denied);
        }
    }

    /// As if no other opening had been: who names one must be allowed by that one, not by another that stands.
    private static List<Attested<?>> only(Digest opening, List<Attested<?>> said) {
        return said.stream()
                .filter(a -> !(a.statement() instanceof EmergencyOpening o) || o.id().equals(opening))
                .toList();
    }

    private <T> T inRows(Function<EmergencyRows, T> work) {
        return database.inTransaction(tx -> work.apply(new EmergencyRows(tx)));
    }
}
