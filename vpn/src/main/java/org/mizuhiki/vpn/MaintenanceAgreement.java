package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.InstitutionCode;

/// One side's signature under a [MaintenanceContract], and with it under the privacy policies that the two
/// have exchanged. It counts together with the other side's under the same contract.
///
/// @param by the customer or the maintainer
/// @param windows when maintenance may be done: the customer's to say, who signs again for each new one
public record MaintenanceAgreement(
        InstitutionCode by, Instant at, Instant until, String nonce, MaintenanceContract contract, List<Window> windows)
        implements Declaration {
    static final String KIND = "vpn-maintenance";
    private static final int MOST_WINDOWS = 100;

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public MaintenanceAgreement {
        windows = List.copyOf(windows);
        Words.life(at, until);
        Words.nonce(nonce, "nonce");
        Words.need(isOf(by, contract.customer()) || isOf(by, contract.maintainer()), "by");
        Words.need(isOf(by, contract.customer()) || windows.isEmpty(), "windows");
        Words.atMost(windows, MOST_WINDOWS, "windows");
    }

    private static boolean isOf(InstitutionCode by, MaintenanceContract.Site site) {
        return by.value().equals(site.router().subscriber());
    }

    /// A time in which the customer lets maintenance be done.
    public record Window(Instant from, Instant until) {
        /// A window as long as the contract would be none.
        /// Of one window, and of a technician's word.
        public static final Duration LONGEST = Duration.ofDays(31);

        public Window {
            Words.life(from, until);
            Words.need(Duration.between(from, until).compareTo(LONGEST) <= 0, "windows");
        }

        boolean contains(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String subject() {
        return contract.customer().router().identity() + " "
                + contract.maintainer().router().identity() + " " + contract.number();
    }
}
