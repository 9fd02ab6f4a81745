package org.mizuhiki.dues;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;

/// An invoice (適格請求書), or the credit note (適格返還請求書) that takes one back. What is printed comes from here
/// alone; once issued it never changes.
///
/// @param number 1, 2, 3 and so on without a gap, credit notes among them
/// @param corrects of a credit note: the number of the invoice
/// @param reason of a credit note
/// @param month what it is for
/// @param issued the date of issue, in Japan
/// @param due to be paid until; of a credit note the date of issue
/// @param totals one for each tax rate, the tax rounded once
/// @param total yen with tax; below zero in a credit note
public record Invoice(
        long number,
        Optional<Long> corrects,
        String reason,
        Month month,
        LocalDate issued,
        LocalDate due,
        Issuer issuer,
        InstitutionCode institution,
        String name,
        Account.Contact contact,
        List<Line> lines,
        List<Total> totals,
        long total) {
    public Invoice {
        lines = List.copyOf(lines);
        totals = List.copyOf(totals);
    }

    /// @param used of what is measured; 0 for the base
    /// @param units how often the price is due
    /// @param each yen without tax
    /// @param yen without tax
    public record Line(String what, Optional<Measure> measure, long used, long units, long each, long yen, Tax tax) {
        Line takenBack() {
            return new Line(what, measure, used, -units, each, -yen, tax);
        }
    }

    /// All lines of one rate.
    public record Total(Tax tax, long net, long taxYen) {}

    /// Yen without tax.
    public long net() {
        return totals.stream().mapToLong(Total::net).sum();
    }

    static Invoice of(long number, Month month, LocalDate issued, Issuer issuer, Account to, List<Line> lines) {
        var totals = totals(lines);
        return new Invoice(
                number,
                Optional.empty(),
                "",
                month,
                issued,
                issued.plusDays(issuer.days()),
                issuer,
                to.institution(),
                to.name(),
                to.contact(),
                lines,
                totals,
                sum(totals));
    }

    Invoice takenBack(long by, LocalDate at, String why) {
        var back = lines.stream().map(Line::takenBack).toList();
        var totals = totals(back);
        return new Invoice(
                by,
                Optional.of(number),
                why,
                month,
                at,
                at,
                issuer,
                institution,
                name,
                contact,
                back,
                totals,
                sum(totals));
    }

    private static List<Total> totals(List<Line> lines) {
        var nets = new TreeMap<Tax, Long>();
        lines.forEach(line -> nets.merge(line.tax(), line.yen(), Long::sum));
        return nets.entrySet().stream()
                .map(net -> new Total(net.getKey(), net.getValue(), net.getKey().of(net.getValue())))
                .toList();
    }

    private static long sum(List<Total> totals) {
        return totals.stream().mapToLong(t -> t.net() + t.taxYen()).sum();
    }
}
