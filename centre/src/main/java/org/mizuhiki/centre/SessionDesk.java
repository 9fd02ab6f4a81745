package org.mizuhiki.centre;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.PersonId;

/// Several sites in one consultation (seed 003, D.4 g), as one institution sees it.
///
/// A session opens as a star: the convener asks each site that it invites, over its one line. A site that was
/// invited asks the others itself, if it wants to see them without the convener in between; so no router asks
/// for a connection that its own institution did not ask for, though routers relay nothing. Each pair is an
/// ordinary connection, decided by the two sides' policies; one that is refused stops no other.
public interface SessionDesk {
    /// @param by who asks, if a person does
    /// @return every pair with what became of it
    /// @throws org.mizuhiki.house.Refusal `router-not-yours`, `session-malformed`
    Session open(SessionWish wish, Optional<PersonId> by);

    /// The convener invites one more site; or an invited site connects itself with all others.
    ///
    /// @throws org.mizuhiki.house.Refusal `session-unknown`, `session-not-invited`, `session-malformed`
    Session join(String session, String router, Optional<PersonId> by);

    /// Ends the connections of one site, by its own institution or the convener's; the others go on. When the
    /// convener leaves, the session ends.
    ///
    /// @throws org.mizuhiki.house.Refusal `session-unknown`
    void leave(String session, String router);

    /// Ends all of it; the convener's or the provider's to do.
    ///
    /// @throws org.mizuhiki.house.Refusal `session-unknown`
    void end(String session);

    /// Sessions of this institution's routers, newest first.
    List<Session> sessions();

    /// Sites of one session, without its convener.
    int MOST_SITES = 20;

    /// @param convener identity of an own router
    /// @param sites identities of the partners' routers
    record SessionWish(String convener, String service, List<String> sites, Duration longest) {
        public SessionWish {
            sites = List.copyOf(sites);
        }
    }

    /// @param sites who is invited and has not left
    record Session(
            String session, String convener, String service, Instant until, List<String> sites, List<Pair> pairs) {
        public Session {
            sites = List.copyOf(sites);
            pairs = List.copyOf(pairs);
        }
    }

    /// @param outcome of the latest request between the two in this session
    /// @param running whether its connection runs
    record Pair(String asking, String asked, SubscriberDesk.Outcome outcome, boolean running) {}
}
