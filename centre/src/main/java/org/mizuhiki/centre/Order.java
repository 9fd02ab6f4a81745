package org.mizuhiki.centre;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.wire.Json;

/// What a router is told to do. The numbers of one router's orders rise without a gap; a router carries each
/// out once, in their order, and remembers the last.
///
/// @param connect build this connection, or take this newer serial of it; to be verified first
/// @param partner the partner's certificate (DER), whose digest is in the information
/// @param cut end this connection
/// @param reason code word why it ends
/// @param papers the provider's and the own side's latest declarations and approvals, signed: to be checked,
/// and kept where they are newer than what the router has
public record Order(
        long number,
        Optional<SignedInformation> connect,
        Optional<Bytes> partner,
        Optional<String> cut,
        Optional<String> reason,
        List<Bytes> papers) {
    public Order {
        papers = List.copyOf(papers);
    }

    static Order connect(SignedInformation information, Bytes partner) {
        return new Order(
                0, Optional.of(information), Optional.of(partner), Optional.empty(), Optional.empty(), List.of());
    }

    static Order cut(String connection, String reason) {
        return new Order(
                0, Optional.empty(), Optional.empty(), Optional.of(connection), Optional.of(reason), List.of());
    }

    /// Nothing to do but to keep papers.
    static Order keeping() {
        return new Order(0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /// What is remembered of it once it is carried out.
    public RouterDesk.Done done() {
        return new RouterDesk.Done(number, Optional.of(Json.write(this).sha256()));
    }

    Order complete(long at, List<Bytes> with) {
        return new Order(at, connect, partner, cut, reason, with);
    }
}
