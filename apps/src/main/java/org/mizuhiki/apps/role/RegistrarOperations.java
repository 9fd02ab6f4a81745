package org.mizuhiki.apps.role;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.RegistrarCas;
import org.mizuhiki.wire.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The operator's words about CAs of institutions for provisional registration: `registrar-ca-create`,
/// `registrar-ca-end`, and for the supervision `registrar-cas`, `registrar-ca-issued`. Lists are one JSON object a
/// line.
final class RegistrarOperations {
    private static final Logger LOG = LoggerFactory.getLogger(RegistrarOperations.class);
    private static final int USUAL_DAYS = 30;

    private RegistrarOperations() {}

    /// @param member whom it names
    record Issued(String serial, String member, Instant from, Instant until) {
        static Issued of(X509Certificate certificate) {
            return new Issued(
                    certificate.getSerialNumber().toString(16),
                    Member.of(certificate).identity(),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        }
    }

    /// @param look at the lists anew: the authority itself is to know at once of a CA that ended; one that began is
    /// looked up with the first of its certificates
    static Map<String, OperatorDoor.Operation> of(RegistrarCas cas, Runnable look) {
        return Map.of(
                "registrar-ca-create", asked -> told(create(cas, asked)),
                "registrar-ca-end",
                        asked -> {
                            cas.end(Asked.need(asked, "ca"));
                            hurry(look);
                            return "ended";
                        },
                "registrar-cas", asked -> lines(cas.standings().stream()),
                "registrar-ca-issued",
                        asked -> lines(
                                cas.issued(Asked.need(asked, "ca")).stream().map(Issued::of)));
    }

    private static void hurry(Runnable look) {
        try {
            look.run();
        } catch (Refusal later) {
            LOG.warn("the lists are looked at again in some seconds: {}", later.code());
        }
    }

    private static RegistrarCas.Standing create(RegistrarCas cas, Map<String, String> asked) {
        var of = new Member.Institution(new InstitutionCode(Asked.need(asked, "code")), Asked.need(asked, "name"));
        return cas.create(of, quota(Asked.need(asked, "quota")), Asked.life(asked, USUAL_DAYS));
    }

    private static String lines(Stream<?> rows) {
        var lines = rows.map(RegistrarOperations::told).collect(Collectors.joining("\n"));
        return lines.isEmpty() ? "ありません / none" : lines;
    }

    private static int quota(String said) {
        try {
            return Integer.parseInt(said);
        } catch (NumberFormatException e) {
            throw Refusal.of("argument-malformed", "quota は人数です", "quota is a number of persons", e);
        }
    }

    private static String told(Object row) {
        return Json.write(row).asUtf8();
    }
}
