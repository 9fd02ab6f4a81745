package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mizuhiki.dues.Invoice;
import org.mizuhiki.dues.InvoicePrint;
import org.mizuhiki.dues.Issuer;
import org.mizuhiki.dues.Office;
import org.mizuhiki.dues.Plan;
import org.mizuhiki.dues.RegistrationNumber;
import org.mizuhiki.dues.Tax;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;
import org.mizuhiki.wire.Json;

/// The office's operator: issuer, plans, accounts, invoices, costs. Lists are one JSON object a line, reports are
/// CSV; with `to=` they go into a new file.
record OfficeOperations(Office office, Clock clock) {
    private static final Pattern PRICE = Pattern.compile("([0-9]{1,15})/([0-9]{1,15})/([0-9]{1,9})");

    /// One line of a list of invoices.
    record Listed(long number, String institution, String name, String month, long total, Optional<Long> corrects) {
        static Listed of(Invoice i) {
            return new Listed(
                    i.number(), i.institution().value(), i.name(), i.month().toString(), i.total(), i.corrects());
        }
    }

    Map<String, OperatorDoor.Operation> all() {
        var all = new HashMap<String, OperatorDoor.Operation>();
        all.put("issuer-set", this::issuer);
        all.put("plan-add", asked -> line(office.add(plan(asked))));
        all.put("plans", _ -> lines(office.plans()));
        all.put("account-open", this::open);
        all.put("account-close", asked -> line(office.close(code(asked), month(asked, "last"))));
        all.put("accounts", asked -> lines(office.accounts(monthOrNow(asked))));
        all.put("usage", this::usage);
        all.put("invoice-issue", asked -> listed(office.issue(month(asked, "month"))));
        all.put("invoice-credit", asked -> listed(List.of(office.credit(number(asked), Asked.need(asked, "reason")))));
        all.put("invoices", asked -> listed(office.invoices(month(asked, "month"))));
        all.put("invoice-print", this::print);
        all.put("invoice-check", _ -> check());
        all.put("expense-add", this::expense);
        return all;
    }

    private String issuer(Map<String, String> asked) {
        office.issuer(new Issuer(
                Asked.need(asked, "name"),
                Asked.need(asked, "address"),
                Optional.ofNullable(asked.get("registration")).map(RegistrationNumber::new),
                Asked.need(asked, "pay-to"),
                (int) Math.min(whole(asked.getOrDefault("days", "30")), Integer.MAX_VALUE)));
        return "set";
    }

    /// `name= title= base=3000 tax=10 [reduced=yes] [open=yes] letters=100/1/15 …`: beyond 100, each 1 costs 15.
    private static Plan plan(Map<String, String> asked) {
        var tax = new Tax(
                (int) Math.min(whole(Asked.need(asked, "tax")), 1000),
                asked.getOrDefault("reduced", "no").equals("yes"));
        var prices = new ArrayList<Plan.Price>();
        for (var measure : Measure.values()) {
            Optional.ofNullable(asked.get(measure.word())).ifPresent(said -> prices.add(price(measure, said, tax)));
        }
        return new Plan(
                Asked.need(asked, "name"),
                Asked.need(asked, "title"),
                whole(Asked.need(asked, "base")),
                tax,
                prices,
                asked.getOrDefault("open", "no").equals("yes"));
    }

    private static Plan.Price price(Measure measure, String said, Tax tax) {
        var read = PRICE.matcher(said);
        if (!read.matches()) {
            throw Refusal.of(
                    "argument-malformed",
                    measure.word() + " は 含む数/単位/円 の形です（例 " + measure.word() + "=100/1/15）",
                    measure.word() + " is INCLUDED/PER/YEN, such as " + measure.word() + "=100/1/15");
        }
        return new Plan.Price(
                measure,
                Long.parseLong(read.group(1)),
                Long.parseLong(read.group(2)),
                Long.parseLong(read.group(3)),
                tax);
    }

    private String open(Map<String, String> asked) {
        return line(
                office.open(code(asked), Asked.need(asked, "name"), Asked.need(asked, "plan"), month(asked, "from")));
    }

    private String usage(Map<String, String> asked) {
        var missing = office.collect();
        var csv = office.report(month(asked, "month")).csv();
        var told = NewFile.asked(asked).map(file -> file.write(csv)).orElseGet(csv::asUtf8);
        return missing.isEmpty() ? told : told + "\n応答のないサーバー / did not answer: " + missing;
    }

    /// `number= to=/absolute/folder`: PDF and CSV.
    private String print(Map<String, String> asked) {
        var invoice = office.invoice(number(asked));
        var folder = Path.of(Asked.need(asked, "to"));
        return files(folder, invoice.number(), InvoicePrint.pdf(invoice), InvoicePrint.csv(invoice));
    }

    /// Both files of an invoice.
    static String files(Path folder, long number, Bytes pdf, Bytes csv) {
        var name = "invoice-" + InvoicePrint.number(number);
        return new NewFile(folder.resolve(name + ".pdf")).write(pdf) + "\n"
                + new NewFile(folder.resolve(name + ".csv")).write(csv);
    }

    private String check() {
        return office.broken()
                .map(number -> "改変または欠番があります / altered or missing: " + InvoicePrint.number(number))
                .orElse("ok");
    }

    private String expense(Map<String, String> asked) {
        var said = Asked.need(asked, "yen");
        long yen = said.startsWith("-") ? -whole(said.substring(1)) : whole(said);
        boolean fresh =
                office.expense(month(asked, "month"), Asked.need(asked, "entry"), Asked.need(asked, "what"), yen);
        return fresh ? "added" : "その番号は記帳済みです / entered before";
    }

    private static InstitutionCode code(Map<String, String> asked) {
        return new InstitutionCode(Asked.need(asked, "code"));
    }

    static Month month(Map<String, String> asked, String name) {
        return Month.parse(Asked.need(asked, name));
    }

    private Month monthOrNow(Map<String, String> asked) {
        return asked.containsKey("month") ? month(asked, "month") : Month.of(clock.instant());
    }

    static long number(Map<String, String> asked) {
        return whole(Asked.need(asked, "number"));
    }

    private static long whole(String said) {
        if (!said.matches("[0-9]{1,15}")) {
            throw Refusal.of(
                    "argument-malformed", "数は半角の整数で書いてください: " + said, "A number is written in digits: " + said);
        }
        return Long.parseLong(said);
    }

    private static String listed(List<Invoice> invoices) {
        return lines(invoices.stream().map(Listed::of).toList());
    }

    static String lines(List<?> rows) {
        var lines = rows.stream().map(OfficeOperations::line).collect(Collectors.joining("\n"));
        return lines.isEmpty() ? "ありません / none" : lines;
    }

    static String line(Object row) {
        return Json.write(row).asUtf8();
    }
}
