package org.mizuhiki.centre;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// The centre, as one router sees it over its service certificate.
public interface RouterDesk {
    /// Tells where the router is; running connections follow it there.
    ///
    /// @throws org.mizuhiki.house.Refusal `router-not-in-service` when its service is not provided to it
    Seen locate(Location location);

    /// Orders after the one that was done last, oldest first, at most [#MOST]. Answers at once when there
    /// are some, else when there is one, at the latest after [#PATIENCE_SECONDS]. Asking says that all up
    /// to it are done.
    List<Order> orders(Done last);

    /// Tells what became of a connection.
    void report(Report report);

    /// Hands in records of traffic: the next batch of its connection. The same again changes nothing.
    ///
    /// @throws org.mizuhiki.house.Refusal `connection-unknown`, and those of [SignedBatch#open]; `log-forked`
    /// when another batch of this number is known, or the one before is not the one that is named; `log-full`
    /// when it is to come again later, as there were too many within the hour, or never, as its connection
    /// has [LogBatch#MOST_OF_CHAIN]
    void log(SignedBatch batch);

    /// How far a router is.
    ///
    /// @param mark digest of the order of this number, absent before the first: a centre that was set back
    /// to an older backup gave the number to another order, or to none, and sees it by this
    record Done(long number, Optional<Digest> mark) {
        public static final Done NOTHING = new Done(0, Optional.empty());
    }

    int MOST = 100;
    int PATIENCE_SECONDS = 10;

    /// @param host the router's own address, as it sees it itself
    /// @param sealing X-Wing public key, to which its PPKs are sealed
    /// @param clock what the router's clock says, so that its records can be laid beside others'
    /// @param other the router's own address of the other kind, IPv4 or IPv6, where it has both
    record Location(String host, Bytes sealing, Optional<Instant> clock, Optional<String> other) {
        public Location(String host, Bytes sealing) {
            this(host, sealing, Optional.empty(), Optional.empty());
        }
    }

    /// @param host where the centre sees it
    /// @param translated whether a NAT stands between
    record Seen(String host, boolean translated, Instant at) {}

    /// What became of a connection.
    enum Happened {
        UP,
        /// Ended by the router: idle, over, or cut there.
        DOWN,
        /// The information did not pass the router's check.
        REFUSED
    }

    /// @param reason code word; absent for `UP`
    record Report(String connection, Happened happened, Optional<String> reason, Instant at) {}

    /// Where something was seen (seed 003, 6): three points, so that they can be compared.
    enum Point {
        ORIGIN,
        ACCESS_POINT,
        ACCESSED
    }

    /// Of traffic: who, when, from where to where; never what.
    record LogLine(
            String connection,
            Point point,
            Instant at,
            String source,
            String target,
            String protocol,
            int port,
            long bytes) {}
}
