package org.mizuhiki.chip;

import java.util.List;
import org.mizuhiki.house.Digest;

/// What an element says of a visit that was begun and not finished: the counts it took.
///
/// @param life c, and `count` C, when it was begun; unsigned
public record AbandonedVisit(String institution, long life, long count, TickStamps.Stamp stamp) implements Counted {
    @Override
    public boolean isGenuine(ElementKey element, Digest anchor) {
        var content =
                EKey.joined(InstitutionForms.name(institution), TickStamps.long64(life), TickStamps.long64(count));
        return element.signed('N', content, stamp);
    }

    @Override
    public List<Place> places() {
        return List.of(new Place(count, life), new Place(stamp.count(), stamp.life()));
    }
}
