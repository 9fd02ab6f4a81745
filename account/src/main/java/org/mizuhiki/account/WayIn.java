package org.mizuhiki.account;

import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;

/// Something that a person knows, has, or is given by guardians, out of which the key of one slot derives.
/// Each is 128 random bits at least, or came out of OPAQUE: what derives from it tests no guess.
public sealed interface WayIn extends AutoCloseable {
    SlotKind kind();

    Secret secret();

    @Override
    default void close() {
        secret().close();
    }

    /// @param secret OPAQUE's export key
    record Password(Secret secret) implements WayIn {
        @Override
        public SlotKind kind() {
            return SlotKind.PASSWORD;
        }
    }

    /// @param secret 16 bytes, see [RecoveryCode]
    record Code(Secret secret) implements WayIn {
        @Override
        public SlotKind kind() {
            return SlotKind.RECOVERY_CODE;
        }
    }

    /// @param secret 32 bytes that the passkey's PRF gives for [Passkey#salt]
    record OfPasskey(Secret secret) implements WayIn {
        @Override
        public SlotKind kind() {
            return SlotKind.PASSKEY;
        }
    }

    /// @param secret the card's signature, see [CardSignature]; alone it opens nothing
    record OfCard(Secret secret) implements WayIn {
        @Override
        public SlotKind kind() {
            return SlotKind.CARD;
        }
    }

    /// @param secret 32 bytes that two of three guardians' shares give
    record OfGuardians(Secret secret) implements WayIn {
        @Override
        public SlotKind kind() {
            return SlotKind.GUARDIANS;
        }
    }

    /// What the key server opens a session for; it keeps the digest. A password's session comes out of
    /// OPAQUE instead.
    default Bytes release(PersonId person) {
        var context = Map.of("person", person.value(), "kind", kind().word());
        try (var token = Derivation.derive(secret(), "release", context)) {
            return token.lend(Bytes::of);
        }
    }

    default Optional<Digest> releaseDigest(PersonId person) {
        return kind() == SlotKind.PASSWORD
                ? Optional.empty()
                : Optional.of(Digest.of(release(person).toArray()));
    }

    /// The keys of one slot: for this person, kind and name only.
    ///
    /// @param share what the key server adds; of cards
    default WayKey key(PersonId person, String name, Optional<Bytes> share, Seals seals) {
        var context = Map.of("person", person.value(), "kind", kind().word(), "name", name);
        try (var whole = Derivation.joined(secret(), share.map(Bytes::toArray).orElseGet(() -> new byte[0]))) {
            return new WayKey(
                    seals.readerKey(Derivation.derive(whole, "slot-key", context)),
                    Derivation.derive(whole, "slot-binder", context));
        }
    }

    /// @param opener for whom the slot is closed
    /// @param binder known to who has the way's secret and to who has opened the account, to no server: as
    /// anybody can close something for a public key, this is what tells a slot of the person's own from
    /// one that a server made up
    record WayKey(Opener.XWing opener, Secret binder) implements AutoCloseable {
        @Override
        public void close() {
            opener.seed().close();
            binder.close();
        }
    }
}
