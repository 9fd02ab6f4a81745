package org.mizuhiki.pocket.keyring;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.chip.SigningCard;
import org.mizuhiki.chip.SlotKey;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Opener;

/// All keys of a person. Made on the device, never sent anywhere.
///
/// @param id whose keys they are
/// @param signing EC P-256; also the TLS client key; in the keyring, or on a card of the person's
/// @param chain its certificates, own first
/// @param opener X-Wing, opens the slots made for this person
/// @param sealing the certificate of its public key
/// @param local 32 bytes that close drafts and the outbox on this disk
public record Keyring(
        PersonId id,
        PrivateKey signing,
        List<X509Certificate> chain,
        Opener.XWing opener,
        X509Certificate sealing,
        Secret local) {
    private static final int FORM = 1;
    private static final int MAX_PART = 1 << 16;
    private static final int MAX_CHAIN = 8;

    public Keyring {
        chain = List.copyOf(chain);
    }

    /// Wipes what can be wiped.
    public void wipe() {
        opener.seed().close();
        local.close();
    }

    /// The form in the keyring's file and, closed, in the account.
    public Secret encode() {
        try {
            var raw = new WipedBuffer();
            var out = new DataOutputStream(raw);
            out.writeByte(FORM);
            part(out, Bytes.utf8(id.value()).toArray());
            part(out, encoded(signing));
            secret(out, opener.seed());
            part(out, opener.publicKey().toArray());
            secret(out, local);
            part(out, sealing.getEncoded());
            out.writeByte(chain.size());
            for (var certificate : chain) {
                part(out, certificate.getEncoded());
            }
            return raw.take();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a keyring that was made or read can be written", e);
        }
    }

    /// Of a key on a card there is nothing to write.
    static byte[] encoded(PrivateKey key) {
        return key instanceof SlotKey ? new byte[0] : key.getEncoded();
    }

    /// @param card where the key is if none was written
    static PrivateKey key(byte[] written, PublicKey itsPublic, Optional<SigningCard> card)
            throws GeneralSecurityException {
        return written.length == 0
                ? card.orElseThrow(Keyring::cardNeeded).key(itsPublic)
                : KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(written));
    }

    /// @throws Refusal `keyring-damaged`, `card-needed`, `card-wrong`
    public static Keyring decode(Secret encoded, Optional<SigningCard> card) {
        return encoded.lend(bytes -> {
            try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                if (in.readByte() != FORM) {
                    throw damaged();
                }
                var id = new PersonId(Bytes.of(part(in)).asUtf8());
                var written = part(in);
                var seed = Secret.taking(part(in));
                var opener = new Opener.XWing(seed, Bytes.of(part(in)));
                var local = Secret.taking(part(in));
                var sealing = certificate(part(in));
                var chain = new ArrayList<X509Certificate>();
                for (int left = in.readByte(); left > 0 && chain.size() < MAX_CHAIN; left--) {
                    chain.add(certificate(part(in)));
                }
                if (in.read() != -1 || chain.isEmpty()) {
                    throw damaged();
                }
                var key = key(written, chain.getFirst().getPublicKey(), card);
                return new Keyring(id, key, chain, opener, sealing, local);
            } catch (IOException | GeneralSecurityException e) {
                throw damaged();
            }
        });
    }

    private static Refusal cardNeeded() {
        return Refusal.of(
                "card-needed",
                "署名の鍵はカードの中にあります。カードを指定してください（--card）",
                "The signing key is on a card; name the card (--card)");
    }

    private static X509Certificate certificate(byte... der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    static void secret(DataOutputStream out, Secret value) throws IOException {
        var copy = value.lend(byte[]::clone);
        part(out, copy);
        java.util.Arrays.fill(copy, (byte) 0);
    }

    static void part(DataOutputStream out, byte... value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
    }

    static byte[] part(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > MAX_PART) {
            throw damaged();
        }
        var value = in.readNBytes(size);
        if (value.length != size) {
            throw damaged();
        }
        return value;
    }

    static Refusal damaged() {
        return Refusal.of(
                "keyring-damaged",
                "鍵束ファイルが壊れています。控えから戻すか、新しい券で端末を登録し直してください",
                "The keyring file is damaged; restore it from a backup or enrol the device again with a new ticket");
    }

    /// A buffer whose content can be taken without leaving copies behind, as far as its growing allows.
    static final class WipedBuffer extends ByteArrayOutputStream {
        WipedBuffer() {
            super(MAX_PART);
        }

        Secret take() {
            var content = toByteArray();
            java.util.Arrays.fill(buf, (byte) 0);
            return Secret.taking(content);
        }
    }

    /// Names the owner only.
    @Override
    public String toString() {
        return "Keyring[" + id + "]";
    }
}
