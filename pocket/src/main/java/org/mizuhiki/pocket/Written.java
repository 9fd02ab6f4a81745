package org.mizuhiki.pocket;

import java.util.List;
import org.mizuhiki.records.Finding;

/// What became of writing a letter.
public sealed interface Written {
    /// What the checks found; stays on this device.
    List<Finding> findings();

    /// It waits as a draft.
    record Drafted(Draft draft, List<Finding> findings) implements Written {
        public Drafted {
            findings = List.copyOf(findings);
        }
    }

    /// The document or an attachment has not the form; nothing was kept.
    record NotALetter(List<Finding> findings) implements Written {
        public NotALetter {
            findings = List.copyOf(findings);
        }
    }
}
