package org.mizuhiki.vpn;

import java.util.List;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Service.Opening;
import org.mizuhiki.wire.Json;

/// What a customer and the company that maintains its equipment have agreed to (seed 003, 5.1 e, 9.2 and B.5
/// g): from which machines to which, by what protocols, by whom, and under which privacy policies. Both sign
/// the same one ([MaintenanceAgreement]); nothing that one of them wrote differently is an agreement.
///
/// @param number the two sides' own name for it
/// @param customer whose equipment is maintained; its router is the only access point
/// @param maintainer the contract partner
/// @param service name of it in the provider's policy
/// @param openings what may pass, at most what the service lets through
/// @param technicians of the maintainer, of whom one asks for each connection and is named in it
public record MaintenanceContract(
        String number,
        Site customer,
        Site maintainer,
        String service,
        List<Opening> openings,
        List<PersonId> technicians) {
    private static final int MOST_HOSTS = 32;
    private static final int MOST_OPENINGS = 32;
    private static final int MOST_TECHNICIANS = 200;

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public MaintenanceContract {
        openings = List.copyOf(openings);
        technicians = List.copyOf(technicians);
        Words.word(number, "number");
        Words.word(service, "service");
        Words.need(!customer.router.subscriber().equals(maintainer.router.subscriber()), "maintainer");
        some(openings, MOST_OPENINGS, "openings");
        some(technicians, MOST_TECHNICIANS, "technicians");
    }

    /// One side.
    ///
    /// @param hosts its machines that the connection reaches, each by its one address
    /// @param privacyPolicy SHA-256 of the document about personal data that it gave the other side
    public record Site(Member.Service router, List<Network> hosts, Digest privacyPolicy) {
        public Site {
            hosts = List.copyOf(hosts);
            some(hosts, MOST_HOSTS, "hosts");
            // a network in place of a machine would let maintenance see the rest of the site
            Words.need(hosts.stream().allMatch(Network::isHost), "hosts");
        }
    }

    private static void some(List<?> list, int most, String field) {
        Words.need(!list.isEmpty(), field);
        Words.atMost(list, most, field);
        Words.distinct(list, field);
    }

    public Digest id() {
        return Json.write(this).sha256();
    }
}
