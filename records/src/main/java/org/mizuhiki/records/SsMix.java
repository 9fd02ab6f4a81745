package org.mizuhiki.records;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.Exported.Problem;
import org.mizuhiki.records.Exported.Words;
import org.mizuhiki.records.LetterSummary.Sex;
import org.mizuhiki.records.hl7.Segments;
import org.mizuhiki.records.hl7.Segments.Segment;

/// Messages of an SS-MIX2 storage (version 1.2), by their type in MSH-9.
final class SsMix {
    private static final String DISEASES = "MDCDX2";

    /// Not recovered, recovering, with sequelae, worsening.
    private static final Set<String> GOES_ON = Set.of("N", "R", "S", "W");

    /// Orders that were taken back (ORC-1).
    private static final Set<String> TAKEN_BACK = Set.of("CA", "DC", "OC");

    private SsMix() {}

    /// @throws Refusal `export-malformed`, `export-encoding`, `export-unsupported`
    static Exported read(byte... message) {
        var segments = Segments.read(message);
        var kind = segments.all().getFirst();
        var words = switch (kind.get(9, 1) + "^" + kind.get(9, 2)) {
            case "ADT^A08" -> allergies(allergiesInAdt(segments));
            case "ADT^A60" -> allergies(allergies(segments));
            case "PPR^ZD1" -> problems(segments);
            case "RDE^O11" -> medication(segments);
            default ->
                throw Refusal.of(
                        "export-unsupported",
                        "このHL7メッセージには対応していません（ADT-00、ADT-61、PPR-01、OMP-01を入れてください）",
                        "This HL7 message is not read; put ADT-00, ADT-61, PPR-01 or OMP-01");
        };
        return new Exported(Optional.of(patient(segments)), Optional.empty(), Optional.empty(), words);
    }

    private static Referral.Patient patient(Segments segments) {
        var pid = segments.first("PID").orElseThrow(() -> Segments.malformed(null));
        var written = name(pid, "I").orElseGet(() -> parts(pid, 0));
        var kana = name(pid, "P").orElse(new String[] {"", ""});
        return new Referral.Patient(
                new Referral.Name(written[0], written[1], kana[0], kana[1]),
                date(pid.get(7)).orElseThrow(() -> Segments.malformed(null)),
                switch (pid.get(8)) {
                    case "M" -> Sex.MALE;
                    case "F" -> Sex.FEMALE;
                    case "O" -> Sex.OTHER;
                    default -> Sex.UNKNOWN;
                },
                pid.get(3),
                insurance(segments),
                pid.get(11, 5),
                Stream.of(4, 3, 1, 2, 8).map(c -> pid.get(11, c)).collect(Collectors.joining()));
    }

    /// The name in ideographs (`I`) or in kana (`P`), by XPN-8.
    private static Optional<String[]> name(Segment pid, String representation) {
        for (int i = 0; i < pid.repetitions(5); i++) {
            if (pid.get(5, i, 8, 1).equals(representation)) {
                return Optional.of(parts(pid, i));
            }
        }
        return Optional.empty();
    }

    private static String[] parts(Segment pid, int repetition) {
        return new String[] {pid.get(5, repetition, 1, 1), pid.get(5, repetition, 2, 1)};
    }

    /// Insurer, symbol and number of the first insurance; empty parts stay empty.
    private static String insurance(Segments segments) {
        return segments.first("IN1")
                .map(in1 ->
                        String.join(":", "%8s".formatted(in1.get(3)).replace(' ', '0'), in1.get(10), in1.get(36), ""))
                .orElse("");
    }

    private static List<String> allergiesInAdt(Segments segments) {
        return segments.of("AL1").stream()
                .map(s -> said(s.get(2, 2), s.get(3, 2), Stream.of(s.get(4, 2), s.get(5))))
                .toList();
    }

    private static List<String> allergies(Segments segments) {
        return segments.of("IAM").stream()
                .map(s -> said(s.get(2, 2), s.get(3, 2), Stream.of(s.get(4, 2), s.get(5))))
                .toList();
    }

    private static String said(String kind, String what, Stream<String> more) {
        var others = more.filter(t -> !t.isEmpty()).collect(Collectors.joining("、"));
        return (kind.isEmpty() ? "" : kind + ": ") + what + (others.isEmpty() ? "" : "（" + others + "）");
    }

    private static Words allergies(List<String> said) {
        return new Words(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), said, List.of());
    }

    /// Without those that were deleted or are over, the main diagnosis (PRB-18: 1) first.
    private static Words problems(Segments segments) {
        var found = segments.of("PRB").stream()
                .filter(s -> !s.get(1).equals("DE") && !isOver(s))
                .sorted(Comparator.comparing((Segment s) -> !s.get(18, 1).equals("1")))
                .map(s -> new Problem(coded(s), date(s.get(16)).or(() -> date(s.get(7)))))
                .toList();
        return new Words(Optional.empty(), found, Optional.empty(), Optional.empty(), List.of(), List.of());
    }

    /// An end (PRB-9), and an outcome (PRB-14, HL70241) that does not say that it goes on all the same.
    private static boolean isOver(Segment prb) {
        return !prb.get(9).isEmpty() && !GOES_ON.contains(prb.get(14, 1));
    }

    private static Referral.Coded coded(Segment prb) {
        return new Referral.Coded(prb.get(3, 3).equals(DISEASES) ? prb.get(3, 1) : "", prb.get(3, 2));
    }

    /// A line for each medicine: name, amount, what is mixed in it, how to take it, for how long. Orders that
    /// were taken back are left out.
    private static Words medication(Segments segments) {
        var lines = new ArrayList<String>();
        boolean stands = true;
        boolean told = false;
        for (var s : segments.all()) {
            switch (s.name()) {
                case "ORC" -> stands = !TAKEN_BACK.contains(s.get(1));
                case "RXE" -> {
                    told = stands;
                    if (told) {
                        lines.add(s.get(2, 2) + " 1回" + s.get(3) + s.get(5, 2));
                    }
                }
                case "RXC" -> more(lines, told, "＋" + s.get(2, 2) + " " + s.get(3) + s.get(4, 2));
                case "TQ1" -> more(lines, told, how(s));
                default -> {} // who ordered it, and where, is not part of a referral
            }
        }
        return new Words(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), List.of(), lines);
    }

    private static void more(List<String> lines, boolean told, String text) {
        if (told) {
            lines.add(lines.removeLast() + text);
        }
    }

    private static String how(Segment tq1) {
        var days = tq1.get(6, 2).equals("d") ? " " + tq1.get(6, 1) + "日分" : "";
        var often = tq1.get(3, 0, 1, 2);
        return (often.isEmpty() ? "" : " " + often) + days;
    }

    /// The day of an HL7 time stamp; nothing when there is none, or only a month.
    private static Optional<LocalDate> date(String text) {
        if (text.length() < 8) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(text.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE));
        } catch (DateTimeException e) {
            throw Segments.malformed(e);
        }
    }
}
