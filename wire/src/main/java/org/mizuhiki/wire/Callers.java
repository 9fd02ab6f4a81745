package org.mizuhiki.wire;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// Reads who calls from a validated certificate, and holds routes' access rules to it.
final class Callers {
    private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9-]{0,30}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9./-]{0,63}");
    private static final Map<String, String> NAMES =
            Map.of("2.5.4.5", "serialNumber", "2.5.4.97", "organizationIdentifier");

    private Callers() {}

    /// @throws Refusal `caller-unfit` when the subject is of no form that this region issues
    static Caller of(X509Certificate certificate) {
        var subject = subject(certificate);
        var name = subject.getOrDefault("serialNumber", "");
        try {
            return switch (subject.getOrDefault("OU", "")) {
                case "Person" -> new Caller.Person(new PersonId(name), false, certificate);
                case "Professional" -> new Caller.Person(new PersonId(name), true, certificate);
                case "Institution" -> new Caller.Institution(new InstitutionCode(name), certificate);
                case "Server" -> server(name, certificate);
                case "Program" -> new Caller.Program(role(name), certificate);
                case "Device" -> new Caller.Device(text(subject, "O"), text(subject, "CN"), token(name), certificate);
                case "Service" -> new Caller.Service(text(subject, "O"), text(subject, "CN"), token(name), certificate);
                default -> throw unfit();
            };
        } catch (Refusal e) {
            throw unfit();
        }
    }

    static Optional<InstitutionCode> institution(X509Certificate professional) {
        return Optional.ofNullable(subject(professional).get("organizationIdentifier"))
                .map(InstitutionCode::new);
    }

    private static String text(Map<String, String> subject, String attribute) {
        return token(subject.getOrDefault(attribute, ""));
    }

    private static String token(String text) {
        if (!TOKEN.matcher(text).matches()) {
            throw unfit();
        }
        return text;
    }

    private static Caller server(String role, X509Certificate certificate) {
        return new Caller.Server(role(role), certificate);
    }

    private static String role(String text) {
        if (!ROLE.matcher(text).matches()) {
            throw unfit();
        }
        return text;
    }

    /// Every attribute once: with two OUs, two readers of one certificate could see two kinds of caller.
    private static Map<String, String> subject(X509Certificate certificate) {
        var found = new HashMap<String, String>();
        try {
            var text = certificate.getSubjectX500Principal().getName("RFC2253", NAMES);
            for (var rdn : new LdapName(text).getRdns()) {
                if (rdn.size() != 1
                        || !(rdn.getValue() instanceof String value)
                        || found.put(rdn.getType(), value) != null) {
                    throw unfit();
                }
            }
        } catch (InvalidNameException e) {
            throw unfit();
        }
        return found;
    }

    private static Refusal unfit() {
        return Refusal.of(
                "caller-unfit",
                "この証明書の記載内容では利用者を特定できません。発行元に確認してください",
                "The certificate does not name a caller in a form of this region; ask its issuer");
    }

    /// Expiry and standing are asked at every request: a connection may outlive them.
    static void checkStanding(Caller caller, Standing standing, Clock clock) {
        var certificate = certificate(caller);
        if (certificate == null) {
            return;
        }
        var now = clock.instant();
        if (now.isAfter(certificate.getNotAfter().toInstant())
                || now.isBefore(certificate.getNotBefore().toInstant())) {
            throw Refusal.of(
                    "certificate-expired",
                    "証明書の有効期間外です。証明書を更新してください（端末の時計も確認してください）",
                    "The certificate is outside its validity; renew it, and check this device's clock");
        }
        standing.check(certificate);
    }

    private static @org.jspecify.annotations.Nullable X509Certificate certificate(Caller caller) {
        return switch (caller) {
            case Caller.Anyone _ -> null;
            case Caller.Person p -> p.certificate();
            case Caller.Institution i -> i.certificate();
            case Caller.Server s -> s.certificate();
            case Caller.Device d -> d.certificate();
            case Caller.Service s -> s.certificate();
            case Caller.Program s -> s.certificate();
        };
    }

    static void checkAccess(Caller caller, Set<Access> access) {
        if (access.stream().anyMatch(rule -> allows(rule, caller))) {
            return;
        }
        if (caller instanceof Caller.Anyone) {
            throw Refusal.of(
                    "certificate-required",
                    "この操作には証明書が必要です。自分の証明書で接続し直してください",
                    "This operation needs a certificate; connect with your own");
        }
        throw Refusal.of("access-denied", "この操作はあなたの資格では行えません", "This operation is not open to callers of your kind");
    }

    private static boolean allows(Access rule, Caller caller) {
        return switch (rule) {
            case ANYONE -> true;
            case MEMBER ->
                caller instanceof Caller.Person
                        || caller instanceof Caller.Institution
                        || caller instanceof Caller.Server;
            case DEVICE -> caller instanceof Caller.Device || caller instanceof Caller.Service;
            case ANY_PERSON -> caller instanceof Caller.Person;
            case PROFESSIONAL -> caller instanceof Caller.Person p && p.professional();
            case INSTITUTION -> caller instanceof Caller.Institution;
            case SERVER -> caller instanceof Caller.Server;
            case PROGRAM -> caller instanceof Caller.Program;
        };
    }

    /// For logs and metrics: a kind, never who.
    static String kind(Caller caller) {
        return switch (caller) {
            case Caller.Anyone _ -> "anyone";
            case Caller.Person p -> p.professional() ? "professional" : "person";
            case Caller.Institution _ -> "institution";
            case Caller.Server _ -> "server";
            case Caller.Device _ -> "device";
            case Caller.Service _ -> "service";
            case Caller.Program _ -> "program";
        };
    }

    /// For rates and places: who, with which certificate. Whoever has a revoked one must not use up what is
    /// its owner's with the new one.
    static String shown(Caller caller) {
        var certificate = certificate(caller);
        return certificate == null
                ? name(caller)
                : name(caller) + "#" + certificate.getSerialNumber().toString(16);
    }

    /// For idempotency keys: who; kept in memory or as a digest.
    static String name(Caller caller) {
        return switch (caller) {
            case Caller.Anyone _ -> "anyone";
            case Caller.Person p -> "person:" + p.id();
            case Caller.Institution i -> "institution:" + i.code();
            case Caller.Server s -> "server:" + s.role();
            case Caller.Device d -> "device:" + d.vendor() + "/" + d.model() + "/" + d.serial();
            case Caller.Service s -> "service:" + s.subscriber() + "/" + s.name() + "/" + s.device();
            case Caller.Program s -> "program:" + s.name();
        };
    }
}
