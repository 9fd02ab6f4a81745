package org.mizuhiki.registration;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;

/// Accreditations at rest.
final class LicenceRows {
    private LicenceRows() {}

    static void put(Handle rows, Licence licence) {
        rows.createUpdate("""
                        insert into accreditation (file, institution, name, role, vendor, state, until)
                        values (:file, :institution, :name, :role, :vendor, :state, :until)
                        on conflict (file) do update set state = excluded.state, until = excluded.until""")
                .bind("file", licence.file().toArray())
                .bind("institution", licence.holder().value())
                .bind("name", licence.name())
                .bind("role", licence.role().text())
                .bind("vendor", licence.vendor().orElse(null))
                .bind("state", licence.state().name())
                .bind("until", licence.until().orElse(null))
                .execute();
    }

    static Licence get(Handle rows, Digest file) {
        return rows.createQuery("select * from accreditation where file = :file")
                .bind("file", file.toArray())
                .map((row, context) -> read(row))
                .one();
    }

    /// Those of one institution in one role.
    static List<Licence> of(Handle rows, InstitutionCode holder, Role role) {
        return rows.createQuery("select * from accreditation where institution = :holder and role = :role")
                .bind("holder", holder.value())
                .bind("role", role.text())
                .map((row, context) -> read(row))
                .list();
    }

    static boolean accredited(Handle rows, InstitutionCode holder, Role role, Instant now) {
        return of(rows, holder, role).stream().anyMatch(l -> l.stands(now));
    }

    /// Whether another vendor has, had or applies for this code: names of devices are for good. An application that
    /// was refused, or withdrawn before an answer, names no device, and keeps the code from nobody.
    static boolean isVendorTaken(Handle rows, String vendor, InstitutionCode by) {
        return rows.createQuery(
                        "select exists (select from accreditation where vendor = :vendor"
                                + " and institution <> :by and state <> :refused and not (state = :withdrawn and until is null))")
                .bind("vendor", vendor)
                .bind("by", by.value())
                .bind("refused", Licence.State.REFUSED.name())
                .bind("withdrawn", Licence.State.WITHDRAWN.name())
                .mapTo(Boolean.class)
                .one();
    }

    /// What this institution may see.
    ///
    /// @param all the accreditation body sees every one
    static List<Licence> visible(Handle rows, InstitutionCode reader, boolean all) {
        return rows.createQuery("""
                        select a.* from accreditation a join registration_file f on f.id = a.file
                        where :all or a.institution = :reader or a.until is not null
                        order by f.opened desc, f.id limit :most""")
                .bind("all", all)
                .bind("reader", reader.value())
                .bind("most", Registry.MOST)
                .map((row, context) -> read(row))
                .list();
    }

    private static Licence read(ResultSet row) throws SQLException {
        return new Licence(
                Digest.ofHash(row.getBytes("file")),
                new InstitutionCode(row.getString("institution")),
                row.getString("name"),
                Role.of(row.getString("role")),
                Optional.ofNullable(row.getString("vendor")),
                Licence.State.valueOf(row.getString("state")),
                Optional.ofNullable(row.getTimestamp("until")).map(Timestamp::toInstant));
    }
}
