package org.mizuhiki.pocket;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.Referral;

/// What a hospital system says about a letter, in `letter.json` beside it.
///
/// @param patient whose letter it is
/// @param to professionals who may read it at once; may be empty
/// @param referral what the letter's document is made of when there is none, only a PDF
public record HospitalLetter(PersonId patient, List<To> to, Optional<Words> referral) {
    /// Most readers of one letter.
    public static final int MAX_READERS = 20;

    /// @throws Refusal `drop-readers`
    public HospitalLetter {
        to = List.copyOf(to);
        if (to.size() > MAX_READERS || to.stream().map(To::reader).distinct().count() < to.size()) {
            throw Refusal.of(
                    "drop-readers", "宛先（to）は20人までで、同じ人は1回だけ書いてください", "Name at most 20 readers in \"to\", each once");
        }
    }

    /// A reader.
    ///
    /// @param days how long the letter may be opened, 1 to 366
    /// @param purpose such as `referral`; the patient sees it
    public record To(PersonId reader, int days, String purpose) {
        /// @throws Refusal `drop-readers`
        public To {
            if (days < 1 || days > 366 || !purpose.matches("[a-z][a-z-]{0,39}")) {
                throw Refusal.of(
                        "drop-readers",
                        "宛先の days は1〜366、purpose は英小文字とハイフン40文字までです",
                        "A reader's days are 1 to 366, the purpose at most 40 small letters and hyphens");
            }
        }
    }

    /// A referral in the words of the hospital system, from which the national form is written.
    public record Words(
            Referral.Patient patient,
            Referral.Side from,
            Referral.Side to,
            OffsetDateTime issued,
            Referral.Story story) {
        Referral with(List<Attachment> attachments) {
            var here = issued.withOffsetSameInstant(java.time.ZoneOffset.ofHours(9)); // the form is Japan's
            return new Referral(patient, from, to, here, story, attachments);
        }
    }
}
