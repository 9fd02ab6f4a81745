package org.mizuhiki.records;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mizuhiki.house.Refusal;

/// What a hospital system's own export says that a referral needs; parts may be missing.
///
/// @param from who refers, and `to` whom, as far as the export names institutions by their ten digits
public record Exported(
        Optional<Referral.Patient> patient, Optional<Referral.Side> from, Optional<Referral.Side> to, Words words) {
    /// A hospital system that writes nothing out.
    public static final Exported NONE = new Exported(Optional.empty(), Optional.empty(), Optional.empty(), Words.NONE);

    private static final int LONGEST = 20_000;

    /// The clinical part, as far as it is told.
    ///
    /// @param problems the main one first
    /// @param allergies a line for each, as are `medication`
    public record Words(
            Optional<String> purpose,
            List<Problem> problems,
            Optional<String> presentIllness,
            Optional<String> pastIllness,
            List<String> allergies,
            List<String> medication) {
        /// Nothing.
        public static final Words NONE =
                new Words(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), List.of(), List.of());

        public Words {
            problems = List.copyOf(problems);
            allergies = List.copyOf(allergies);
            medication = List.copyOf(medication);
        }

        private Words and(Words other) {
            return new Words(
                    purpose.or(other::purpose),
                    joined(problems, other.problems),
                    presentIllness.or(other::presentIllness),
                    pastIllness.or(other::pastIllness),
                    joined(allergies, other.allergies),
                    joined(medication, other.medication));
        }
    }

    /// A disease or complaint.
    ///
    /// @param code empty code where the export has none of the
    ///     [MEDIS management numbers](http://medis.or.jp/CodeSystem/master-disease-keyNumber)
    public record Problem(Referral.Coded code, Optional<LocalDate> onset) {}

    /// Of several files of one patient.
    ///
    /// @throws Refusal `export-patients-differ`, `export-too-large`
    public static Exported together(List<Exported> files) {
        var patient = onePatient(files);
        var words = files.stream().map(Exported::words).reduce(Words.NONE, Words::and);
        int size = words.allergies().stream().mapToInt(String::length).sum()
                + words.medication().stream().mapToInt(String::length).sum();
        if (size > LONGEST) {
            throw Refusal.of(
                    "export-too-large",
                    "書き出しの内容が多すぎます。期間を絞ってください",
                    "The export says too much; choose a shorter period");
        }
        return new Exported(patient, first(files, Exported::from), first(files, Exported::to), words);
    }

    /// Files of two patients in one letter are the mistake that must never pass.
    private static Optional<Referral.Patient> onePatient(List<Exported> files) {
        var all = files.stream().flatMap(f -> f.patient().stream()).toList();
        all.stream().skip(1).filter(p -> !same(all.getFirst(), p)).findFirst().ifPresent(_ -> {
            throw Refusal.of(
                    "export-patients-differ",
                    "書き出しファイルの患者（番号・氏名・生年月日・性別）が一致しません。1人の患者のファイルだけを入れてください",
                    "The exported files are of different patients (number, name, birth date, sex); put those of one");
        });
        // the file that says most of the patient is the one about the patient
        return all.stream().max((a, b) -> Integer.compare(told(a), told(b)));
    }

    private static int told(Referral.Patient p) {
        return p.address().length() + p.postalCode().length() + p.insurance().length();
    }

    /// Whether two accounts are of the same person at the same institution.
    public static boolean same(Referral.Patient one, Referral.Patient other) {
        return one.number().equals(other.number())
                && one.name().written().equals(other.name().written())
                && one.birthDate().equals(other.birthDate())
                && one.sex() == other.sex();
    }

    private static <T> Optional<T> first(List<Exported> files, Function<Exported, Optional<T>> part) {
        return files.stream().map(part).flatMap(Optional::stream).findFirst();
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        var all = new LinkedHashSet<>(one);
        all.addAll(other);
        return List.copyOf(new ArrayList<>(all));
    }
}
