package org.mizuhiki.records.hl7;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.GenericMessage;
import ca.uhn.hl7v2.model.GenericSegment;
import ca.uhn.hl7v2.parser.DefaultModelClassFactory;
import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.util.Terser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;

/// One HL7 v2 message as its segments in their order. HAPI takes fields, components and escapes apart; which
/// segments may follow which is not asked, because exports differ there.
public final class Segments {
    private static final int MOST = 5000;
    private static final int LONGEST = 64 << 10;
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9]{2}");

    private final List<Segment> all;

    /// A segment; fields are counted from 1 as HL7 does, parts from 1, repetitions from 0.
    public record Segment(GenericSegment fields) {
        public String name() {
            return fields.getName();
        }

        /// Empty when there is nothing.
        public String get(int field, int repetition, int component, int part) {
            try {
                var text = Terser.get(fields, field, repetition, component, part);
                return text == null || text.equals("\"\"") ? "" : text.strip();
            } catch (HL7Exception | RuntimeException e) {
                throw malformed(e);
            }
        }

        /// Empty when there is nothing.
        public String get(int field, int component) {
            return get(field, 0, component, 1);
        }

        /// Empty when there is nothing.
        public String get(int field) {
            return get(field, 1);
        }

        /// How many repetitions a field has.
        public int repetitions(int field) {
            try {
                return fields.getField(field).length;
            } catch (HL7Exception e) {
                throw malformed(e);
            }
        }
    }

    private Segments(List<Segment> all) {
        this.all = List.copyOf(all);
    }

    /// @throws Refusal `export-malformed`, `export-encoding`
    public static Segments read(byte... message) {
        var lines = Hl7Text.decode(message).split("[\r\n]+");
        if (lines.length > MOST || lines.length == 0 || !lines[0].startsWith("MSH") || lines[0].length() < 9) {
            throw malformed(null);
        }
        var separators = lines[0].substring(3, 8);
        if (separators.chars().distinct().count() < 5
                || separators.chars().anyMatch(c -> c <= ' ' || c > '~' || Character.isLetterOrDigit(c))) {
            throw malformed(null);
        }
        var encoding = new EncodingCharacters(separators.charAt(0), separators.substring(1));
        var found = new ArrayList<Segment>();
        for (var line : lines) {
            if (!line.isBlank()) {
                found.add(segment(line, encoding));
            }
        }
        return new Segments(found);
    }

    private static Segment segment(String line, EncodingCharacters encoding) {
        var name = line.length() < 3 ? line : line.substring(0, 3);
        if (!NAME.matcher(name).matches() || line.length() > LONGEST) {
            throw malformed(null);
        }
        try {
            var segment = new GenericSegment(new GenericMessage.V25(new DefaultModelClassFactory()), name);
            Parsers.ONE.parse(segment, line, encoding);
            return new Segment(segment);
        } catch (HL7Exception | RuntimeException e) {
            throw malformed(e);
        }
    }

    /// Made when first used: it costs time that most programs need not spend.
    private static final class Parsers {
        private static final PipeParser ONE = parser();

        private static PipeParser parser() {
            var parser = new PipeParser(new DefaultModelClassFactory());
            parser.setValidationContext(ca.uhn.hl7v2.validation.impl.ValidationContextFactory.noValidation());
            return parser;
        }
    }

    /// In their order, MSH first.
    public List<Segment> all() {
        return all;
    }

    /// Those of a name, in their order.
    public List<Segment> of(String name) {
        return all.stream().filter(s -> s.name().equals(name)).toList();
    }

    public Optional<Segment> first(String name) {
        return all.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /// Its cause may quote the message, so it is not kept.
    public static Refusal malformed(@org.jspecify.annotations.Nullable Throwable ignored) {
        return Refusal.of(
                "export-malformed",
                "HL7ファイルを読めません。SS-MIX2標準化ストレージのメッセージ（HL7 v2.5）をそのまま入れてください",
                "The HL7 file cannot be read; put a message of an SS-MIX2 storage (HL7 v2.5) as it is");
    }
}
