package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.util.Map;
import org.mizuhiki.dues.Account;
import org.mizuhiki.dues.RemoteDues;

/// What an institution's administrator may ask of the office by the institution's own gateway: its own plan,
/// usage and invoices.
final class DuesOperations {
    private DuesOperations() {}

    static Map<String, OperatorDoor.Operation> of(RemoteDues dues) {
        return Map.of(
                "dues", _ -> OfficeOperations.line(dues.account()),
                "dues-plans", _ -> OfficeOperations.lines(dues.plans()),
                "dues-plan", asked -> OfficeOperations.line(dues.choose(Asked.need(asked, "plan"))),
                "dues-usage", asked -> OfficeOperations.line(dues.usage(OfficeOperations.month(asked, "month"))),
                "dues-invoices",
                        _ -> OfficeOperations.lines(dues.invoices().stream()
                                .map(OfficeOperations.Listed::of)
                                .toList()),
                "dues-invoice", asked -> fetch(asked, dues),
                "dues-contact", asked -> OfficeOperations.line(dues.contact(contact(asked))));
    }

    private static String fetch(Map<String, String> asked, RemoteDues dues) {
        long number = OfficeOperations.number(asked);
        return OfficeOperations.files(Path.of(Asked.need(asked, "to")), number, dues.pdf(number), dues.csv(number));
    }

    private static Account.Contact contact(Map<String, String> asked) {
        return new Account.Contact(
                asked.getOrDefault("department", ""),
                asked.getOrDefault("post", ""),
                asked.getOrDefault("address", ""),
                asked.getOrDefault("mail", ""));
    }
}
