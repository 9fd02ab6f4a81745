package org.mizuhiki.vpn;

import java.util.List;
import java.util.Optional;

/// A service that connections are made for, as the provider defines it for all (seed 003, 5.1).
///
/// @param name such as `referral`
/// @param asking zone in which the asking side's machines stand
/// @param asked zone in which the asked side's machines stand
/// @param openings what passes; everything else is dropped
/// @param dscp code point that its packets are marked with, 0 to 63; 0 leaves them as they are
public record Service(
        String name, ServiceClass kind, Zone asking, Zone asked, List<Opening> openings, int dscp, Terms terms) {
    private static final int MOST_OPENINGS = 32;

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Service {
        openings = List.copyOf(openings);
        Words.word(name, "service");
        Words.need(!openings.isEmpty(), "openings");
        Words.atMost(openings, MOST_OPENINGS, "openings");
        Words.need(dscp >= 0 && dscp < 64, "dscp");
    }

    /// The same with nothing open but this.
    ///
    /// @return none when something of it is shut here
    Optional<Service> only(List<Opening> narrower) {
        boolean open = narrower.stream().allMatch(n -> openings.stream().anyMatch(o -> o.covers(n)));
        return open ? Optional.of(new Service(name, kind, asking, asked, narrower, dscp, terms)) : Optional.empty();
    }

    /// New packets that may pass; answers to them may pass back.
    ///
    /// @param toAsked from the asking to the asked side; else the other way round
    /// @param from first port; 0 for ICMP, as is `to`
    public record Opening(Protocol protocol, int from, int to, boolean toAsked) {
        public Opening {
            boolean none = from == 0 && to == 0;
            boolean range = from >= 1 && from <= to && to <= 0xffff;
            Words.need(protocol == Protocol.ICMP ? none : range, "openings");
        }

        boolean covers(Opening other) {
            return protocol == other.protocol && toAsked == other.toAsked && from <= other.from && other.to <= to;
        }
    }

    /// Of IP.
    public enum Protocol {
        TCP,
        UDP,
        ICMP
    }
}
