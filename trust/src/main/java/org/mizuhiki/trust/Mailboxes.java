package org.mizuhiki.trust;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// Certificates for letters to and from people of other PKIs (RFC 8550): P-256, signing and key agreement, with the
/// address of the person's mailbox. They open nothing within the region and prove nothing to its servers, so a mail
/// program's key is never worth a person's own.
@FunctionalInterface
public interface Mailboxes {
    /// Certificates that still run at one time: one a year, and those that lost keys leave behind.
    int MOST = 8;

    /// @return own certificate first, root last; the same again for the same request
    /// @throws Refusal `possession-unproven`, `certificate-unknown`, `certificate-revoked`,
    /// `certificate-expired`, `mail-certificates-too-many`, and those of the request as in
    /// [Certification#certify]
    List<X509Certificate> open(Asked asked);

    /// @param current the person's signing certificate
    /// @param pkcs10 for the mailbox's key, as [EnrolmentRequests#server] makes it
    /// @param proof the signing key's ECDSA signature over both
    record Asked(X509Certificate current, Bytes pkcs10, Bytes proof) {
        /// Signs the wish.
        public static Asked of(PrivateKey currentKey, X509Certificate current, Bytes pkcs10) {
            return new Asked(current, pkcs10, Crypto.signed(currentKey, said(current, pkcs10)));
        }

        /// Whether the holder of the person's key asks.
        boolean isProven() {
            return Crypto.verifies(current.getPublicKey(), said(current, pkcs10), proof);
        }

        /// Begins with words of its own: a signature made for anything else never passes as this one.
        private static Bytes said(X509Certificate current, Bytes pkcs10) {
            return Bytes.utf8("mizuhiki mailbox v1\n"
                    + KeyFiles.encoded(current).sha256().hex() + "\n"
                    + pkcs10.sha256().hex());
        }
    }

    /// Where people of a region get letters: `mail.<region>`.
    static String domain(String region) {
        return "mail." + region.toLowerCase(Locale.ROOT);
    }

    /// A person's address: the ID in lower case, before the `@`.
    static String address(PersonId person, String domain) {
        return person.value().toLowerCase(Locale.ROOT) + "@" + domain;
    }

    /// Whose address this is, if it is one of this domain.
    static Optional<PersonId> person(String address, String domain) {
        var lower = address.toLowerCase(Locale.ROOT);
        if (!lower.endsWith("@" + domain)) {
            return Optional.empty();
        }
        try {
            var local = lower.substring(0, lower.length() - domain.length() - 1);
            return Optional.of(new PersonId(local.toUpperCase(Locale.ROOT)));
        } catch (Refusal nobody) {
            return Optional.empty();
        }
    }

    /// The one address in a mailbox's certificate.
    ///
    /// @throws Refusal `certificate-untrusted` when there is none, or more than one
    static String address(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names != null && names.size() == 1) {
                var only = names.iterator().next();
                if (Integer.valueOf(1).equals(only.get(0)) && only.get(1) instanceof String address) {
                    return address;
                }
            }
        } catch (CertificateParsingException e) {
            throw untrusted(e);
        }
        throw untrusted(null);
    }

    static PersonId personOf(Member member) {
        return switch (member) {
            case Member.Patient p -> p.id();
            case Member.Professional p -> p.id();
            case Member.Institution _, Member.Server _, Member.Device _, Member.Service _ ->
                throw Refusal.of("not-a-person", "この証明書は個人のものではありません", "This certificate is not a person's");
        };
    }

    static Refusal tooMany() {
        return Refusal.of(
                "mail-certificates-too-many",
                "メール用の証明書は同時に" + MOST + "枚までです。古い鍵を使うか、期限を待ってください",
                "At most " + MOST + " mail certificates run at one time; use a key you have, or wait for one to end");
    }

    private static Refusal untrusted(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "証明書にメールアドレスが1つだけ書かれていません";
        var en = "The certificate does not name exactly one mail address";
        return cause == null
                ? Refusal.of("certificate-untrusted", ja, en)
                : Refusal.of("certificate-untrusted", ja, en, cause);
    }
}
