package org.mizuhiki.chip;

import java.util.List;
import org.mizuhiki.house.Digest;

/// Something for which an element counted. Whoever shows all that lies between two anchors leaves no gap.
public sealed interface Counted permits Counted.Stamped, VisitEvidence, AbandonedVisit {
    /// @param count C, unsigned
    /// @param life mu, unsigned
    record Place(long count, long life) {}

    /// @param anchor the imprint of the anchor before it
    boolean isGenuine(ElementKey element, Digest anchor);

    List<Place> places();

    /// What closes it, with the epoch.
    TickStamps.Stamp stamp();

    /// A message with its stamp.
    record Stamped(Digest message, TickStamps.Stamp stamp) implements Counted {
        @Override
        public boolean isGenuine(ElementKey element, Digest anchor) {
            return element.isStamp(message, stamp);
        }

        @Override
        public List<Place> places() {
            return List.of(new Place(stamp.count(), stamp.life()));
        }
    }
}
