package org.mizuhiki.apps.command;

import java.time.Duration;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How arguments of the house's types are read.
final class Arguments {
    private Arguments() {}

    /// `P-XXXX-XXXX-XXXX`.
    static final class Person implements ITypeConverter<PersonId> {
        @Override
        public PersonId convert(String value) {
            try {
                return new PersonId(value);
            } catch (Refusal e) {
                throw new TypeConversionException(e.japanese() + " / " + e.english());
            }
        }
    }

    /// 64 hexadecimal digits.
    static final class Name implements ITypeConverter<Digest> {
        @Override
        public Digest convert(String value) {
            try {
                return new Digest(value);
            } catch (Refusal e) {
                throw new TypeConversionException(e.japanese() + " / " + e.english());
            }
        }
    }

    static Duration days(int days) {
        if (days < 1 || days > 1825) {
            throw Refusal.of("option-malformed", "日数は1〜1825で指定してください", "Days must be 1 to 1825");
        }
        return Duration.ofDays(days);
    }

    /// A person in one line.
    static String who(Member member) {
        return switch (member) {
            case Member.Patient p -> p.id().value();
            case Member.Professional p -> p.name() + " (" + p.institutionName() + ") " + p.id();
            case Member.Institution i -> i.name() + " " + i.code();
            case Member.Server s -> "server " + s.role();
            case Member.Device d -> "device " + d.identity();
            case Member.Service s -> "service " + s.identity();
        };
    }
}
