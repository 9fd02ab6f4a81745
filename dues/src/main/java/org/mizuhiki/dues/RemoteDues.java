package org.mizuhiki.dues;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.usage.Month;
import org.mizuhiki.wire.Peer;

/// An institution's own account over mutual TLS.
public record RemoteDues(Peer office) implements Dues {
    @Override
    public Account account() {
        return office.get("/v1/dues/account", Account.class);
    }

    @Override
    public Account contact(Account.Contact contact) {
        return office.put("/v1/dues/contact", contact, Account.class);
    }

    @Override
    public List<Plan> plans() {
        return office.get("/v1/dues/plans", DuesRoutes.Plans.class).plans();
    }

    @Override
    public Account choose(String plan) {
        return office.put("/v1/dues/plan", new DuesRoutes.Chosen(plan), Account.class);
    }

    @Override
    public Usage usage(Month month) {
        return office.get("/v1/dues/usage?month=" + month, Usage.class);
    }

    @Override
    public List<Invoice> invoices() {
        return office.get("/v1/dues/invoices", DuesRoutes.Invoices.class).invoices();
    }

    @Override
    public Invoice invoice(long number) {
        return office.get("/v1/dues/invoices/" + number, Invoice.class);
    }

    /// The same to print.
    public Bytes pdf(long number) {
        return office.getBytes("/v1/dues/invoices/" + number + "/pdf");
    }

    /// The same for a spreadsheet.
    public Bytes csv(long number) {
        return office.getBytes("/v1/dues/invoices/" + number + "/csv");
    }
}
