package org.mizuhiki.trust;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.database.Database;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.trust.status.OcspResponder;

/// The authority over its database: enrolment, directory, revocation, foreign roots. Open the database with
/// [#MIGRATIONS].
public final class PostgresAuthority implements AutoCloseable {
    /// Class path folder of the Flyway scripts.
    public static final String MIGRATIONS = "db/trust";

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final EnrolmentDesk desk;
    private final InvitationDesk invitations;
    private final CertificationDesk certification;
    private final RegistryDirectory directory;
    private final Revocations revocations;
    private final RegistrarDesk registrarCas;
    private final KeyEntries keyEntries;
    private final Issuing issuing;
    private final ForeignRootRows foreignRoots;
    private final StaffCount staff;
    private volatile @Nullable Thread tender;

    public PostgresAuthority(
            Accreditation accreditation, Database database, Ledger ledger, Clock clock, SecureRandom die) {
        this.keyEntries = new KeyEntries(database, ledger);
        this.revocations = new Revocations(accreditation, database, clock);
        var issuance = new Issuance(accreditation, revocations.errands(), clock, die);
        this.desk = new EnrolmentDesk(issuance, database, keyEntries, clock, die);
        this.invitations = new InvitationDesk(desk, database, clock);
        this.directory = new RegistryDirectory(database, ledger, keyEntries, accreditation::chain);
        this.certification = new CertificationDesk(issuance, database, keyEntries, revocations, clock, die);
        this.registrarCas = new RegistrarDesk(
                accreditation, revocations.errands(), desk, database, clock, die, this::registrarsChanged);
        this.foreignRoots = new ForeignRootRows(database, ledger, clock);
        this.issuing = new OperatorsIssuing(certification, revocations, keyEntries, clock);
        this.staff = new StaffCount(database, clock);
        keyEntries.tryToLog();
        foreignRoots.tryToLog();
    }

    /// Repairs in the background what a crash or an absent ledger left undone, until closed.
    public synchronized PostgresAuthority tended() {
        if (tender == null) {
            tender = Thread.ofVirtual().name("authority-tender").start(this::tend);
        }
        return this;
    }

    private void tend() {
        try {
            while (tender != null) {
                revocations.errands().tryToRun();
                keyEntries.tryToLog();
                foreignRoots.tryToLog();
                staff.tryToCount();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Writes down how many professionals each institution has, for the office; also done every minute.
    public void countStaff() {
        staff.tryToCount();
    }

    /// Enrolment as this registrar may use it; the operator's is for the authority's own machine only.
    public Enrolment enrolment(Registrar by) {
        return desk.of(by);
    }

    /// Invitations as this registrar may use them.
    public Invitations invitations(Registrar by) {
        return invitations.of(by);
    }

    /// Certificates without tickets, for protocols that recognise by themselves who asks; for this process
    /// only, never over HTTP as it is. `certify` is done in this registrar's name.
    public Certification certification(Registrar by) {
        return certification.of(by);
    }

    /// CAs of institutions; all but `ticket` is for the authority's own machine only.
    public RegistrarCas registrarCas() {
        return registrarCas;
    }

    /// Renewal for whoever proves to hold the key of a certificate of this region.
    public Renewals renewals() {
        return certification.renewals();
    }

    /// Certificates for mailboxes, whose addresses end with this domain.
    public Mailboxes mailboxes(String domain) {
        return certification.mailboxes(domain);
    }

    /// Issuing and revoking in transactions over this authority's database; for this process only.
    public Issuing issuing() {
        return issuing;
    }

    public Directory directory() {
        return directory;
    }

    /// Revocation as this registrar may use it.
    public Revocation revocation(Registrar by) {
        return revocations.of(by);
    }

    /// The list of the person-CA's key above one tells that it ended.
    private void registrarsChanged() {
        revocations.lists().forgetAll();
    }

    /// What is done when a CA's key is compromised; for the authority's own machine only.
    public CaRevocation caRevocation() {
        return new CaRevocation(revocations);
    }

    CaErrands errands() {
        return revocations.errands();
    }

    RevocationLists lists() {
        return revocations.lists();
    }

    OcspResponder responder() {
        return revocations.responder();
    }

    /// Which roots of other PKIs the region trusts; changing it is for the authority's own machine only.
    public ForeignRootBook foreignRoots() {
        return foreignRoots;
    }

    /// Certificates and CRLs, for a [RevocationList] in the same process.
    public Published published() {
        return revocations.of(new Registrar.Operator());
    }

    @Override
    public void close() {
        var running = tender;
        tender = null;
        if (running != null) {
            running.interrupt();
        }
    }
}
