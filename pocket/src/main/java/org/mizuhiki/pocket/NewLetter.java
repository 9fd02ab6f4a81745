package org.mizuhiki.pocket;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.records.AttachmentCheck;
import org.mizuhiki.records.LetterForm;

/// What a professional hands in.
///
/// @param owner the patient
/// @param document FHIR R4 document, JSON; kept bit for bit
/// @param attachments PDF and DICOM files
/// @param form what the document is held to
/// @param attachmentForm what the attachments are held to
public record NewLetter(
        PersonId owner,
        Bytes document,
        List<Path> attachments,
        LetterForm form,
        Function<Path, AttachmentCheck> attachmentForm) {
    public NewLetter {
        attachments = List.copyOf(attachments);
    }
}
