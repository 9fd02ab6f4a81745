package org.mizuhiki.dues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;
import org.mizuhiki.usage.Tally.Counted;
import org.mizuhiki.usage.UsageRoutes.Usage;

@Tag("V11")
class OfficeTest {
    private static final InstitutionCode CLINIC = new InstitutionCode("2819900017");
    private static final InstitutionCode HOSPITAL = new InstitutionCode("2819900025");
    private static final Month OCTOBER = Month.parse("2026-10");
    private static final Plan PLAN = new Plan(
            "clinic",
            "診療所プラン",
            3000,
            MoneyTest.TEN,
            List.of(new Plan.Price(Measure.LETTERS, 10, 1, 15, MoneyTest.TEN)),
            true);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-10-20T00:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final AtomicReference<List<Counted>> counted = new AtomicReference<>(List.of());
    private final AtomicReference<Boolean> away = new AtomicReference<>(false);

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @SuppressWarnings("NullAway.Init")
    private Database database;

    @SuppressWarnings("NullAway.Init")
    private Office office;

    @BeforeEach
    void open() {
        var config = DatabaseConfig.embedded(
                folder.resolve("database"), Path.of("target/postgres").toAbsolutePath());
        database = Databases.open(config, Office.MIGRATIONS, new SecureRandom());
        Function<Month, Usage> store = month -> {
            if (away.get()) {
                throw Refusal.of("peer-unreachable", "応答なし", "No answer");
            }
            return new Usage(now.get().plus(ahead.get()), month.equals(OCTOBER) ? counted.get() : List.of());
        };
        office = new Office(database, Map.of("store", store), clock);
        office.issuer(MoneyTest.ISSUER);
        office.add(PLAN);
        office.open(CLINIC, "みずひき内科", "clinic", OCTOBER);
        counted.set(List.of(new Counted(CLINIC, Measure.LETTERS, 12)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void november() {
        now.set(OCTOBER.end().plusSeconds(3600));
    }

    private static String refused(Executable work) {
        return assertThrows(Refusal.class, work).code();
    }

    @Test
    void aMonthIsInvoicedOnceFromWhatTheServersCounted() {
        assertEquals("usage-not-complete", refused(() -> office.issue(OCTOBER)));
        ahead.set(Duration.ofDays(30));
        assertEquals("usage-not-complete", refused(() -> office.issue(OCTOBER)), "a server whose clock runs ahead");
        november();
        away.set(true);
        assertEquals("usage-not-complete", refused(() -> office.issue(OCTOBER)));
        away.set(false);
        var first = office.issue(OCTOBER);
        assertEquals(1, first.size());
        var invoice = first.getFirst();
        assertEquals(1, invoice.number());
        assertEquals(3000 + 2 * 15, invoice.net());
        assertEquals(3030 + 303, invoice.total());
        assertEquals(List.of(), office.issue(OCTOBER), "said again it issues nothing twice");
        office.open(HOSPITAL, "結び病院", "clinic", OCTOBER);
        assertEquals(2, office.issue(OCTOBER).getFirst().number(), "only who came later");
        assertEquals("month-invoiced", refused(() -> office.open(CLINIC, "みずひき内科", "clinic", OCTOBER)));
        assertEquals(Optional.empty(), office.broken());
    }

    @Test
    void aServerThatCameBackFromABackupTakesNoCountBack() {
        office.collect();
        counted.set(List.of(new Counted(CLINIC, Measure.LETTERS, 7)));
        november();
        assertEquals(3030, office.issue(OCTOBER).getFirst().net());
    }

    @Test
    void aCreditNoteTakesAnInvoiceBackAndTheMonthIsInvoicedAnew() {
        november();
        office.issue(OCTOBER);
        var note = office.credit(1, "通数の数え違い");
        assertEquals(2, note.number());
        assertEquals(-3333, note.total());
        assertEquals(note, office.credit(1, "もう一度"), "asked again it is the same");
        assertEquals("invoice-unknown", refused(() -> office.credit(2, "取消しの取消し")));
        var anew = office.issue(OCTOBER).getFirst();
        assertEquals(3, anew.number());
        assertEquals(
                3333,
                office.invoices(OCTOBER).stream().mapToLong(Invoice::total).sum());
        assertEquals(3333, anew.total());
    }

    @Test
    void numbersHaveNoGapsHoweverManyAskAtOnce() throws Exception {
        for (int i = 100; i < 120; i++) {
            office.open(new InstitutionCode("2819900" + i), "院" + i, "clinic", OCTOBER);
        }
        november();
        try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
            var asking = new ArrayList<Future<List<Invoice>>>();
            for (int i = 0; i < 4; i++) {
                asking.add(many.submit(() -> office.issue(OCTOBER)));
            }
            long all = 0;
            for (var one : asking) {
                all += one.get().size();
            }
            assertEquals(21, all);
        }
        var numbers = office.invoices(OCTOBER).stream().map(Invoice::number).toList();
        assertEquals(LongStream.rangeClosed(1, 21).boxed().toList(), numbers);
    }

    @Test
    void whatWasIssuedIsNeverChangedNotEvenInTheDatabase() {
        november();
        office.issue(OCTOBER);
        for (var deed : List.of("update invoice set total = 0", "delete from invoice", "truncate invoice")) {
            assertThrows(RuntimeException.class, () -> database.inTransaction(rows -> rows.execute(deed)));
        }
        assertEquals(3333, office.invoice(1).total());
        // who takes the lock away is noticed by the chain
        database.inTransaction(rows -> {
            rows.execute("alter table invoice disable trigger invoice_stays");
            return rows.execute(
                    "update invoice set body = convert_to(replace(convert_from(body, 'UTF8'), '3333', '3334'), 'UTF8')");
        });
        assertEquals(Optional.of(1L), office.broken());
    }

    @Test
    void aPlanNeverChangesAndMembersMoveToAnother() {
        var dearer = new Plan("clinic", "診療所プラン", 9000, MoneyTest.TEN, List.of(), true);
        assertEquals("plan-exists", refused(() -> office.add(dearer)));
        assertEquals(PLAN, office.add(PLAN));
        office.add(new Plan("closed", "特別", 1, MoneyTest.TEN, List.of(), false));
        office.add(new Plan("small", "小規模", 500, MoneyTest.NONE, List.of(), true));
        var clinic = office.member(CLINIC);
        assertEquals(
                List.of("clinic", "small"),
                clinic.plans().stream().map(Plan::name).toList());
        assertEquals("plan-unknown", refused(() -> clinic.choose("closed")));
        assertEquals("small", clinic.choose("small").plan());
        assertEquals("clinic", clinic.account().plan(), "this month stays as it was");
        november();
        assertEquals("small", clinic.account().plan());
        assertEquals(3030, office.issue(OCTOBER).getFirst().net());
    }

    @Test
    void aMemberSeesItsOwnAndNobodyElses() {
        office.open(HOSPITAL, "結び病院", "clinic", OCTOBER);
        november();
        office.issue(OCTOBER);
        var clinic = office.member(CLINIC);
        var own =
                clinic.invoices().stream().map(Invoice::institution).distinct().toList();
        assertEquals(List.of(CLINIC), own);
        assertEquals(
                List.of(new Dues.Used(Measure.LETTERS, 12)),
                clinic.usage(OCTOBER).used());
        assertTrue(clinic.usage(OCTOBER).complete());
        assertEquals(List.of(), office.member(HOSPITAL).usage(OCTOBER).used());
        for (long number = 1; number <= 2; number++) {
            var invoice = office.invoice(number);
            var other = invoice.institution().equals(CLINIC) ? HOSPITAL : CLINIC;
            long n = number;
            assertEquals("invoice-unknown", refused(() -> office.member(other).invoice(n)));
            assertEquals(invoice, office.member(invoice.institution()).invoice(n));
        }
        assertEquals(
                "account-unknown",
                refused(() -> office.member(new InstitutionCode("0119900017")).account()));
        clinic.contact(new Account.Contact("事務部", "656-0021", "洲本市", "office@clinic.example"));
        assertEquals("事務部", clinic.account().contact().department());
        assertEquals(Account.Contact.NONE, office.member(HOSPITAL).account().contact());
    }

    @Test
    void aMemberThatLeftIsChargedNoMore() {
        office.close(CLINIC, OCTOBER);
        now.set(OCTOBER.next().end().plusSeconds(3600));
        assertEquals(1, office.issue(OCTOBER).size());
        assertEquals(List.of(), office.issue(OCTOBER.next()));
        assertEquals("account-closed", refused(() -> office.member(CLINIC).choose("clinic")));
    }

    @Test
    void theReportSaysWhetherWhatCameInCoversWhatItCost() {
        november();
        office.issue(OCTOBER);
        assertTrue(office.expense(OCTOBER, "bill-1", "サーバー代", 2000));
        assertTrue(!office.expense(OCTOBER, "bill-1", "サーバー代", 2000), "the same bill again changes nothing");
        office.expense(OCTOBER, "bill-2", "=cmd|電気", 400);
        var report = office.report(OCTOBER);
        assertEquals(2400, report.cost());
        assertEquals(3030, report.charged());
        var csv = report.csv().asUtf8();
        assertTrue(csv.contains("2819900017,みずひき内科,clinic,12,"), csv);
        assertTrue(csv.contains("収支（請求額−費用）,630"), csv);
        assertTrue(csv.contains("紹介状・文書1通あたりの費用,200"), csv);
        assertTrue(csv.contains("'=cmd|電気,400"), csv);
    }
}
