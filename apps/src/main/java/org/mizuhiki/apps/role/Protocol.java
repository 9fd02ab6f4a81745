package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Accreditation;

/// What was done with the root's key, when, before whose eyes, and the digest of every certificate that counts
/// from then on: text to be printed, compared and signed by hand.
///
/// @param act such as `founded` or `person replaced by person-2, compromised`
/// @param present names of those who were there
/// @param rootKey where the root's key lies
record Protocol(String act, Instant at, List<String> present, String rootKey) {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'protocol-'yyyyMMdd'T'HHmmss'Z.txt'").withZone(ZoneOffset.UTC);

    /// Whoever is alone with the root's key can do with it what they like.
    private static final int LEAST = 2;

    Protocol {
        present = present.stream()
                .map(String::strip)
                .filter(p -> !p.isEmpty())
                .distinct()
                .toList();
        boolean odd = present.stream().anyMatch(p -> p.chars().anyMatch(Character::isISOControl));
        if (present.size() < LEAST || odd) {
            throw Refusal.of(
                    "witnesses-missing",
                    "立会人を2名以上、--present で1名ずつ指定してください。ルートの鍵は一人では扱えません",
                    "Name at least two people with --present: nobody handles the root's key alone");
        }
    }

    /// @param folder of the authority; the protocol is kept there
    /// @return its text
    String keep(Path folder, Accreditation accreditation) {
        var text = new StringBuilder();
        text.append("地域 / region: ").append(accreditation.region()).append('\n');
        text.append("行為 / act: ").append(act).append('\n');
        text.append("日時 / at: ").append(at).append('\n');
        present.forEach(p -> text.append("立会 / present: ").append(p).append("  署名 / signature: ____________\n"));
        text.append("ルートの鍵 / root key: ").append(rootKey).append('\n');
        accreditation
                .certificates()
                .forEach((name, certificate) -> text.append(name)
                        .append(": SHA-256 ")
                        .append(digest(certificate))
                        .append(", ")
                        .append(certificate.getNotAfter().toInstant())
                        .append(" まで / until\n"));
        try {
            Files.writeString(folder.resolve(NAME.format(at)), text);
        } catch (IOException e) {
            throw new UncheckedIOException("the protocol cannot be written to " + folder, e);
        }
        return text.toString();
    }

    private static String digest(X509Certificate certificate) {
        try {
            return Bytes.of(certificate.getEncoded()).sha256().hex();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }
}
