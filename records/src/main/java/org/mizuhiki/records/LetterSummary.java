package org.mizuhiki.records;

import java.util.List;
import java.util.Optional;

/// What a list of letters shows, on the reader's device only: it is the letter's content, so no server
/// ever has it.
///
/// @param date ISO 8601, as precise as the letter says
/// @param purpose why the patient is referred, shortened
/// @param problems diseases and complaints as the letter codes them
public record LetterSummary(
        String title, String date, Subject patient, Party from, Party to, String purpose, List<Problem> problems) {
    /// Longest text of a summary, in characters.
    public static final int MAX_TEXT = 200;

    /// Most problems that a summary names.
    public static final int MAX_PROBLEMS = 50;

    public LetterSummary {
        title = Texts.shortened(title, MAX_TEXT);
        date = Texts.shortened(date, 40);
        purpose = Texts.shortened(purpose, MAX_TEXT);
        problems = problems.stream().limit(MAX_PROBLEMS).toList();
    }

    /// A disease or complaint (傷病名・主訴).
    ///
    /// @param system whose code it is, such as that of the MEDIS management numbers
    public record Problem(String system, String code, String words) {
        public Problem {
            system = Texts.shortened(system, MAX_TEXT);
            code = Texts.shortened(code, 40);
            words = Texts.shortened(words, MAX_TEXT);
        }
    }

    /// The patient.
    ///
    /// @param kana the name's reading, if the letter gives it
    /// @param birthDate ISO 8601, or empty when unknown
    public record Subject(String name, Optional<String> kana, String birthDate, Sex sex) {
        public Subject {
            name = Texts.shortened(name, MAX_TEXT);
            kana = kana.map(text -> Texts.shortened(text, MAX_TEXT));
            birthDate = Texts.shortened(birthDate, 40);
        }
    }

    /// An institution and, if named, its doctor.
    public record Party(String institution, Optional<String> institutionCode, Optional<String> doctor) {
        public Party {
            institution = Texts.shortened(institution, MAX_TEXT);
            institutionCode = institutionCode.map(text -> Texts.shortened(text, 40));
            doctor = doctor.map(text -> Texts.shortened(text, MAX_TEXT));
        }
    }

    /// FHIR's administrative gender.
    public enum Sex {
        MALE("男性", "male"),
        FEMALE("女性", "female"),
        OTHER("その他", "other"),
        UNKNOWN("不明", "unknown");

        private final String japanese;
        private final String code;

        Sex(String japanese, String code) {
            this.japanese = japanese;
            this.code = code;
        }

        public String japanese() {
            return japanese;
        }

        /// As FHIR writes it.
        public String code() {
            return code;
        }
    }
}
