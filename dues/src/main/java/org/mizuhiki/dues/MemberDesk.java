package org.mizuhiki.dues;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;

/// One institution's view of its own account.
record MemberDesk(Database database, Office office, InstitutionCode institution, Clock clock) implements Dues {
    @Override
    public Account account() {
        return database.reading(tx -> new AccountRows(tx).account(institution, office.thisMonth()))
                .orElseThrow(No::accountUnknown);
    }

    @Override
    public Account contact(Account.Contact contact) {
        account();
        database.inTransaction(tx -> {
            new AccountRows(tx).contact(institution, contact);
            return contact;
        });
        return account();
    }

    @Override
    public List<Plan> plans() {
        return office.plans().stream().filter(Plan::open).toList();
    }

    @Override
    public Account choose(String plan) {
        return database.inTransaction(tx -> {
            var rows = new AccountRows(tx);
            rows.alone();
            var since = office.thisMonth().next();
            var account = rows.account(institution, since).orElseThrow(No::accountUnknown);
            if (account.last().isPresent()) {
                throw No.accountClosed();
            }
            var _ = rows.plan(plan).filter(Plan::open).orElseThrow(No::planUnknown);
            rows.subscribe(institution, since, plan);
            return rows.account(institution, since).orElseThrow();
        });
    }

    @Override
    public Usage usage(Month month) {
        account();
        return database.inTransaction(tx -> {
            var seen = new SeenRows(tx);
            var used = seen.of(month).getOrDefault(institution, Map.<Measure, Long>of()).entrySet().stream()
                    .map(e -> new Used(e.getKey(), e.getValue()))
                    .toList();
            return new Usage(month, office.open(seen, month).isEmpty(), used);
        });
    }

    @Override
    public List<Invoice> invoices() {
        return database.reading(tx -> new InvoiceRows(tx).of(institution));
    }

    @Override
    public Invoice invoice(long number) {
        return database.reading(tx -> new InvoiceRows(tx).find(number))
                .filter(i -> i.institution().equals(institution))
                .orElseThrow(No::invoiceUnknown);
    }
}
