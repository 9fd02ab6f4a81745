package org.mizuhiki.records;

import java.util.HashSet;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A letter: the document exactly as its author gave it, bit for bit (that is what was signed), and what
/// is attached.
public record Letter(Bytes document, List<Attachment> attachments) {
    /// Most attachments of one letter.
    public static final int MAX_ATTACHMENTS = 200;

    /// @throws Refusal `letter-too-large` over [LetterForm#MAX_BYTES], `letter-attachments` on more than
    /// [#MAX_ATTACHMENTS] or two of the same name
    public Letter {
        attachments = List.copyOf(attachments);
        if (document.size() > LetterForm.MAX_BYTES) {
            throw Refusal.of(
                    "letter-too-large",
                    "紹介状の文書が大きすぎます（上限20 MB）。画像は添付にしてください",
                    "The letter's document exceeds 20 MB; put images into attachments");
        }
        var names = new HashSet<String>();
        if (attachments.size() > MAX_ATTACHMENTS || !attachments.stream().allMatch(a -> names.add(a.name()))) {
            throw Refusal.of(
                    "letter-attachments",
                    "添付ファイルは200件までで、同じ名前は使えません",
                    "A letter carries at most 200 attachments, each with its own name");
        }
    }
}
