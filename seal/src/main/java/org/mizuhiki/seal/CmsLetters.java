package org.mizuhiki.seal;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.der.Oids;
import org.mizuhiki.seal.kem.Hkdf;

/// Letters as CMS (RFC 5652): a CAdES signature with its stamp inside AuthEnvelopedData.
final class CmsLetters implements Letters {
    /// X-Wing, ECDH or OAEP slots; HKDF-SHA256; AES-256-GCM; ECDSA P-256 with SHA-256.
    static final String SUITE = "mizuhiki-letter-1";

    private static final int MAX_METADATA = 256 << 10;

    private final SecureRandom die;
    private final CadesSignatures signatures;
    private final Slots slots;

    CmsLetters(SecureRandom die) {
        this.die = die;
        this.signatures = new CadesSignatures(die);
        this.slots = new Slots(die);
    }

    @Override
    public SealedLetter close(
            Bytes content, Canonical metadata, Author author, StampAuthority stamps, List<? extends Reader> readers) {
        var about = metadata.encode();
        if (content.size() > MAX_CONTENT || about.size() > MAX_METADATA) {
            throw No.LETTER_TOO_LARGE.refusal();
        }
        var ids = readers.stream().map(Reader::keyId).distinct().count();
        if (readers.isEmpty() || readers.size() > LetterBody.MAX_SLOTS || ids != readers.size()) {
            throw No.READERS_MISSING.refusal();
        }
        var extra = List.of(CadesSignatures.attribute(Oids.METADATA, new DEROctetString(about.toArray())));
        var signed = signatures.sign(content, SUITE, extra, author, stamps);
        try (var key = random(LetterBody.KEY)) {
            var body = encrypt(signed, key).encode();
            return new SealedLetter(
                    body, readers.stream().map(r -> slots.wrap(key, r)).toList());
        }
    }

    private Secret random(int size) {
        var bytes = new byte[size];
        die.nextBytes(bytes);
        return Secret.taking(bytes);
    }

    private LetterBody encrypt(Bytes signed, Secret key) {
        var nonce = new byte[LetterBody.NONCE];
        die.nextBytes(nonce);
        var sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, signed.toArray());
        int end = sealed.length - LetterBody.TAG;
        return new LetterBody(
                Oids.LETTER_1,
                Bytes.of(nonce),
                Bytes.of(Arrays.copyOf(sealed, end)),
                Bytes.of(Arrays.copyOfRange(sealed, end, sealed.length)),
                commitment(key));
    }

    private static byte[] crypt(int mode, Secret key, byte[] nonce, byte[] input) {
        return key.lend(k -> No.SEAL_BROKEN.unless(() -> {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(k, "AES"), new GCMParameterSpec(8 * LetterBody.TAG, nonce));
            return cipher.doFinal(input);
        }));
    }

    private static Bytes commitment(Secret key) {
        var info = Bytes.utf8(SUITE + " key commitment").toArray();
        return Hkdf.derive(key, new byte[0], info, 32).lend(Bytes::of);
    }

    @Override
    public OpenedLetter open(SealedLetter letter, Opener opener) {
        var body = body(letter);
        try (var key = contentKey(letter, body, opener)) {
            var sealed = concatenated(body.ciphertext(), body.tag());
            var signed = crypt(Cipher.DECRYPT_MODE, key, body.nonce().toArray(), sealed);
            var checked = signatures.verify(Bytes.of(signed), SUITE, true, No.SIGNATURE_BROKEN);
            var metadata = No.SIGNATURE_BROKEN.unless(() -> Canonical.decode(
                    Bytes.of(ASN1OctetString.getInstance(checked.extra().get(Oids.METADATA))
                            .getOctets())));
            return new OpenedLetter(metadata, checked.content(), checked.by());
        }
    }

    private static byte[] concatenated(Bytes ciphertext, Bytes tag) {
        var all = Arrays.copyOf(ciphertext.toArray(), ciphertext.size() + tag.size());
        System.arraycopy(tag.toArray(), 0, all, ciphertext.size(), tag.size());
        return all;
    }

    private static LetterBody body(SealedLetter letter) {
        var body = No.SEAL_MALFORMED.unless(() -> LetterBody.parse(letter.body()));
        if (!Oids.LETTER_1.equals(body.suite())) {
            throw No.SUITE_UNKNOWN.refusal();
        }
        return body;
    }

    /// A slot from another letter gives another key: the commitment tells before anything is decrypted.
    private Secret contentKey(SealedLetter letter, LetterBody body, Opener opener) {
        var slot = letter.slots().stream()
                .filter(s -> s.keyId().equals(opener.keyId()))
                .findFirst()
                .orElseThrow(No.SEAL_NOT_FOR_YOU::refusal);
        var key = slots.unwrap(slot, opener);
        if (!commitment(key).equals(body.commitment())) {
            key.close();
            throw No.SEAL_BROKEN.refusal();
        }
        return key;
    }

    @Override
    public Slot addSlot(SealedLetter letter, Opener mine, Reader next) {
        try (var key = contentKey(letter, body(letter), mine)) {
            return slots.wrap(key, next);
        }
    }

    @Override
    public Bytes encode(SealedLetter letter) {
        return LetterBody.join(letter.body(), letter.slots());
    }

    @Override
    public SealedLetter decode(Bytes cms) {
        var letter = LetterBody.split(cms);
        body(letter);
        return letter;
    }
}
