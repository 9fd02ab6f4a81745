package org.mizuhiki.keys;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.mizuhiki.consent.SignedStatements;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Signature;
import org.mizuhiki.seal.SignedRecords;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;

/// A region without cryptography: a "signature" is a hash with a word that only this class knows.
final class Pretend {
    static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

    private static final InstitutionCode ELSEWHERE = new InstitutionCode("1399999999");

    private Pretend() {}

    static Member.Professional professional(PersonId id) {
        return new Member.Professional(id, "医師 A", new InstitutionCode("1311234567"), "試験診療所");
    }

    static Member.Professional elsewhere(PersonId id) {
        return new Member.Professional(id, "医師 B", ELSEWHERE, "別の病院");
    }

    static Member.Patient patient(PersonId id) {
        return new Member.Patient(id);
    }

    static Bytes sign(Canonical record, Member signer, Instant stampedAt) {
        var who = switch (signer) {
            case Member.Patient p -> "patient " + p.id();
            case Member.Professional p -> (p.institution().equals(ELSEWHERE) ? "elsewhere " : "professional ") + p.id();
            case Member.Institution i -> "institution " + i.code();
            case Member.Server s -> "server " + s.role();
            case Member.Device d -> "device " + d.identity();
            case Member.Service s -> "service " + s.identity();
        };
        var open = Canonical.of(Map.of(
                "record", record.encode().asBase64(),
                "signer", who,
                "stamped", stampedAt.toString()));
        return open.with("mac", open.with("word", "known here only").digest().hex())
                .encode();
    }

    static SignedStatements statements(Clock clock) {
        return new SignedStatements(new Records(), new Members(), clock);
    }

    private static final class Records implements SignedRecords {
        @Override
        public Bytes sign(Canonical record, Author author, StampAuthority stamps) {
            throw new UnsupportedOperationException("tests sign as a member");
        }

        @Override
        public Verified verify(Bytes signed) {
            var closed = Canonical.decode(signed);
            var open = Canonical.of(Map.of(
                    "record", closed.get("record"),
                    "signer", closed.get("signer"),
                    "stamped", closed.get("stamped")));
            if (!closed.equals(open.with(
                    "mac", open.with("word", "known here only").digest().hex()))) {
                throw Refusal.of("signature-broken", "署名が正しくありません", "The signature is wrong");
            }
            var signature = new Signature(
                    List.of(),
                    Instant.parse(open.get("stamped")),
                    List.of(),
                    Bytes.of(),
                    Bytes.utf8(open.get("signer")));
            return new Verified(Canonical.decode(Bytes.base64(open.get("record"))), signature);
        }
    }

    private static final class Members implements Validator {
        @Override
        public Member check(List<java.security.cert.X509Certificate> chain, Purpose purpose, Instant at) {
            throw new UnsupportedOperationException("no certificates here");
        }

        @Override
        public Member check(Signature signature) {
            var words = signature.value().asUtf8().split(" ", 2);
            return switch (words[0]) {
                case "patient" -> patient(new PersonId(words[1]));
                case "professional" -> professional(new PersonId(words[1]));
                case "elsewhere" -> elsewhere(new PersonId(words[1]));
                case "institution" -> new Member.Institution(new InstitutionCode(words[1]), "試験診療所");
                default -> new Member.Server(words[1], "localhost");
            };
        }
    }
}
