package org.mizuhiki.dues;

import java.util.List;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;

/// What one institution may see and say of its own account, and of nobody else's.
public interface Dues {
    /// @throws org.mizuhiki.house.Refusal `account-unknown`
    Account account();

    /// @throws org.mizuhiki.house.Refusal `account-unknown`
    Account contact(Account.Contact contact);

    /// Plans to choose from.
    List<Plan> plans();

    /// From the next month on.
    ///
    /// @throws org.mizuhiki.house.Refusal `plan-unknown` also for one that is not open, `account-unknown`,
    /// `account-closed`
    Account choose(String plan);

    Usage usage(Month month);

    /// Newest first, at most 500.
    List<Invoice> invoices();

    /// @throws org.mizuhiki.house.Refusal `invoice-unknown` also for somebody else's
    Invoice invoice(long number);

    /// @param complete whether nothing more will come: the month is over and all servers were asked
    record Usage(Month month, boolean complete, List<Used> used) {
        public Usage {
            used = List.copyOf(used);
        }
    }

    record Used(Measure measure, long amount) {}
}
