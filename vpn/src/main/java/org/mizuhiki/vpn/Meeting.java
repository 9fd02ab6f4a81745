package org.mizuhiki.vpn;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.vpn.ConnectionInformation.Address;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;

/// By which addresses two routers meet, and who begins: a pure function of where they are.
///
/// @param asking its addresses in the order in which they are to be tried
/// @param asked the same
public record Meeting(Initiator initiator, Place asking, Place asked) {
    /// Where a router is.
    ///
    /// @param other of the other kind, IPv4 or IPv6
    public record Place(Address address, Optional<Address> other) {
        public Place {
            Words.need(other.filter(o -> o.sameFamily(address)).isEmpty(), "other");
        }

        private Optional<Address> of(boolean six) {
            return Stream.concat(Stream.of(address), other.stream())
                    .filter(a -> a.six() == six)
                    .findFirst();
        }
    }

    /// Both ends' addresses of one kind.
    private record Way(Address asking, Address asked) {
        boolean isTranslated() {
            return asking.translated() || asked.translated();
        }

        Address of(Initiator who) {
            return who == Initiator.ASKING ? asking : asked;
        }
    }

    /// The kind that both have: IPv6 where no NAT stands before either, else IPv4. The other kind comes
    /// second, where both have it and who begins can reach the partner by it. Two that have no kind in common
    /// are told of each other all the same, and do not meet.
    public static Meeting of(Place asking, Place asked) {
        var six = way(asking, asked, true);
        var four = way(asking, asked, false);
        var ways = six.filter(w -> four.isEmpty() || !w.isTranslated()).isPresent()
                ? Stream.of(six, four).flatMap(Optional::stream).toList()
                : Stream.of(four, six).flatMap(Optional::stream).toList();
        var first = ways.isEmpty() ? new Way(asking.address(), asked.address()) : ways.getFirst();
        var initiator = initiator(ways, first);
        var second = ways.stream()
                .skip(1)
                .filter(w -> !w.of(partner(initiator)).translated())
                .findFirst();
        return new Meeting(
                initiator,
                new Place(first.asking(), second.map(Way::asking)),
                new Place(first.asked(), second.map(Way::asked)));
    }

    private static Optional<Way> way(Place asking, Place asked, boolean six) {
        return asking.of(six).flatMap(a -> asked.of(six).map(b -> new Way(a, b)));
    }

    /// The one that the other cannot reach; where one of them can be reached by every way, the other.
    private static Initiator initiator(List<Way> ways, Way first) {
        if (!ways.isEmpty()) {
            for (var who : Initiator.values()) {
                if (ways.stream().noneMatch(w -> w.of(partner(who)).translated())) {
                    return who;
                }
            }
        }
        return first.asked().translated() && !first.asking().translated() ? Initiator.ASKED : Initiator.ASKING;
    }

    private static Initiator partner(Initiator of) {
        return of == Initiator.ASKING ? Initiator.ASKED : Initiator.ASKING;
    }

    /// Of the information that names these places.
    public String form() {
        return asking.other().isPresent() ? ConnectionInformation.FORM_2 : ConnectionInformation.FORM;
    }
}
