package org.mizuhiki.apps.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.registration.Role;
import org.mizuhiki.registration.Step;
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

    /// `2026-11-22`, `2026-11-22T10:30`, or with an offset or `Z`; without one it is this machine's zone.
    static final class Time implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            var zone = ZoneId.systemDefault();
            try {
                var read = DateTimeFormatter.ISO_DATE_TIME.parseBest(value, OffsetDateTime::from, LocalDateTime::from);
                return read instanceof OffsetDateTime o
                        ? o.toInstant()
                        : LocalDateTime.from(read).atZone(zone).toInstant();
            } catch (DateTimeException notATime) {
                return day(value, zone);
            }
        }

        private static Instant day(String value, ZoneId zone) {
            try {
                return LocalDate.parse(value)
                        .plusDays(1)
                        .atStartOfDay(zone)
                        .toInstant()
                        .minusMillis(1);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "日時は 2026-11-22T10:30 の形で指定してください / a time is written like 2026-11-22T10:30");
            }
        }
    }

    /// A moment as people read it: this machine's zone, with its offset.
    static String when(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS)
                .atZone(ZoneId.systemDefault())
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    /// Ten digits.
    static final class Institution implements ITypeConverter<InstitutionCode> {
        @Override
        public InstitutionCode convert(String value) {
            try {
                return new InstitutionCode(value);
            } catch (Refusal e) {
                throw new TypeConversionException(e.japanese() + " / " + e.english());
            }
        }
    }

    /// `provider`, `vendor`, `device-ca`, `service-ca`.
    static final class AsRole implements ITypeConverter<Role> {
        @Override
        public Role convert(String value) {
            try {
                return Role.of(value);
            } catch (Refusal e) {
                throw new TypeConversionException(e.japanese() + " / " + e.english());
            }
        }
    }

    /// `service`, `device`.
    static final class AsPart implements ITypeConverter<Step.Withdrawal.Part> {
        @Override
        public Step.Withdrawal.Part convert(String value) {
            return Stream.of(Step.Withdrawal.Part.values())
                    .filter(p -> p.text().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("service または device / service or device"));
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
