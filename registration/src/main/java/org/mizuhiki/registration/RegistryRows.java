package org.mizuhiki.registration;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;

/// Files and acts at rest.
final class RegistryRows {
    private static final String CHAIN = "PkiPath";

    private RegistryRows() {}

    /// What is to be found of a file without reading its acts.
    record Outline(String state, Optional<String> device, Optional<String> service) {}

    /// Until the transaction ends: acts of one file, or about one thing, come one after the other.
    static void lock(Handle rows, String thing) {
        rows.execute("select pg_advisory_xact_lock(hashtextextended(?, 7))", thing);
    }

    static boolean has(Handle rows, Digest act) {
        return rows.createQuery("select exists (select from registration_act where id = :id)")
                .bind("id", act.toArray())
                .mapTo(Boolean.class)
                .one();
    }

    /// Whether there is such a file, and of which sort.
    static Optional<Boolean> isAccreditation(Handle rows, Digest file) {
        return rows.createQuery("select accreditation from registration_file where id = :id")
                .bind("id", file.toArray())
                .mapTo(Boolean.class)
                .findOne();
    }

    static int undecided(Handle rows, InstitutionCode opener) {
        return rows.createQuery("select count(*) from registration_file f where opener = :opener"
                        + " and exists (select from registration_turn t where t.file = f.id)")
                .bind("opener", opener.value())
                .mapTo(Integer.class)
                .one();
    }

    static void open(Handle rows, Act act, boolean accreditation, Instant now) {
        rows.createUpdate("insert into registration_file (id, accreditation, opener, opened, state)"
                        + " values (:id, :accreditation, :opener, :opened, '')")
                .bind("id", act.id().toArray())
                .bind("accreditation", accreditation)
                .bind("opener", act.by().value())
                .bind("opened", now)
                .execute();
    }

    static void add(Handle rows, SignedAct signed, int number, List<X509Certificate> issued) {
        var act = signed.act();
        rows.createUpdate("""
                        insert into registration_act (id, file, number, record, signed, issued)
                        values (:id, :file, :number, :record, :signed, :issued)""")
                .bind("id", act.id().toArray())
                .bind("file", act.file().toArray())
                .bind("number", number)
                .bind("record", act.canonical().encode().toArray())
                .bind("signed", signed.signed().toArray())
                .bind("issued", issued.isEmpty() ? null : encoded(issued))
                .execute();
    }

    static void outline(
            Handle rows, Digest file, Outline outline, Collection<InstitutionCode> parties, Collection<Turn> turns) {
        rows.createUpdate("update registration_file set state = :state, device = :device, service = :service"
                        + " where id = :id")
                .bind("state", outline.state())
                .bind("device", outline.device().orElse(null))
                .bind("service", outline.service().orElse(null))
                .bind("id", file.toArray())
                .execute();
        for (var party : parties) {
            rows.execute(
                    "insert into registration_party (institution, file) values (?, ?) on conflict do nothing",
                    party.value(),
                    file.toArray());
        }
        rows.execute("delete from registration_turn where file = ?", (Object) file.toArray());
        for (var turn : turns) {
            rows.execute(
                    "insert into registration_turn (file, institution, kind) values (?, ?, ?)",
                    file.toArray(),
                    turn.by().value(),
                    turn.kind().text());
        }
    }

    static boolean isParty(Handle rows, InstitutionCode institution, Digest file) {
        return rows.createQuery("select exists (select from registration_party where institution = :i and file = :f)")
                .bind("i", institution.value())
                .bind("f", file.toArray())
                .mapTo(Boolean.class)
                .one();
    }

    static List<Done> done(Handle rows, Digest file) {
        return rows.createQuery("select record, issued from registration_act where file = :file order by number")
                .bind("file", file.toArray())
                .map((row, context) ->
                        new Done(ActForm.read(Canonical.decode(Bytes.of(row.getBytes("record")))), issued(row)))
                .list();
    }

    static List<Dossier.Paper> papers(Handle rows, Digest file) {
        return rows.createQuery("select signed, issued from registration_act where file = :file order by number")
                .bind("file", file.toArray())
                .map((row, context) -> new Dossier.Paper(Bytes.of(row.getBytes("signed")), issued(row)))
                .list();
    }

    static List<Registry.Waiting> waiting(Handle rows, InstitutionCode institution) {
        return rows.createQuery("""
                        select f.id, f.opener, f.opened, t.kind from registration_turn t
                        join registration_file f on f.id = t.file
                        where t.institution = :institution order by f.opened, f.id limit :most""")
                .bind("institution", institution.value())
                .bind("most", Registry.MOST)
                .map((row, context) -> new Registry.Waiting(
                        Digest.ofHash(row.getBytes("id")),
                        Kind.find(row.getString("kind")).orElseThrow(),
                        new InstitutionCode(row.getString("opener")),
                        row.getTimestamp("opened").toInstant()))
                .list();
    }

    /// @param all those of everybody
    static List<Registry.Summary> files(Handle rows, InstitutionCode institution, boolean all) {
        return rows.createQuery("""
                        select f.id, f.accreditation, f.opener, f.opened, f.state from registration_file f
                        where :all or exists (select from registration_party p
                            where p.file = f.id and p.institution = :institution)
                        order by f.opened desc, f.id limit :most""")
                .bind("all", all)
                .bind("institution", institution.value())
                .bind("most", Registry.MOST)
                .map((row, context) -> new Registry.Summary(
                        Digest.ofHash(row.getBytes("id")),
                        row.getBoolean("accreditation"),
                        new InstitutionCode(row.getString("opener")),
                        row.getString("state"),
                        row.getTimestamp("opened").toInstant()))
                .list();
    }

    static boolean isDeviceTaken(Handle rows, String device) {
        return rows.createQuery("select exists (select from registration_file where device = :device)")
                .bind("device", device)
                .mapTo(Boolean.class)
                .one();
    }

    static Optional<Digest> inService(Handle rows, String service) {
        return rows.createQuery("select id from registration_file where service = :service and state = :state limit 1")
                .bind("service", service)
                .bind("state", Case.State.IN_SERVICE.name())
                .map((row, context) -> Digest.ofHash(row.getBytes("id")))
                .findOne();
    }

    private static byte[] encoded(List<X509Certificate> chain) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertPath(chain)
                    .getEncoded(CHAIN);
        } catch (CertificateException e) {
            throw new IllegalStateException("certificates of ours have an encoding", e);
        }
    }

    private static List<X509Certificate> issued(ResultSet row) throws SQLException {
        var path = row.getBytes("issued");
        if (path == null) {
            return List.of();
        }
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertPath(new ByteArrayInputStream(path), CHAIN)
                    .getCertificates()
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalStateException("a chain that we wrote reads", e);
        }
    }
}
