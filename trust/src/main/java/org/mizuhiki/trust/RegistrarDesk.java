package org.mizuhiki.trust;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Registrars' CAs over the authority's rows and keys.
final class RegistrarDesk implements RegistrarCas {
    private final Accreditation accreditation;
    private final CaErrands errands;
    private final EnrolmentDesk desk;
    private final Database database;
    private final Clock clock;
    private final SecureRandom die;
    private final Runnable changed;

    /// @param changed called after a CA began or ended: the person-CA's list is made anew
    RegistrarDesk(
            Accreditation accreditation,
            CaErrands errands,
            EnrolmentDesk desk,
            Database database,
            Clock clock,
            SecureRandom die,
            Runnable changed) {
        this.accreditation = accreditation;
        this.errands = errands;
        this.desk = desk;
        this.database = database;
        this.clock = clock;
        this.die = die;
        this.changed = changed;
    }

    @Override
    public Standing create(Member.Institution of, int quota, Duration life) {
        if (quota < 1 || quota > LARGEST_QUOTA || !life.isPositive() || life.compareTo(LONGEST_LIFE) > 0) {
            throw Refusal.of(
                    "registrar-ca-terms",
                    "発行枠は1〜10000件、有効期間は92日以内で指定してください",
                    "A registrar's CA enrols 1 to 10000 persons and lives at most 92 days");
        }
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var made = database.inTransaction(rows -> {
            rows.execute("select pg_advisory_xact_lock(hashtextextended(?, 1))", of.identity());
            if (!CertificateRows.stands(rows, of, now)) {
                throw Refusal.of(
                        "institution-not-accredited",
                        "この医療機関には有効な証明書がありません",
                        "This institution has no certificate that stands");
            }
            var above = accreditation.current(CaName.PERSON);
            errands.mustIssue(rows, above);
            var name = of.code().value() + "-" + (RegistrarRows.count(rows, of.code()) + 1);
            var certificate = accreditation.makeRegistrar(name, of, now.plus(life), clock, die);
            var ca = new Standing(
                    name, of.code(), quota, 0, now, certificate.getNotAfter().toInstant(), Optional.empty());
            RegistrarRows.add(rows, ca, of.name(), certificate.getSerialNumber(), above);
            return ca;
        });
        changed.run();
        return made;
    }

    @Override
    public void end(String name) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        database.inTransaction(rows -> {
            var ca = RegistrarRows.find(rows, name).orElseThrow(Revocations::unknown);
            RegistrarRows.end(rows, ca.name(), now);
            return ca;
        });
        changed.run();
    }

    @Override
    public List<Standing> standings() {
        return database.inTransaction(RegistrarRows::all);
    }

    @Override
    public List<X509Certificate> issued(String name) {
        return database.inTransaction(rows -> {
            var ca = RegistrarRows.find(rows, name).orElseThrow(Revocations::unknown);
            return rows.createQuery("select der from certificate where ca = :ca order by ends desc limit 1000")
                    .bind("ca", ca.name())
                    .map((row, context) -> KeyFiles.certificate(Bytes.of(row.getBytes("der"))))
                    .list();
        });
    }

    @Override
    public Ticket ticket(Registrar.Accredited by, Member member, Duration life) {
        if (!EnrolmentDesk.isPerson(member)) {
            throw EnrolmentDesk.notAllowed();
        }
        var now = clock.instant();
        var ca = database.inTransaction(rows -> RegistrarRows.latest(rows, by.code()))
                .orElseThrow(RegistrarDesk::missing);
        RegistrarRows.mustBeUsable(ca, now);
        return desk.give(by, member, life, Optional.of(ca.name()));
    }

    static Refusal missing() {
        return Refusal.of(
                "registrar-ca-missing",
                "この医療機関には登録用認証局がありません。運営者に依頼してください",
                "This institution has no CA of its own; ask the operator");
    }
}
