package org.mizuhiki.chip;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import org.mizuhiki.chip.JpkiSimulator.Resident;
import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A SIMULATOR of the municipality that gives out national ID cards: fills a card on which the simulator's
/// applet is installed, once. The commands are ours; the real ones are not public.
///
/// @param institutions the root of institution authentication, which is ours too
public record MunicipalitySimulator(JpkiSimulator jpki, PublicKey institutions) {
    private static final String TOKEN = "JPKIAPICCTOKEN2";
    private static final int PUT = 0x80da0000;
    private static final int WRITE = 0x80d60000;
    private static final int GENERATE = 0x80460000;
    private static final int ACTIVATE = 0x80440000;
    private static final int INSTITUTION_ROOT = 0x82;
    private static final int PIECE = 200;

    /// Has the card make its keys, puts everything onto it, and ends its personalisation for good.
    ///
    /// @param pin 4 digits
    /// @param signaturePin 6 to 16 digits and capital letters
    /// @throws Refusal `no-national-card`, `card-state` for a card that is in use already
    public void personalise(CardChannel channel, Resident resident, Secret pin, Secret signaturePin) {
        NationalCard.on(channel);
        var card = new Iso7816(channel);
        write(card, NationalCard.TOKEN_NAME, padded());
        for (var credential : Credential.values()) {
            write(card, credential.certificateFile(), der(jpki.issue(credential, made(card, credential), resident)));
            write(card, credential.issuerFile(), der(jpki.issuer(credential)));
        }
        put(card, Credential.AUTHENTICATION.pin(), pin.lend(Bytes::of));
        put(card, Credential.SIGNATURE.pin(), signaturePin.lend(Bytes::of));
        put(card, INSTITUTION_ROOT, Points.point(institutions));
        card.send(ACTIVATE, Bytes.of(), NationalCard::refused);
    }

    private static Bytes padded() {
        return Bytes.utf8(TOKEN + " ".repeat(NationalCard.TOKEN_NAME_SIZE - TOKEN.length()));
    }

    private static PublicKey made(Iso7816 card, Credential credential) {
        var modulus = card.ask(GENERATE | credential.key(), Bytes.of(), 256, NationalCard::refused);
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new RSAPublicKeySpec(new BigInteger(1, modulus.toArray()), BigInteger.valueOf(65_537)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private static Bytes der(X509Certificate certificate) {
        try {
            return Bytes.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that has no encoding", e);
        }
    }

    private static void write(Iso7816 card, int file, Bytes content) {
        var all = content.toArray();
        for (int at = 0; at < all.length; at += PIECE) {
            var piece = Bytes.of(Arrays.copyOfRange(all, at, Math.min(all.length, at + PIECE)));
            card.send(WRITE | file, EKey.joined(EKey.number(at, 2), piece), NationalCard::refused);
        }
    }

    private static void put(Iso7816 card, int what, Bytes content) {
        card.send(PUT | what, content, NationalCard::refused);
    }
}
