package org.mizuhiki.seal;

import java.security.SecureRandom;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.kem.Hkdf;
import org.mizuhiki.seal.kem.XWing;

/// The door: hands out the room's workers. All randomness comes from `die`.
public record Seals(SecureRandom die) {
    public Letters letters() {
        return new CmsLetters(die);
    }

    /// For people of other PKIs.
    public MailSeals mail() {
        return new CmsMail(die);
    }

    public SignedRecords records() {
        return new CadesRecords(die);
    }

    /// Segments of 64 KiB.
    public Streams streams() {
        return streams(64 << 10);
    }

    /// @param segment bytes of a segment, 64 KiB to 1 MiB; who opens must ask for the same size
    public Streams streams(int segment) {
        return new SegmentStreams(die, segment);
    }

    public SealedFiles files() {
        return new DiskFiles(letters(), streams(), Letters.MAX_CONTENT);
    }

    public Stamps stamps() {
        return new Rfc3161Stamps(die);
    }

    public PassphraseBox boxes() {
        return new Argon2Box(die, Argon2Box.Cost.USUAL);
    }

    /// Wraps a 32-byte secret, such as a VPN's preshared key, for one reader.
    ///
    /// @throws org.mizuhiki.house.Refusal `reader-key-malformed`
    public Slot wrap(Secret secret, Reader reader) {
        return new Slots(die).wrap(secret, reader);
    }

    /// @throws org.mizuhiki.house.Refusal `seal-broken`, also when it was wrapped for another key
    public Secret unwrap(Slot slot, Opener opener) {
        return new Slots(die).unwrap(slot, opener);
    }

    /// A fresh X-Wing key pair.
    public Opener.XWing newReaderKey() {
        var pair = XWing.generate(die);
        return new Opener.XWing(pair.seed(), pair.publicKey());
    }

    /// The X-Wing key pair of a seed, the same for the same seed.
    ///
    /// @param seed 32 secret bytes that nobody can guess; the opener's from here on
    public Opener.XWing readerKey(Secret seed) {
        return new Opener.XWing(seed, XWing.publicKey(seed));
    }

    /// A fresh secret in `shares` shares, any `needed` of which give it back.
    public SplitSecret split(int needed, int shares) {
        return SplitSecret.of(needed, shares, die);
    }

    /// The secret of these shares, by position; another one if one is wrong or too few are there.
    public static Secret joined(java.util.Map<Integer, Secret> shares) {
        return SplitSecret.joined(shares);
    }

    /// One of many secrets that come out of another (HKDF-SHA-256); none tells anything about the others.
    ///
    /// @param secret at least 128 random bits, no passphrase
    /// @param label what it is for, with a version
    public Secret derive(Secret secret, String label, int size) {
        return Hkdf.derive(secret, new byte[0], Bytes.utf8(label).toArray(), size);
    }
}
