package org.mizuhiki.keys;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.chip.ElementKey;
import org.mizuhiki.chip.Points;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;

/// Terminals that the operator accredited for emergencies: by the key of their element, for one institution,
/// until a day.
public record EmergencyTerminals(Database database, Clock clock) {
    /// @param element as `mizuhiki chip terminal show` tells it, base64
    public record Accredited(String element, InstitutionCode institution, Instant until) {}

    /// In the place of what was said of this element before.
    ///
    /// @throws Refusal `element-malformed`
    public Accredited accredit(String element, InstitutionCode institution, Instant until) {
        var point = Bytes.base64(element);
        var name = key(point).name();
        database.inTransaction(tx -> tx.execute(
                "insert into emergency_terminal (element, point, institution, until) values (?, ?, ?, ?)"
                        + " on conflict (element) do update"
                        + " set institution = excluded.institution, until = excluded.until",
                name.hex(),
                point.toArray(),
                institution.value(),
                until));
        return new Accredited(element, institution, until);
    }

    /// @return whether it was accredited
    public boolean withdraw(String element) {
        var name = key(Bytes.base64(element)).name();
        return database.inTransaction(tx -> tx.execute("delete from emergency_terminal where element = ?", name.hex()))
                == 1;
    }

    public List<Accredited> all() {
        return database.reading(tx -> tx.createQuery(
                        "select point, institution, until from emergency_terminal order by element")
                .map((r, _) -> new Accredited(
                        Bytes.of(r.getBytes("point")).asBase64(),
                        new InstitutionCode(r.getString("institution")),
                        r.getTimestamp("until").toInstant()))
                .list());
    }

    /// The element, if it is accredited today for this institution.
    Optional<ElementKey> of(Digest element, InstitutionCode institution) {
        return database.reading(tx -> tx.createQuery("select point from emergency_terminal"
                        + " where element = :element and institution = :institution and until > :now")
                .bind("element", element.hex())
                .bind("institution", institution.value())
                .bind("now", clock.instant())
                .map((r, _) -> key(Bytes.of(r.getBytes("point"))))
                .findOne());
    }

    private static ElementKey key(Bytes point) {
        try {
            return new ElementKey(Points.key(point), false);
        } catch (IllegalArgumentException e) {
            throw Refusal.of("element-malformed", "素子の鍵の形式が正しくありません", "This is not an element's key", e);
        }
    }
}
