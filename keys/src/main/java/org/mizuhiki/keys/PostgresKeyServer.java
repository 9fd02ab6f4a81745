package org.mizuhiki.keys;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Decision;
import org.mizuhiki.consent.Decision.Denied;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterResealed;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.ProvisionalConfirmation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statement.Veto;
import org.mizuhiki.consent.Statement.VetoLifted;
import org.mizuhiki.consent.Statements;
import org.mizuhiki.consent.Statute;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.KeyRows.Letter;
import org.mizuhiki.keys.KeyRows.Pair;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.store.EmergencyReaders;
import org.mizuhiki.trust.Member;

/// The key server over its own database. Every statement is checked when it comes and again whenever it
/// counts. Nothing is acknowledged, and no slot is released, before the ledger has it.
public final class PostgresKeyServer implements KeyServer {
    /// Where this room's migrations lie on the class path.
    public static final String MIGRATIONS = "db/keys";

    /// A disclosure is good for this long around now.
    static final Duration FRESH = Duration.ofMinutes(5);

    /// Most statements that decide about one letter or relation; revocations are let in beyond it.
    static final int MOST_DECIDING = 1000;

    /// Most openings of one letter by one person in a day (UTC): whoever opened without end would bury the
    /// trail of the owner and the author, whose devices read all of it.
    static final int MOST_OPENINGS = 100;

    private final Database database;
    private final Statements statements;
    private final Court court;
    private final Filing filing;
    private final Provisional provisional;

    /// One that takes no provisional registrations, in a region that has none.
    public PostgresKeyServer(Database database, Statements statements, Statute statute, Ledger ledger, Clock clock) {
        this(database, statements, statute, ledger, clock, Registrations.NONE);
    }

    /// @param database migrated by [#MIGRATIONS]
    public PostgresKeyServer(
            Database database,
            Statements statements,
            Statute statute,
            Ledger ledger,
            Clock clock,
            Registrations registrations) {
        this.database = database;
        this.statements = statements;
        this.court = new Court(statements, statute, clock);
        this.filing = new Filing(database, ledger, court);
        this.provisional = new Provisional(database, court, filing, registrations);
    }

    /// Sealing again for owners with new keys.
    public Resealing resealing(OwnerKeys keys) {
        return new PostgresResealing(database, statements, filing, provisional, keys);
    }

    /// What patients allow for emergencies, and openings by it.
    ///
    /// @param store where closed letters are fetched
    public Emergencies emergencies(EmergencyTerminals terminals, EmergencyReaders store, SecureRandom die) {
        return new PostgresEmergencies(database, statements, court, filing, terminals, store, die);
    }

    /// Finishes what a crash or an absent ledger left half done, lets go of the slots of registrations that
    /// lapsed, and hears from the authority which ones ended; to be called at start and every minute.
    /// Callers who try again get the same done for themselves.
    ///
    /// @return how many statements were finished
    public int settle() {
        provisional.lapse();
        provisional.follow();
        return filing.settle();
    }

    @Override
    public Filed file(PersonId caller, Bytes letterSealed, Map<PersonId, Slot> slots) {
        var attested = statements.check(letterSealed, LetterSealed.class);
        var s = attested.statement();
        if (!s.by().equals(caller)) {
            throw No.notAuthor();
        }
        if (!slots.keySet().equals(Set.of(s.by(), s.owner()))) {
            throw No.slotMissing();
        }
        slots.values().forEach(PostgresKeyServer::checkSize);
        return known(s).orElseGet(() -> {
            var pair = new Pair(s.by(), s.owner());
            var said = database.inTransaction(tx -> new KeyRows(tx).deciding(s.letter(), pair));
            // somebody else's statement about the letter makes it disputed: refused like a missing relation
            var all = with(attested, court.said(bounded(said)));
            provisional.mustBeInUse(Optional.ofNullable(slots.get(s.owner())));
            if (!court.related(pair, all)
                    || court.mayOpen(s.by(), s.letter(), Optional.empty(), s.at(), all) instanceof Denied) {
                throw No.notRelated();
            }
            return filing.file(attested, slots);
        });
    }

    @Override
    public Filed register(PersonId caller, Bytes registration, Map<PersonId, Slot> slots) {
        var attested = mine(caller, statements.check(registration, ProvisionalRegistration.class));
        slots.values().forEach(PostgresKeyServer::checkSize);
        return known(attested.statement()).orElseGet(() -> provisional.register(attested, slots));
    }

    @Override
    public void replace(PersonId caller, Digest letter, Slot slot) {
        checkSize(slot);
        provisional.replace(caller, letter, slot);
    }

    @Override
    public Filed say(PersonId caller, Bytes signed) {
        var attested = mine(caller, statements.check(signed));
        return known(attested.statement()).orElseGet(() -> {
            switch (attested.statement()) {
                case CareRelation s -> {
                    if (!court.now().isBefore(s.until())) {
                        throw No.statementOver();
                    }
                    var pair = new Pair(s.professional(), s.patient());
                    bounded(database.inTransaction(tx -> new KeyRows(tx).deciding(null, pair)));
                }
                case Revocation s -> checkMayEnd(s);
                case Veto s -> bounded(database.inTransaction(tx -> new KeyRows(tx).vetoes(s.by())));
                case VetoLifted s -> checkMayLift(s);
                case ProvisionalConfirmation s -> provisional.checkConfirmation(attested, s);
                case LetterSealed _,
                        LetterResealed _,
                        LateralGrant _,
                        Disclosure _,
                        EmergencyAccess _,
                        EmergencyOpening _,
                        ProvisionalRegistration _ -> throw No.wrongKind();
            }
            return filing.file(attested, Map.of());
        });
    }

    private void checkMayLift(VetoLifted s) {
        var vetoes = bounded(database.inTransaction(tx -> new KeyRows(tx).vetoes(s.by())));
        boolean own = vetoes.stream()
                .anyMatch(v -> v.id().equals(s.lifts()) && v.kind().equals("veto"));
        if (!own) {
            throw No.statementUnknown();
        }
    }

    private void checkMayEnd(Revocation s) {
        var row = database.inTransaction(tx -> new KeyRows(tx).statement(s.ends()))
                .orElseThrow(No::statementUnknown);
        var ended = court.check(row.signed()).statement();
        var about = database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            var topic = court.topic(ended, rows);
            if (!topic.parties().contains(s.by())) {
                throw No.statementUnknown();
            }
            // bounds what decides: everybody ends a thing once
            return rows.revocations(topic);
        });
        if (!Statute.mayEnd(s.by(), ended)) {
            throw No.notYoursToEnd();
        }
        if (about.stream()
                .map(r -> court.check(r.signed()).statement())
                .anyMatch(r -> r instanceof Revocation e && e.ends().equals(s.ends()) && e.by().equals(s.by()))) {
            throw No.alreadyEnded();
        }
    }

    @Override
    public Filed grant(PersonId caller, Bytes lateralGrant, Slot slot) {
        var attested = mine(caller, statements.check(lateralGrant, LateralGrant.class));
        var s = attested.statement();
        checkSize(slot);
        if (!slot.encoded().sha256().equals(s.slot())) {
            throw No.slotMismatch();
        }
        return known(s).orElseGet(() -> {
            var said = with(attested, court.said(bounded(decidingFor(caller, s.letter()))));
            // a grantor's clock that runs a little ahead is no reason to refuse
            var when = court.now().isBefore(s.at()) ? s.at() : court.now();
            var decision = court.mayOpen(s.reader(), s.letter(), Optional.of(s.id()), when, said);
            if (decision instanceof Denied denied && denied.rule().equals("grantor-not-entitled")) {
                throw No.rule(denied);
            }
            boolean own = s.by().equals(s.owner()); // to a delegate: nobody has to treat anybody
            if (!own && s.under().isEmpty() && !court.related(new Pair(s.by(), s.owner()), said)) {
                throw No.notRelated();
            }
            if (decision instanceof Denied denied) {
                throw No.rule(denied);
            }
            return filing.file(attested, Map.of(s.reader(), slot));
        });
    }

    @Override
    public Release release(PersonId caller, Bytes disclosure) {
        var attested = mine(caller, statements.check(disclosure, Disclosure.class));
        var s = attested.statement();
        if (Duration.between(s.at(), court.now()).abs().compareTo(FRESH) > 0) {
            throw No.disclosureStale();
        }
        var because = allowing(s);
        mustBeProfessional(attested, because);
        var filed = filing.disclose(attested);
        var release = database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            return rows.slot(because, caller).map(slot -> new Release(slot, filed, grounds(rows, s.letter(), because)));
        });
        if (release.isEmpty()) {
            // it was there when the statute was asked: a revocation came in between, and counts
            allowing(s);
            throw No.letterUnknown();
        }
        checkSwapped(release.get(), because);
        return release.get();
    }

    /// Who reads by a professional's grant shows to be a professional; the owner's own delegate need not be one.
    private void mustBeProfessional(Attested<Disclosure> reader, Digest because) {
        if (reader.signer() instanceof Member.Professional
                || reader.statement().grant().isEmpty()) {
            return;
        }
        var grant = database.reading(tx -> new KeyRows(tx).statement(because)).orElseThrow(No::letterUnknown);
        boolean delegate =
                court.check(grant.signed()).statement() instanceof LateralGrant g && g.by().equals(g.owner());
        if (!delegate) {
            throw No.notProfessional();
        }
    }

    /// The statement that allows this disclosure now.
    private Digest allowing(Disclosure s) {
        var rows = decidingFor(s.by(), s.letter());
        var letter =
                database.inTransaction(tx -> new KeyRows(tx).letter(s.letter())).orElseThrow(No::letterUnknown);
        if (!letter.owner().equals(s.owner())) {
            throw No.disclosureMismatch();
        }
        return switch (court.mayOpen(s.by(), s.letter(), s.grant(), court.now(), court.said(rows))) {
            case Decision.Permitted(var because) -> because;
            case Denied denied -> throw No.rule(denied);
        };
    }

    /// What the reader's own device needs to decide for itself.
    private List<Filed> grounds(KeyRows rows, Digest letter, Digest because) {
        var known = rows.letter(letter).orElseThrow(No::letterUnknown);
        var deciding = rows.deciding(letter, new Pair(known.author(), known.owner()));
        return Stream.concat(rows.statement(known.statement()).stream(), court.grounds(deciding, because).stream())
                .map(Filing::filed)
                .toList();
    }

    /// Somebody with the database could put another slot in its place: the grant's signature names the
    /// right one.
    private void checkSwapped(Release release, Digest because) {
        for (var ground : release.about()) {
            if (court.check(ground.signed()).statement() instanceof LateralGrant g
                    && g.id().equals(because)
                    && !g.slot().equals(release.slot().encoded().sha256())) {
                throw No.slotMismatch();
            }
        }
    }

    @Override
    public List<Filed> involving(PersonId caller, int limit, long before) {
        if (limit < 1 || limit > MAX_PAGE || before < 1) {
            throw No.pageMalformed();
        }
        return database.inTransaction(tx -> new KeyRows(tx).involving(caller, limit, before)).stream()
                .map(Filing::filed)
                .toList();
    }

    @Override
    public List<Filed> relation(PersonId caller, PersonId patient) {
        var pair = new Pair(caller, patient);
        return database.inTransaction(tx -> new KeyRows(tx).deciding(null, pair)).stream()
                .map(Filing::filed)
                .toList();
    }

    @Override
    public List<Filed> aboutLetter(PersonId caller, Digest letter) {
        return database
                .inTransaction(tx -> {
                    var rows = new KeyRows(tx);
                    var known = part(rows, caller, letter);
                    boolean whole = caller.equals(known.owner()) || caller.equals(known.author());
                    return whole ? rows.about(letter) : rows.aboutNaming(letter, caller);
                })
                .stream()
                .map(Filing::filed)
                .toList();
    }

    private List<KeyRows.Row> decidingFor(PersonId caller, Digest letter) {
        return database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            var known = part(rows, caller, letter);
            return rows.deciding(letter, new Pair(known.author(), known.owner()));
        });
    }

    /// The letter, for who has or had a part in it; for all others it does not exist.
    private static Letter part(KeyRows rows, PersonId caller, Digest letter) {
        var known = rows.letter(letter).orElseThrow(No::letterUnknown);
        if (caller.equals(known.owner()) || caller.equals(known.author()) || rows.everGranted(letter, caller)) {
            return known;
        }
        throw No.letterUnknown();
    }

    private Optional<Filed> known(Statement statement) {
        return database.inTransaction(tx -> new KeyRows(tx).statement(statement.id()))
                .map(Filing::filed);
    }

    static <S extends Statement> Attested<S> mine(PersonId caller, Attested<S> attested) {
        if (!attested.statement().by().equals(caller)) {
            throw No.notTheSigner();
        }
        return attested;
    }

    private static List<Attested<?>> with(Attested<?> one, List<Attested<?>> said) {
        var all = new ArrayList<>(said);
        all.add(one);
        return all;
    }

    private static List<KeyRows.Row> bounded(List<KeyRows.Row> deciding) {
        if (deciding.size() >= MOST_DECIDING) {
            throw No.tooMany();
        }
        return deciding;
    }

    static void checkSize(Slot slot) {
        if (slot.encoded().size() < 1 || slot.encoded().size() > MAX_SLOT) {
            throw No.slotTooLarge();
        }
    }
}
