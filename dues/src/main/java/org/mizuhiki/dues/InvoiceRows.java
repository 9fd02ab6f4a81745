package org.mizuhiki.dues;

import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.usage.Month;
import org.mizuhiki.wire.Json;

/// Issued invoices: written once, chained by digests, never changed. Under [AccountRows#alone].
record InvoiceRows(Handle rows) {
    private static final int PAGE = 500;

    private record Last(long number, String digest) {}

    /// The next number goes to what is made with it, in this transaction or not at all.
    Invoice issue(LongFunction<Invoice> making) {
        var last = rows.createQuery("select number, digest from invoice order by number desc limit 1")
                .map((row, context) -> new Last(row.getLong(1), row.getString(2)))
                .findOne()
                .orElse(new Last(0, ""));
        var invoice = making.apply(last.number() + 1);
        var body = Json.write(invoice);
        rows.execute(
                "insert into invoice (number, institution, month, corrects, edition, total, net, body, digest)"
                        + " values (?, ?, ?, ?, (select count(*) from invoice where institution = ? and month = ?), ?, ?, ?, ?)",
                invoice.number(),
                invoice.institution().value(),
                invoice.month().toString(),
                invoice.corrects().orElse(null),
                invoice.institution().value(),
                invoice.month().toString(),
                invoice.total(),
                invoice.net(),
                body.toArray(),
                chained(last.digest(), body));
        return invoice;
    }

    private static String chained(String before, Bytes body) {
        return Digest.of(Bytes.utf8(before + "\n" + body.sha256().hex()).toArray())
                .hex();
    }

    /// The invoice of a month that no credit note took back.
    Optional<Invoice> standing(InstitutionCode institution, Month month) {
        return rows.createQuery("select body from invoice i where institution = :institution and month = :month"
                        + " and corrects is null and not exists (select 1 from invoice c where c.corrects = i.number)")
                .bind("institution", institution.value())
                .bind("month", month.toString())
                .map((row, context) -> read(row))
                .findOne();
    }

    Optional<Invoice> creditNote(long invoice) {
        return rows.createQuery("select body from invoice where corrects = :invoice")
                .bind("invoice", invoice)
                .map((row, context) -> read(row))
                .findOne();
    }

    Optional<Invoice> find(long number) {
        return rows.createQuery("select body from invoice where number = :number")
                .bind("number", number)
                .map((row, context) -> read(row))
                .findOne();
    }

    /// Newest first.
    List<Invoice> of(InstitutionCode institution) {
        return rows.createQuery("select body from invoice where institution = :institution"
                        + " order by number desc limit " + PAGE)
                .bind("institution", institution.value())
                .map((row, context) -> read(row))
                .list();
    }

    /// By number.
    List<Invoice> of(Month month) {
        return rows.createQuery("select body from invoice where month = :month order by number")
                .bind("month", month.toString())
                .map((row, context) -> read(row))
                .list();
    }

    /// Whether any invoice, taken back or not, is for this month or a later one.
    boolean anyFrom(InstitutionCode institution, Month month) {
        return rows.createQuery("select exists (select 1 from invoice i where institution = :institution"
                        + " and month >= :month and corrects is null"
                        + " and not exists (select 1 from invoice c where c.corrects = i.number))")
                .bind("institution", institution.value())
                .bind("month", month.toString())
                .mapTo(Boolean.class)
                .one();
    }

    /// The first number whose digest does not follow from what is written, or none.
    Optional<Long> broken() {
        record Row(long number, Bytes body, String digest) {}
        var all = rows.createQuery("select number, body, digest from invoice order by number")
                .map((row, context) -> new Row(row.getLong(1), Bytes.of(row.getBytes(2)), row.getString(3)))
                .list();
        var before = "";
        long expected = 1;
        for (var row : all) {
            if (row.number() != expected || !row.digest().equals(chained(before, row.body()))) {
                return Optional.of(expected);
            }
            before = row.digest();
            expected++;
        }
        return Optional.empty();
    }

    private static Invoice read(java.sql.ResultSet row) throws java.sql.SQLException {
        return Json.read(Bytes.of(row.getBytes(1)), Invoice.class);
    }
}
