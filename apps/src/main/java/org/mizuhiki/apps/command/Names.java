package org.mizuhiki.apps.command;

import java.util.HashMap;
import java.util.Map;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.trust.Member;

/// Professionals' names for lists, as the directory has them and this device has checked them. A patient is
/// an ID and stays one.
record Names(Pocket pocket, Map<PersonId, String> known) {
    Names(Pocket pocket) {
        this(pocket, new HashMap<>());
    }

    /// `P-… 山田 太郎 (山田医院)`, or the ID alone.
    String of(PersonId id) {
        return known.computeIfAbsent(id, this::asked);
    }

    private String asked(PersonId id) {
        try {
            return pocket.people().find(id).member() instanceof Member.Professional p
                    ? id + " " + p.name() + " (" + p.institutionName() + ")"
                    : id.value();
        } catch (Refusal notListed) {
            return id.value(); // revoked since, or the directory is away: the list is shown all the same
        }
    }
}
