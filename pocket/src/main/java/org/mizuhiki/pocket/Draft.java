package org.mizuhiki.pocket;

import java.util.List;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.records.Attachment;

/// A letter that was written and not yet sent. On disk it is closed under the keyring's own key.
///
/// @param id random, 32 hexadecimal digits; sending the same draft twice sends one letter
public record Draft(String id, PersonId owner, List<Attachment> attachments) {
    public Draft {
        attachments = List.copyOf(attachments);
    }
}
