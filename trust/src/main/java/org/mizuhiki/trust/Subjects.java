package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// The subject of each kind of member, and back. There is exactly one subject for a member: reading accepts
/// only what writing gives, so no second, stranger spelling of somebody's name is ever taken for them.
final class Subjects {
    private Subjects() {}

    static X500Name of(Member member) {
        return switch (member) {
            case Member.Patient p -> name(ou("Person"), serial(p.identity()), cn(p.id().value()));
            case Member.Professional p ->
                name(
                        ou("Professional"),
                        text(BCStyle.O, p.institutionName()),
                        text(BCStyle.ORGANIZATION_IDENTIFIER, p.institution().value()),
                        serial(p.identity()),
                        cn(p.name()));
            case Member.Institution i -> name(ou("Institution"), serial(i.identity()), cn(i.name()));
            case Member.Server s -> name(ou("Server"), serial(s.role()), cn(s.host()));
            case Member.Device d -> name(ou("Device"), text(BCStyle.O, d.vendor()), serial(d.serial()), cn(d.model()));
            case Member.Service s ->
                name(
                        ou("Service"),
                        text(BCStyle.O, s.subscriber()),
                        serial(s.device().identity()),
                        cn(s.name()));
        };
    }

    /// `OU=Registrar, O=<institution>, organizationIdentifier=<code>, CN=<name of the CA>`.
    static X500Name registrar(Member.Institution of, String ca) {
        return name(
                ou("Registrar"),
                text(BCStyle.O, of.name()),
                text(BCStyle.ORGANIZATION_IDENTIFIER, of.code().value()),
                cn(ca));
    }

    /// The name of the registrar's CA that is called so, if one is.
    static Optional<String> registrarCa(X500Principal name) {
        try {
            var values = Arrays.stream(X500Name.getInstance(name.getEncoded()).getRDNs())
                    .map(Subjects::only)
                    .toList();
            boolean registrar = values.size() == 4 && values.getFirst().equals("Registrar");
            return registrar ? Optional.of(values.get(3)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // somebody else's way to be called
        }
    }

    /// What its certificates' subjects begin with: any patient, the institution's own professionals, and
    /// the signer of its status.
    static List<X500Name> permitted(Member.Institution of) {
        return List.of(
                name(ou("Person")),
                name(
                        ou("Professional"),
                        text(BCStyle.O, of.name()),
                        text(BCStyle.ORGANIZATION_IDENTIFIER, of.code().value())),
                name(ou("Accreditation")));
    }

    static X500Name status(String ca) {
        return name(ou("Accreditation"), cn(ca + " status"));
    }

    /// What ordinary tools write into a server's request.
    static X500Name host(String host) {
        return name(cn(host));
    }

    /// @throws Refusal `certificate-untrusted` on any other subject: duplicate, unknown, re-ordered
    /// attributes
    static Member read(X509Certificate certificate) {
        var encoded = certificate.getSubjectX500Principal().getEncoded();
        try {
            var member = read(X500Name.getInstance(encoded));
            if (Arrays.equals(of(member).getEncoded("DER"), encoded)) {
                return member;
            }
        } catch (java.io.IOException | IllegalArgumentException | Refusal e) {
            throw refused(e);
        }
        throw refused(null);
    }

    private static Member read(X500Name subject) {
        var values = Arrays.stream(subject.getRDNs()).map(Subjects::only).toList();
        return switch (values.getFirst()) {
            case "Person" -> new Member.Patient(new PersonId(at(values, 3, 1)));
            case "Professional" ->
                new Member.Professional(
                        new PersonId(at(values, 5, 3)),
                        values.get(4),
                        new InstitutionCode(values.get(2)),
                        values.get(1));
            case "Institution" -> new Member.Institution(new InstitutionCode(at(values, 3, 1)), values.get(2));
            case "Server" -> new Member.Server(at(values, 3, 1), values.get(2));
            case "Device" -> new Member.Device(at(values, 4, 1), values.get(3), values.get(2));
            case "Service" -> new Member.Service(at(values, 4, 1), values.get(3), Member.Device.parse(values.get(2)));
            default -> throw new IllegalArgumentException("no kind of member");
        };
    }

    private static String at(List<String> values, int size, int index) {
        if (values.size() != size) {
            throw new IllegalArgumentException("not " + size + " attributes");
        }
        return values.get(index);
    }

    private static String only(RDN rdn) {
        if (rdn.isMultiValued() || !(rdn.getFirst().getValue() instanceof ASN1String text)) {
            throw new IllegalArgumentException("not one text");
        }
        return text.getString();
    }

    private static X500Name name(AttributeTypeAndValue... attributes) {
        var rdns = new ArrayList<RDN>();
        for (var a : attributes) {
            rdns.add(new RDN(a));
        }
        return new X500Name(rdns.toArray(RDN[]::new));
    }

    private static AttributeTypeAndValue ou(String value) {
        return text(BCStyle.OU, value);
    }

    private static AttributeTypeAndValue cn(String value) {
        return text(BCStyle.CN, value);
    }

    private static AttributeTypeAndValue serial(String value) {
        return attribute(BCStyle.SERIALNUMBER, new DERPrintableString(value));
    }

    /// The value is encoded here and not by BouncyCastle's name style, which reads a text that starts with
    /// `#` as hexadecimal DER: a chosen name could become any structure.
    private static AttributeTypeAndValue text(ASN1ObjectIdentifier type, String value) {
        return attribute(type, new DERUTF8String(value));
    }

    private static AttributeTypeAndValue attribute(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return new AttributeTypeAndValue(type, value);
    }

    private static Refusal refused(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "証明書の主体者名がこの地域の形式ではありません";
        var en = "The certificate's subject is not of this region's form";
        return cause == null
                ? Refusal.of("certificate-untrusted", ja, en)
                : Refusal.of("certificate-untrusted", ja, en, cause);
    }
}
