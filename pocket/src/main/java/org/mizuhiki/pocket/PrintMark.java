package org.mizuhiki.pocket;

import java.util.regex.Pattern;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// What the code on a printed letter says: which letter, which statement of its author, and where that stands
/// in the ledger. No name, no ID and no digest of the content: whoever photographs the code learns nothing
/// of the patient.
///
/// @param letter the letter's name: the digest of what is sealed
/// @param index of the author's statement in the ledger
public record PrintMark(Digest letter, Digest statement, long index) {
    private static final Pattern FORM =
            Pattern.compile("MIZUHIKI-PRINT:1:([0-9a-f]{64}):([0-9a-f]{64}):(0|[1-9][0-9]{0,17})");

    /// Of a letter that was opened here: its author's statement was proven to stand in the ledger.
    public static PrintMark of(ReadLetter read) {
        var proof = read.proofs().stream()
                .filter(p -> p.statement() instanceof org.mizuhiki.consent.Statement.LetterSealed)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("an opened letter has its author's statement"));
        return new PrintMark(read.id(), proof.statement().id(), proof.evidence().index());
    }

    /// @throws Refusal `print-mark-malformed`
    public static PrintMark read(String text) {
        var found = FORM.matcher(text.strip());
        if (!found.matches()) {
            throw Refusal.of(
                    "print-mark-malformed",
                    "水引の印刷物のQRコードではありません",
                    "This is not the code of a letter printed by Mizuhiki");
        }
        return new PrintMark(new Digest(found.group(1)), new Digest(found.group(2)), Long.parseLong(found.group(3)));
    }

    /// As the code has it.
    public String text() {
        return "MIZUHIKI-PRINT:1:" + letter.hex() + ":" + statement.hex() + ":" + index;
    }
}
