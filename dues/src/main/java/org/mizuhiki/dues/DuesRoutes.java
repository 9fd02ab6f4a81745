package org.mizuhiki.dues;

import java.util.List;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Month;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Self-service of member institutions. Whose account it is, the certificate says; no request can name
/// another.
public final class DuesRoutes {
    private static final long MAX_BODY = 4096;

    private final Office office;

    private DuesRoutes(Office office) {
        this.office = office;
    }

    /// Plans to choose from.
    public record Plans(List<Plan> plans) {
        public Plans {
            plans = List.copyOf(plans);
        }
    }

    /// The plan that is wanted from the next month on.
    public record Chosen(String plan) {}

    /// Newest first.
    public record Invoices(List<Invoice> invoices) {
        public Invoices {
            invoices = List.copyOf(invoices);
        }
    }

    public static List<Route> of(Office office) {
        var routes = new DuesRoutes(office);
        return Stream.of(routes.account(), routes.invoices())
                .flatMap(List::stream)
                .toList();
    }

    private List<Route> account() {
        return List.of(
                Route.get(
                                "/v1/dues/account",
                                "The caller's account, with this month's plan",
                                Access.INSTITUTION,
                                Account.class,
                                call -> new Reply.Json(own(call).account()))
                        .remembersNothing(),
                Route.put(
                                "/v1/dues/contact",
                                "Where the caller's invoices go",
                                Access.INSTITUTION,
                                Account.Contact.class,
                                Account.class,
                                call -> new Reply.Json(own(call).contact(call.body(Account.Contact.class))))
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.get(
                                "/v1/dues/plans",
                                "Plans that members may choose",
                                Access.INSTITUTION,
                                Plans.class,
                                call -> new Reply.Json(new Plans(own(call).plans())))
                        .remembersNothing(),
                Route.put(
                                "/v1/dues/plan",
                                "Another plan for the caller from the next month on",
                                Access.INSTITUTION,
                                Chosen.class,
                                Account.class,
                                call -> new Reply.Json(
                                        own(call).choose(call.body(Chosen.class).plan())))
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.get(
                                "/v1/dues/usage",
                                "What the caller used in a month",
                                Access.INSTITUTION,
                                Dues.Usage.class,
                                call -> new Reply.Json(own(call)
                                        .usage(Month.parse(call.query("month").orElse("")))))
                        .remembersNothing());
    }

    private List<Route> invoices() {
        return List.of(
                Route.get(
                                "/v1/dues/invoices",
                                "The caller's invoices and credit notes",
                                Access.INSTITUTION,
                                Invoices.class,
                                call -> new Reply.Json(new Invoices(own(call).invoices())))
                        .remembersNothing(),
                Route.get(
                                "/v1/dues/invoices/{number}",
                                "One of the caller's invoices",
                                Access.INSTITUTION,
                                Invoice.class,
                                call -> new Reply.Json(invoice(call)))
                        .remembersNothing(),
                Route.get(
                                "/v1/dues/invoices/{number}/pdf",
                                "The same to print",
                                Access.INSTITUTION,
                                byte[].class,
                                call -> new Reply.Raw("application/pdf", InvoicePrint.pdf(invoice(call))))
                        .remembersNothing(),
                Route.get(
                                "/v1/dues/invoices/{number}/csv",
                                "The same for a spreadsheet",
                                Access.INSTITUTION,
                                byte[].class,
                                call -> new Reply.Raw("text/csv; charset=utf-8", InvoicePrint.csv(invoice(call))))
                        .remembersNothing());
    }

    private Dues own(Call call) {
        if (call.caller() instanceof Caller.Institution institution) {
            return office.member(institution.code());
        }
        throw Refusal.of("access-denied", "医療機関だけが自分の口座を見られます", "Institutions only see their own accounts");
    }

    private Invoice invoice(Call call) {
        var number = call.path("number");
        if (!number.matches("[0-9]{1,12}")) {
            throw No.invoiceUnknown();
        }
        return own(call).invoice(Long.parseLong(number));
    }
}
