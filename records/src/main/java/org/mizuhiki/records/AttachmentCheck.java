package org.mizuhiki.records;

import java.util.List;

/// Whether a file can travel with a letter.
public sealed interface AttachmentCheck {
    List<Finding> findings();

    /// It can.
    ///
    /// @param description one line for the sender, such as the page count or the modality; content, so
    /// never logged
    record Acceptable(Attachment attachment, String description, List<Finding> findings) implements AttachmentCheck {
        public Acceptable {
            findings = List.copyOf(findings);
        }
    }

    /// It cannot; at least one finding is an error.
    record Unacceptable(List<Finding> findings) implements AttachmentCheck {
        public Unacceptable {
            findings = List.copyOf(findings);
        }
    }
}
