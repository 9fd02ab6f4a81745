package org.mizuhiki.provisional;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.ProvisionalConfirmation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statements;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.provisional.Registration.Stage;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.Directory;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Issuing;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Ticket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Provisional registration over the authority's database, which is opened with the authority's own
/// migrations: the script of this room lies in the same folder of the class path.
public final class PostgresProvisionals {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresProvisionals.class);

    private final Database database;
    private final Issuing issuing;
    private final Directory directory;
    private final Statements statements;
    private final Ledger ledger;
    private final Optional<InstitutionCode> body;
    private final Clock clock;
    private final SecureRandom die;
    private final Activations activations;

    /// @param body the accreditation body, whose professionals see every registration
    public PostgresProvisionals(
            Database database,
            Issuing issuing,
            Directory directory,
            Statements statements,
            Ledger ledger,
            Optional<InstitutionCode> body,
            Clock clock,
            SecureRandom die) {
        this.database = database;
        this.issuing = issuing;
        this.directory = directory;
        this.statements = statements;
        this.ledger = ledger;
        this.body = body;
        this.clock = clock;
        this.die = die;
        this.activations = new Activations(database, issuing, clock);
    }

    /// As this person may use it; that it is this person was recognised by the caller.
    public Provisionals of(Member person) {
        return new Desk(person);
    }

    /// The operator's: lets a professional register patients, or changes the terms; what was counted starts
    /// anew.
    ///
    /// @throws org.mizuhiki.house.Refusal `registrar-terms`, `person-unknown`
    public Accredited accredit(PersonId person, PersonId supervisor, int quota, Duration life) {
        boolean fit = quota >= 1 && quota <= 1000 && life.isPositive() && life.compareTo(Duration.ofDays(366)) <= 0;
        if (!fit
                || person.equals(supervisor)
                || !(directory.find(person).member() instanceof Member.Professional registrar)
                || !(directory.find(supervisor).member() instanceof Member.Professional above)
                || !above.institution().equals(registrar.institution())) {
            throw No.terms();
        }
        var now = now();
        return database.inTransaction(tx -> {
            var rows = new ProvisionalRows(tx);
            rows.accredit(person, Affiliation.of(registrar), supervisor, quota, now, now.plus(life));
            return rows.accredited(person).orElseThrow();
        });
    }

    /// The operator's: nobody is registered by this person any more.
    ///
    /// @param all also what this person registered and nobody confirmed is suspended
    /// @return how many registrations were suspended
    /// @throws org.mizuhiki.house.Refusal `registrar-not-accredited`
    public int withdraw(PersonId person, boolean all) {
        return database.inTransaction(tx -> {
            var rows = new ProvisionalRows(tx);
            if (!rows.withdraw(person, now())) {
                throw No.notAccredited();
            }
            var doubtful = all ? rows.unconfirmedOf(person) : List.<Registration>of();
            doubtful.forEach(s -> suspend(tx, s.patient()));
            return doubtful.size();
        });
    }

    /// The supervision: all registrars.
    public List<Accredited> registrars() {
        return database.inTransaction(tx -> new ProvisionalRows(tx).accredited());
    }

    /// The supervision: all registrations, the latest first, at most 1000.
    public List<Registration> all() {
        return database.inTransaction(tx -> new ProvisionalRows(tx).of(Optional.empty()));
    }

    /// Whether this registration was accepted here: the key server asks, for a statement alone registers
    /// nobody.
    public boolean isOnFile(PersonId patient, Digest registration) {
        return database.inTransaction(tx -> new ProvisionalRows(tx).locked(patient))
                .filter(kept -> !kept.ended())
                .map(kept -> kept.standing().registration().equals(registration))
                .orElse(false);
    }

    /// Which of these are over before anybody's signed word says so to the key server, which asks.
    public List<Digest> ended(List<Digest> registrations) {
        return database.inTransaction(tx -> new ProvisionalRows(tx).ended(registrations));
    }

    /// Activation with the printed secret, as the patient's device sees it: an enrolment with keys of
    /// its own.
    ///
    /// @throws org.mizuhiki.house.Refusal `activation-unknown`, `activation-used`, `registration-over`
    public Enrolment.Enrolled activate(Ticket ticket, Enrolment.Request request) {
        var enrolled = activations.activate(ticket, request);
        issuing.tell();
        return enrolled;
    }

    /// Does what the clock and a crash left to do: lapses, and the ledger's entries about them; to be
    /// called at start and every minute.
    ///
    /// @return how many lapsed now
    public int settle() {
        int lapsed = database.inTransaction(tx -> {
            var rows = new ProvisionalRows(tx);
            var due = rows.due(clock.instant());
            for (var patient : due) {
                issuing.revoke(tx, new Member.Patient(patient), org.mizuhiki.trust.Revocation.Reason.CESSATION);
                rows.lapse(patient, now());
            }
            return due.size();
        });
        tryToLog();
        return lapsed;
    }

    private void tryToLog() {
        try {
            for (var standing : database.inTransaction(tx -> new ProvisionalRows(tx).lapsesToLog())) {
                ledger.append(lapse(standing));
                database.inTransaction(tx -> {
                    new ProvisionalRows(tx).lapseLogged(standing.patient());
                    return standing;
                });
            }
        } catch (RuntimeException e) {
            LOG.warn("lapses wait for the ledger: {}", e.getMessage());
        }
    }

    /// What the ledger has of a lapse: said by the clock, so nobody signs it.
    static Entry lapse(Registration standing) {
        var record = Canonical.of(Map.of(
                "form",
                "mizuhiki-provisional-1",
                "kind",
                "provisional-lapse",
                "registration",
                standing.registration().hex(),
                "at",
                standing.changed().truncatedTo(ChronoUnit.SECONDS).toString()));
        return new Entry("provisional-lapse", record.digest());
    }

    private void suspend(Handle tx, PersonId patient) {
        var rows = new ProvisionalRows(tx);
        if (rows.locked(patient).orElseThrow(No::unknown).standing().stage() != Stage.SUSPENDED) {
            issuing.revoke(tx, new Member.Patient(patient), org.mizuhiki.trust.Revocation.Reason.PRIVILEGE_WITHDRAWN);
            rows.suspend(patient, now());
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /// One person's view.
    private final class Desk implements Provisionals {
        private final Member member;
        private final PersonId me;

        Desk(Member member) {
            this.member = member;
            this.me = new PersonId(member.identity());
        }

        @Override
        public Accredited accreditation() {
            return database.inTransaction(tx -> new ProvisionalRows(tx).accredited(me))
                    .filter(a -> a.ended().isEmpty() && clock.instant().isBefore(a.expires()))
                    .orElseThrow(No::notAccredited);
        }

        @Override
        public Enrolment.Enrolled register(Bytes registration, Enrolment.Request request, Ticket activation) {
            // 1. signed by the registrar, about the key that is to be certified
            var attested = mine(statements.check(registration, ProvisionalRegistration.class));
            var s = attested.statement();
            if (!request.sealing().map(Bytes::sha256).equals(Optional.of(s.key()))) {
                throw No.request();
            }
            if (!clock.instant().isBefore(s.until())) {
                throw No.over();
            }
            // 2. issued, counted and kept together, or not at all
            var enrolled = database.inTransaction(tx -> registered(tx, s, request, activation));
            issuing.tell();
            return enrolled;
        }

        private Enrolment.Enrolled registered(
                Handle tx, ProvisionalRegistration s, Enrolment.Request request, Ticket activation) {
            var rows = new ProvisionalRows(tx);
            var affiliation = Affiliation.of(member);
            var by = new Registrar.Accredited(affiliation.code(), affiliation.name());
            var patient = new Member.Patient(s.patient());
            var before = rows.locked(s.patient());
            if (before.isPresent()) {
                if (!before.get().standing().registration().equals(s.id())
                        || before.get().standing().stage() != Stage.PROVISIONAL) {
                    throw No.over();
                }
                return issuing.register(tx, by, patient, request);
            }
            var accredited = rows.accredited(me)
                    .filter(a -> a.institution().equals(affiliation.code()))
                    .orElseThrow(No::notAccredited);
            if (!accredited.supervisor().equals(s.supervisor())) {
                throw No.supervisor();
            }
            if (s.until().isAfter(accredited.expires())) {
                throw No.untilTooLate();
            }
            if (!rows.use(me, clock.instant())) {
                throw accredited.used() >= accredited.quota() ? No.quota() : No.notAccredited();
            }
            var enrolled = issuing.register(tx, by, patient, request);
            var salt = new byte[16];
            die.nextBytes(salt);
            var hash = Activations.hashed(Bytes.of(salt), activation.secret());
            rows.add(s, affiliation, now(), activation.id(), Bytes.of(salt), hash);
            return enrolled;
        }

        @Override
        public Registration find(PersonId patient) {
            // where somebody is treated is nothing that another patient may ask
            if (member instanceof Member.Patient && !patient.equals(me)) {
                throw No.unknown();
            }
            return database.inTransaction(tx -> new ProvisionalRows(tx).locked(patient))
                    .orElseThrow(No::unknown)
                    .standing();
        }

        @Override
        public List<Registration> list() {
            boolean all = member instanceof Member.Professional p
                    && body.filter(p.institution()::equals).isPresent();
            return database.inTransaction(tx -> new ProvisionalRows(tx).of(all ? Optional.empty() : Optional.of(me)));
        }

        @Override
        public Registration confirm(Bytes confirmation) {
            var s = mine(statements.check(confirmation, ProvisionalConfirmation.class))
                    .statement();
            return database.inTransaction(tx -> {
                var rows = new ProvisionalRows(tx);
                var standing = rows.locked(s.patient()).orElseThrow(No::unknown).standing();
                if (!standing.registration().equals(s.registration())) {
                    throw No.unknown();
                }
                if (!(member instanceof Member.Professional by)
                        || by.institution().equals(standing.institution())) {
                    throw No.notIndependent();
                }
                switch (standing.stage()) {
                    case PROVISIONAL -> throw No.notActivated();
                    case LAPSED, SUSPENDED -> throw No.over();
                    case ACTIVATED, CONFIRMED -> rows.confirm(s.patient(), me, now());
                }
                return rows.locked(s.patient()).orElseThrow().standing();
            });
        }

        @Override
        public Registration suspend(Bytes revocation) {
            var s = mine(statements.check(revocation, Revocation.class)).statement();
            return database.inTransaction(tx -> {
                var rows = new ProvisionalRows(tx);
                var patient = rows.ofRegistration(s.ends()).orElseThrow(No::unknown);
                var standing = rows.locked(patient).orElseThrow(No::unknown).standing();
                boolean may = me.equals(standing.patient())
                        || me.equals(standing.supervisor())
                        || (me.equals(standing.registrar())
                                && standing.confirmedBy().isEmpty());
                if (!may) {
                    throw No.notYours();
                }
                PostgresProvisionals.this.suspend(tx, patient);
                return rows.locked(patient).orElseThrow().standing();
            });
        }

        private <S extends org.mizuhiki.consent.Statement> Attested<S> mine(Attested<S> attested) {
            if (!attested.statement().by().equals(me)) {
                throw No.signer();
            }
            return attested;
        }
    }
}
