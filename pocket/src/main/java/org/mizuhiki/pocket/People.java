package org.mizuhiki.pocket;

import java.util.List;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Directory.Listing;

/// Other people's keys, believed only after this device checked them and the ledger's proof.
public final class People {
    private final Desk desk;

    People(Desk desk) {
        this.desk = desk;
    }

    /// @throws org.mizuhiki.house.Refusal `person-unknown`, and those of
    /// [org.mizuhiki.trust.DirectoryCheck]
    public Listing find(PersonId id) {
        var listing = desk.region().directory().find(id);
        desk.region().directoryCheck().check(id, listing);
        return listing;
    }

    /// Professionals whose name or institution contains `text`, each checked.
    public List<Listing> search(String text) {
        var found = desk.region().directory().professionals(text);
        found.forEach(l -> desk.region().directoryCheck().check(Device.person(l.member()), l));
        return found;
    }
}
