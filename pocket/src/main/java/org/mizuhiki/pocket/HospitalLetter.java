package org.mizuhiki.pocket;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.Exported;
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

    /// A referral in the words of the hospital system, from which the national form is written. What is absent
    /// is taken from the system's own exports beside it.
    ///
    /// @param patient as the referring institution knows them
    public record Words(
            Optional<Referral.Patient> patient,
            Optional<Referral.Side> from,
            Optional<Referral.Side> to,
            OffsetDateTime issued,
            Optional<Story> story) {
        /// @throws Refusal `drop-words-missing` naming what neither says, `export-patients-differ`
        Referral with(Exported exported, List<Attachment> attachments) {
            var here = issued.withOffsetSameInstant(java.time.ZoneOffset.ofHours(9)); // the form is Japan's
            if (patient.isPresent()
                    && exported.patient()
                            .filter(p -> !Exported.same(p, patient.orElseThrow()))
                            .isPresent()) {
                throw Refusal.of(
                        "export-patients-differ",
                        "letter.json の患者（番号・氏名・生年月日・性別）が書き出しファイルと一致しません",
                        "The patient in letter.json is not the one of the exported files (number, name, birth date, sex)");
            }
            return new Referral(
                    need(patient.or(exported::patient), "patient"),
                    need(from.or(exported::from), "from"),
                    need(to.or(exported::to), "to"),
                    here,
                    story.orElse(Story.NONE).with(exported.words()),
                    attachments);
        }
    }

    /// The clinical part, as far as `letter.json` says it.
    public record Story(
            Optional<String> purpose,
            Optional<Referral.Coded> problem,
            Optional<LocalDate> onset,
            Optional<String> presentIllness,
            Optional<String> pastIllness,
            Optional<String> allergies,
            Optional<String> medication) {
        static final Story NONE = new Story(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        /// Of problems the first is what the letter is about; the others are told among the past ones.
        private Referral.Story with(Exported.Words words) {
            var main = words.problems().stream().findFirst();
            var others = words.problems().stream()
                    .skip(problem.isPresent() ? 0 : 1)
                    .map(p -> p.code().display())
                    .toList();
            return new Referral.Story(
                    need(purpose.or(words::purpose), "story.purpose"),
                    need(
                            problem.or(() -> main.map(Exported.Problem::code))
                                    .filter(c -> !c.code().isEmpty()),
                            "story.problem"),
                    need(
                            onset.or(() ->
                                    problem.isPresent() ? Optional.empty() : main.flatMap(Exported.Problem::onset)),
                            "story.onset"),
                    need(presentIllness.or(words::presentIllness), "story.presentIllness"),
                    need(pastIllness.or(words::pastIllness).or(() -> lines(others)), "story.pastIllness"),
                    // what somebody wrote must not hide an allergy that the system knows
                    need(
                            lines(Stream.concat(allergies.stream(), words.allergies().stream())
                                    .toList()),
                            "story.allergies"),
                    need(medication.or(() -> lines(words.medication())), "story.medication"));
        }

        private static Optional<String> lines(List<String> all) {
            return all.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", all));
        }
    }

    /// Nothing is made up: that somebody has no allergies is for a person to say.
    private static <T> T need(Optional<T> part, String name) {
        return part.orElseThrow(() -> Refusal.of(
                "drop-words-missing",
                "letter.json の referral の " + name + " が、書き出しファイルにも見つかりません。書き足してください",
                "referral." + name + " is neither in letter.json nor in an exported file; add it"));
    }
}
