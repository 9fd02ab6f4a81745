package org.mizuhiki.records;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import org.mizuhiki.house.InstitutionCode;

/// What a doctor says in a referral letter, before it is written in the national form by [ReferralWriter].
///
/// @param issued when the letter was written, with its offset
public record Referral(
        Patient patient, Side from, Side to, OffsetDateTime issued, Story story, List<Attachment> attachments) {
    public Referral {
        attachments = List.copyOf(attachments);
    }

    public Referral with(List<Attachment> others) {
        return new Referral(patient, from, to, issued, story, others);
    }

    /// A name in writing and in katakana.
    public record Name(String family, String given, String familyKana, String givenKana) {
        public String written() {
            return family + " " + given;
        }

        public String kana() {
            return familyKana + " " + givenKana;
        }
    }

    /// @param number the patient's number at the referring institution
    /// @param insurance insurer number (8 characters), symbol, number and branch (2 digits), joined by
    /// colons; empty parts stay empty
    public record Patient(
            Name name,
            LocalDate birthDate,
            LetterSummary.Sex sex,
            String number,
            String insurance,
            String postalCode,
            String address) {}

    /// An institution and its doctor.
    public record Side(
            String institution, InstitutionCode code, String postalCode, String address, String phone, Name doctor) {}

    /// The clinical part, in the doctor's words.
    ///
    /// @param problem the name of the disease or complaint, coded as
    ///     [MEDIS management number](http://medis.or.jp/CodeSystem/master-disease-keyNumber)
    public record Story(
            String purpose,
            Coded problem,
            LocalDate onset,
            String presentIllness,
            String pastIllness,
            String allergies,
            String medication) {}

    /// A code and its words.
    public record Coded(String code, String display) {}
}
