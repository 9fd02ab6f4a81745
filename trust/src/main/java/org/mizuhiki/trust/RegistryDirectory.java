package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Ledger;

/// The key directory over the authority's rows; every answer comes with fresh evidence of the ledger.
final class RegistryDirectory implements Directory {
    private static final int MOST_FOUND = 50;
    private static final int LONGEST_TEXT = 100;

    private final Database database;
    private final Ledger ledger;
    private final KeyEntries keyEntries;
    private final Function<String, List<X509Certificate>> above;

    /// @param above the chain above what a CA issued
    RegistryDirectory(
            Database database, Ledger ledger, KeyEntries keyEntries, Function<String, List<X509Certificate>> above) {
        this.database = database;
        this.ledger = ledger;
        this.keyEntries = keyEntries;
        this.above = above;
    }

    /// A listing before its evidence.
    private record Row(
            Member member,
            PersonId id,
            Place place,
            List<X509Certificate> signing,
            X509Certificate sealing,
            Bytes binding,
            Digest record,
            boolean logged) {}

    @Override
    public Listing find(PersonId id) {
        var found =
                database.inTransaction(rows -> rows.createQuery(SELECT + " where l.identity = :id and l.ended is null")
                        .bind("id", id.value())
                        .map((row, context) -> read(row))
                        .findOne());
        return proven(found.orElseThrow(() ->
                Refusal.of("person-unknown", "この個人IDの有効な登録が見つかりません", "No standing registration has this person's ID")));
    }

    @Override
    public List<Listing> past(PersonId id) {
        return database
                .inTransaction(rows -> rows.createQuery(SELECT
                                + " where l.identity = :id and l.ended is not null order by l.number desc limit :most")
                        .bind("id", id.value())
                        .bind("most", MOST_PAST)
                        .map((row, context) -> read(row))
                        .list())
                .stream()
                .map(this::proven)
                .toList();
    }

    @Override
    public List<Listing> professionals(String text) {
        if (text.isBlank() || text.length() > LONGEST_TEXT) {
            throw Refusal.of("search-malformed", "検索語は1〜100文字で入力してください", "A search text has 1 to 100 characters");
        }
        return database.inTransaction(rows -> search(rows, text.strip())).stream()
                .map(this::proven)
                .toList();
    }

    private static final String SELECT = """
            select l.*, s.ca as ca, s.der as signing, x.der as sealing from listing l
            join certificate s on s.ticket = l.ticket and s.use = 'signing'
            join certificate x on x.ticket = l.ticket and x.use = 'sealing'
            """;

    private List<Row> search(Handle rows, String text) {
        // a search text is a text, not a pattern
        var pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
        return rows.createQuery(SELECT + """
                        where l.professional and l.ended is null
                            and (l.name ilike :pattern or l.institution_name ilike :pattern or l.institution = :text)
                        order by l.name, l.identity limit :most""")
                .bind("pattern", pattern)
                .bind("text", text)
                .bind("most", MOST_FOUND)
                .map((row, context) -> read(row))
                .list();
    }

    private Row read(ResultSet row) throws SQLException {
        var id = new PersonId(row.getString("identity"));
        var member = row.getBoolean("professional")
                ? new Member.Professional(
                        id,
                        row.getString("name"),
                        new InstitutionCode(row.getString("institution")),
                        row.getString("institution_name"))
                : new Member.Patient(id);
        var signing = new java.util.ArrayList<X509Certificate>();
        signing.add(KeyFiles.certificate(Bytes.of(row.getBytes("signing"))));
        signing.addAll(above.apply(row.getString("ca")));
        return new Row(
                member,
                id,
                new Place(
                        row.getInt("number"),
                        Optional.ofNullable(row.getBytes("before")).map(Digest::ofHash)),
                signing,
                KeyFiles.certificate(Bytes.of(row.getBytes("sealing"))),
                Bytes.of(row.getBytes("binding")),
                Digest.ofHash(row.getBytes("entry")),
                row.getBoolean("logged"));
    }

    private Listing proven(Row row) {
        if (!row.logged()) {
            keyEntries.log();
        }
        var evidence = ledger.evidence(Directory.entry(row.id(), row.record()).leaf());
        return new Listing(row.member(), row.place(), row.signing(), row.sealing(), row.binding(), evidence);
    }
}
