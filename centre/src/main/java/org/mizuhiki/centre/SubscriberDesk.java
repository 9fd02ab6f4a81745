package org.mizuhiki.centre;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.vpn.Decision;

/// The centre, as one institution sees it. The provider sees all of it.
public interface SubscriberDesk {
    /// Hands in a signed declaration of this institution. The same again gives the same answer.
    ///
    /// @throws org.mizuhiki.house.Refusal those of [org.mizuhiki.vpn.Declarations#check],
    /// `declaration-not-yours`, `declaration-older` (a later one is known), `declaration-not-allowed` (the
    /// provider's to say), `request-unknown`
    Filed declare(Bytes signed);

    /// Latest declarations of this institution, and those of the provider that concern its routers.
    List<Bytes> declarations();

    /// Asks for a connection of one of this institution's routers.
    ///
    /// @param by who asks, if a person does
    /// @throws org.mizuhiki.house.Refusal `router-unknown`, `router-not-yours`, `declaration-malformed`,
    /// `booking-time`, `bookings-too-many`
    Outcome ask(Wish wish, Optional<PersonId> by);

    /// What became of a request to which this institution is a party.
    ///
    /// @throws org.mizuhiki.house.Refusal `request-unknown`
    Outcome outcome(Digest request);

    /// Requests that wait for a person of this institution, oldest first.
    List<Waiting> waiting();

    /// Connections that run at this institution's routers.
    List<Running> connections();

    /// Ends a connection at once, also one that the partner asked for.
    ///
    /// @throws org.mizuhiki.house.Refusal `connection-unknown`
    void end(String connection);

    /// What is booked at this institution's routers, by either side; soonest first.
    List<Booked> bookings();

    /// Takes a booking back, also one that the partner made.
    ///
    /// @throws org.mizuhiki.house.Refusal `booking-unknown`, also when it has begun
    void cancel(Digest request);

    /// Who maintained what from afar, and when, at this institution's routers or from them; newest first.
    List<Maintained> maintained();

    /// What both routers handed in of a connection, signed: batches after so many, at most [Recorded#PAGE].
    ///
    /// @throws org.mizuhiki.house.Refusal `connection-unknown`
    Recorded recorded(String connection, long after);

    int MOST = 1000;

    /// How far ahead may be booked.
    Duration FURTHEST = Duration.ofDays(92);

    record Filed(Digest id) {}

    /// @param asking identity of an own router: `<subscriber>/<service>/<vendor>/<model>/<serial>`
    /// @param asked identity of the partner's
    /// @param instead ends this connection first (change of partner)
    /// @param technician who will do remote maintenance, whose signed word is there; if absent the person who asks
    /// @param begins books it for then, at most [#FURTHEST] ahead; absent: at once
    record Wish(
            String asking,
            String asked,
            String service,
            Duration longest,
            Optional<String> instead,
            Optional<PersonId> technician,
            Optional<Instant> begins) {
        /// At once, and no maintenance.
        public Wish(String asking, String asked, String service, Duration longest, Optional<String> instead) {
            this(asking, asked, service, longest, instead, Optional.empty(), Optional.empty());
        }
    }

    /// @param state BOOKED, or WAITING for a person
    record Booked(
            Digest request,
            State state,
            String asking,
            String asked,
            String service,
            Instant begins,
            Instant ends,
            Optional<PersonId> onBehalfOf) {}

    /// @param contract the two sides' name of it
    /// @param purpose code word for what was done
    /// @param reason code word why it ended
    record Maintained(
            String connection,
            String contract,
            PersonId technician,
            String purpose,
            String asking,
            String asked,
            Instant since,
            Instant until,
            Optional<Instant> ended,
            Optional<String> reason) {}

    enum State {
        CONNECTED,
        WAITING,
        REFUSED,
        /// It would be allowed as things stand now; decided again when it begins.
        BOOKED,
        CANCELLED
    }

    /// @param whom who is asked; empty unless it waits
    record Outcome(
            Digest request,
            State state,
            Optional<String> connection,
            List<Decision.Whom> whom,
            Optional<Decision.Refused> refused) {
        public Outcome {
            whom = List.copyOf(whom);
        }
    }

    record Waiting(
            Digest request,
            String asking,
            String asked,
            String service,
            Duration longest,
            Instant at,
            Optional<Instant> begins,
            List<Decision.Whom> whom) {
        public Waiting {
            whom = List.copyOf(whom);
        }
    }

    /// @param askingUp when the asking router had it up; absent before
    record Running(
            String connection,
            String asking,
            String asked,
            String service,
            String group,
            long serial,
            Instant since,
            Instant until,
            Optional<Instant> askingUp,
            Optional<Instant> askedUp) {}
}
