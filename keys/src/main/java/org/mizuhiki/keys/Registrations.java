package org.mizuhiki.keys;

import java.util.List;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// What the authority knows of provisional registrations.
public interface Registrations {
    /// Most of one question.
    int MAX_ASKED = 500;

    /// A region that has none.
    Registrations NONE = new Registrations() {
        @Override
        public boolean isOnFile(PersonId patient, Digest registration) {
            return false;
        }

        @Override
        public List<Digest> ended(List<Digest> registrations) {
            return List.of();
        }
    };

    /// Whether the authority accepted it. A registrar's statement alone must not do: it would stand for
    /// the word of any patient whom the registrar names.
    boolean isOnFile(PersonId patient, Digest registration);

    /// Which of these the authority suspended or let lapse. Not every end is somebody's signed word: the
    /// operator withdraws a registrar with all that was registered, and a device may be cut off between
    /// two servers.
    ///
    /// @param registrations at most [#MAX_ASKED]
    List<Digest> ended(List<Digest> registrations);
}
