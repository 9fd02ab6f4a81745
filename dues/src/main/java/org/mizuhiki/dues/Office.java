package org.mizuhiki.dues;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;
import org.mizuhiki.usage.UsageRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The non-profit's office over its own database, as its operator uses it.
public final class Office {
    /// Where this room's migrations lie on the class path.
    public static final String MIGRATIONS = "db/dues";

    /// A deed that began before a month's end may be committed a moment after it.
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private static final int MOST_MONTHS_BEHIND = 36;
    private static final ZoneId JAPAN = ZoneId.of("Asia/Tokyo");
    private static final Logger LOG = LoggerFactory.getLogger(Office.class);

    private final Database database;
    private final Map<String, Function<Month, UsageRoutes.Usage>> sources;
    private final Clock clock;

    /// @param database migrated by [#MIGRATIONS]
    /// @param sources the servers that count, by name
    public Office(Database database, Map<String, Function<Month, UsageRoutes.Usage>> sources, Clock clock) {
        this.database = database;
        this.sources = Map.copyOf(sources);
        this.clock = clock;
    }

    /// The office as this institution sees it.
    public Dues member(InstitutionCode institution) {
        return new MemberDesk(database, this, institution, clock);
    }

    Month thisMonth() {
        return Month.of(clock.instant());
    }

    private LocalDate today() {
        return clock.instant().atZone(JAPAN).toLocalDate();
    }

    private <T> T alone(Function<AccountRows, T> work) {
        return database.inTransaction(tx -> {
            var rows = new AccountRows(tx);
            rows.alone();
            return work.apply(rows);
        });
    }

    /// From now on on invoices.
    public void issuer(Issuer issuer) {
        alone(rows -> {
            rows.issuer(issuer, clock.instant());
            return issuer;
        });
    }

    /// @throws Refusal `plan-exists` when there is another one of this name: plans never change
    public Plan add(Plan plan) {
        return alone(rows -> {
            rows.add(plan);
            var standing = rows.plan(plan.name()).orElseThrow();
            if (!standing.equals(plan)) {
                throw Refusal.of(
                        "plan-exists",
                        "同じ名前のプランがあり、内容は変えられません。新しい名前で作り、会員を移してください",
                        "There is a plan of this name, and plans never change; make one of another name and move members");
            }
            return standing;
        });
    }

    public List<Plan> plans() {
        return database.reading(tx -> new AccountRows(tx).plans());
    }

    /// Opens an account, renames it, or moves it to another plan from a month on.
    ///
    /// @throws Refusal `plan-unknown`, `month-invoiced` when that month or a later one has its invoice already
    public Account open(InstitutionCode institution, String name, String plan, Month since) {
        Words.needed(64, name);
        return alone(rows -> {
            if (rows.plan(plan).isEmpty()) {
                throw No.planUnknown();
            }
            if (new InvoiceRows(rows.rows()).anyFrom(institution, since)) {
                throw No.invoiced();
            }
            rows.open(institution, name);
            rows.subscribe(institution, since, plan);
            return rows.account(institution, since).orElseThrow();
        });
    }

    /// No month after this one is charged.
    ///
    /// @throws Refusal `account-unknown`, `month-invoiced`
    public Account close(InstitutionCode institution, Month last) {
        return alone(rows -> {
            var _ = rows.account(institution, last).orElseThrow(No::accountUnknown);
            if (new InvoiceRows(rows.rows()).anyFrom(institution, last.next())) {
                throw No.invoiced();
            }
            rows.last(institution, last);
            return rows.account(institution, last).orElseThrow();
        });
    }

    /// With the plan that each has in this month.
    public List<Account> accounts(Month month) {
        return database.reading(tx -> new AccountRows(tx).accounts(month));
    }

    /// Asks every server for the months that are not complete; to be called at start and every hour.
    ///
    /// @return names of servers that did not answer
    public List<String> collect() {
        var missing = new ArrayList<String>();
        for (var source : sources.entrySet()) {
            try {
                for (var month : behind(source.getKey())) {
                    var before = clock.instant();
                    var told = source.getValue().apply(month);
                    // a server whose clock runs ahead must not make a month complete that still runs
                    var asOf = told.asOf().isAfter(before) ? before : told.asOf();
                    var usage = new UsageRoutes.Usage(asOf, told.counts());
                    database.inTransaction(tx -> {
                        new SeenRows(tx).keep(source.getKey(), month, usage);
                        return month;
                    });
                }
            } catch (Refusal away) {
                LOG.warn("usage of {} is asked for later: {}", source.getKey(), away.code());
                missing.add(source.getKey());
            }
        }
        return missing;
    }

    private List<Month> behind(String source) {
        return database.inTransaction(tx -> {
            var now = thisMonth();
            var first = new AccountRows(tx).firstMonth().orElse(now);
            var behind = new ArrayList<Month>();
            var seen = new SeenRows(tx);
            for (var month = now; behind.size() < MOST_MONTHS_BEHIND && month.compareTo(first) >= 0; ) {
                if (!isSettled(seen.asked(source, month), month)) {
                    behind.add(month);
                }
                month = new Month(month.value().minusMonths(1));
            }
            return behind;
        });
    }

    private static boolean isSettled(Optional<Instant> asked, Month month) {
        return asked.filter(at -> !at.isBefore(month.end().plus(SETTLED))).isPresent();
    }

    /// Servers of which something may still come.
    List<String> open(SeenRows seen, Month month) {
        return sources.keySet().stream()
                .filter(source -> !isSettled(seen.asked(source, month), month))
                .sorted()
                .toList();
    }

    /// Invoices of a month for all who have a plan and no invoice; each in a transaction of its own, so that
    /// the same words after a crash issue what is missing and nothing twice.
    ///
    /// @return those that are new
    /// @throws Refusal `issuer-missing`, `usage-not-complete` while the month runs or a server was not asked
    public List<Invoice> issue(Month month) {
        collect();
        var open = database.inTransaction(tx -> open(new SeenRows(tx), month));
        if (!open.isEmpty()) {
            throw No.notComplete(month, open);
        }
        var issued = new ArrayList<Invoice>();
        for (var account : accounts(month)) {
            alone(rows -> issue(rows, account, month)).ifPresent(issued::add);
        }
        return issued;
    }

    private Optional<Invoice> issue(AccountRows rows, Account at, Month month) {
        var issuer = rows.issuer().orElseThrow(No::issuerMissing);
        var account = rows.account(at.institution(), month).orElseThrow(); // as it stands now that nobody changes it
        var plan = rows.plan(account.plan());
        boolean over = account.last().filter(last -> last.compareTo(month) < 0).isPresent();
        var invoices = new InvoiceRows(rows.rows());
        if (plan.isEmpty()
                || over
                || invoices.standing(account.institution(), month).isPresent()) {
            return Optional.empty();
        }
        var used = new SeenRows(rows.rows()).of(month).getOrDefault(account.institution(), Map.<Measure, Long>of());
        var lines = plan.get().lines(measure -> used.getOrDefault(measure, 0L));
        return Optional.of(invoices.issue(number -> Invoice.of(number, month, today(), issuer, account, lines)));
    }

    /// Takes an invoice back by a credit note; the month can be invoiced anew then. Asked again it gives the
    /// same one.
    ///
    /// @throws Refusal `invoice-unknown` also for a credit note's number
    public Invoice credit(long number, String reason) {
        Words.needed(80, reason);
        return alone(rows -> {
            var invoices = new InvoiceRows(rows.rows());
            var invoice =
                    invoices.find(number).filter(i -> i.corrects().isEmpty()).orElseThrow(No::invoiceUnknown);
            return invoices.creditNote(number)
                    .orElseGet(() -> invoices.issue(next -> invoice.takenBack(next, today(), reason)));
        });
    }

    /// @throws Refusal `invoice-unknown`
    public Invoice invoice(long number) {
        return database.reading(tx -> new InvoiceRows(tx).find(number)).orElseThrow(No::invoiceUnknown);
    }

    public List<Invoice> invoices(Month month) {
        return database.reading(tx -> new InvoiceRows(tx).of(month));
    }

    /// The first number that is missing or was altered in the database, by somebody beside this program.
    public Optional<Long> broken() {
        return database.reading(tx -> new InvoiceRows(tx).broken());
    }

    /// What the region cost, such as electricity.
    ///
    /// @param entry the operator's own number of it: the same one again changes nothing
    /// @return whether it is new
    public boolean expense(Month month, String entry, String what, long yen) {
        var expense = new AccountRows.Expense(entry, what, yen);
        return alone(rows -> rows.expense(month, expense));
    }

    /// Usage, invoices and costs of a month.
    public MonthReport report(Month month) {
        return database.inTransaction(tx -> {
            var accounts = new AccountRows(tx);
            var seen = new SeenRows(tx);
            return new MonthReport(
                    month,
                    open(seen, month).isEmpty(),
                    accounts.accounts(month),
                    seen.of(month),
                    new InvoiceRows(tx).of(month),
                    accounts.expenses(month).stream()
                            .map(e -> new MonthReport.Cost(e.what(), e.yen()))
                            .toList());
        });
    }
}
