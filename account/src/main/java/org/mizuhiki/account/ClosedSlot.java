package org.mizuhiki.account;

import java.util.Map;
import java.util.Optional;
import org.mizuhiki.account.WayIn.WayKey;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.Slot;

/// One way to the master key, as the key server keeps it. The master key is closed for the X-Wing key that
/// derives from the way's secret, and bound by a key that no server has: closing a new one needs the
/// register of the account, not the way's secret. Person, kind, name, epoch
/// and notes are authenticated: it opens in no other place.
///
/// @param epoch of the master key inside
/// @param publicKey X-Wing
/// @param wrapped a key of its own, wrapped for `publicKey`
/// @param content the master key, closed under that
/// @param notes what a device needs to use this way, such as a passkey's credential; not secret
record ClosedSlot(
        SlotKind kind, String name, long epoch, Bytes publicKey, Bytes wrapped, Bytes content, Canonical notes) {
    private static final String FORM = "1";

    static ClosedSlot close(MasterKey master, Way way, Seals seals) {
        try (var key = MasterKey.fresh(master.person(), 1, seals.die())) {
            var wrapped = seals.wrap(key.key(), new Reader.XWing(way.publicKey()));
            var context =
                    context(master.person(), way.kind(), way.name(), master.epoch(), way.publicKey(), way.notes());
            try (var own = contentKey(key.key(), way.binder())) {
                var content = Closed.close(own, context, master.key(), seals.die());
                return new ClosedSlot(
                        way.kind(),
                        way.name(),
                        master.epoch(),
                        way.publicKey(),
                        wrapped.encoded(),
                        content,
                        way.notes());
            }
        }
    }

    private static Secret contentKey(Secret wrapped, Secret binder) {
        try (var both = binder.lend(b -> Derivation.joined(wrapped, b))) {
            return Derivation.derive(both, "slot-content", Map.of());
        }
    }

    boolean isFor(WayKey key) {
        return publicKey.equals(key.opener().publicKey());
    }

    /// @throws Refusal `account-damaged`
    MasterKey open(PersonId person, WayKey key, Seals seals) {
        if (!isFor(key)) {
            throw No.damaged();
        }
        var opener = key.opener();
        var context = context(person, kind, name, epoch, opener.publicKey(), notes);
        try (var inside = seals.unwrap(new Slot(opener.keyId(), wrapped), opener);
                var own = contentKey(inside, key.binder())) {
            return new MasterKey(person, epoch, Closed.open(own, context, content));
        } catch (Refusal broken) {
            throw No.damaged();
        }
    }

    private static Canonical context(
            PersonId person, SlotKind kind, String name, long epoch, Bytes publicKey, Canonical notes) {
        return Canonical.of(Map.of(
                "person", person.value(),
                "kind", kind.word(),
                "name", name,
                "epoch", Long.toString(epoch),
                "key", publicKey.sha256().hex(),
                "notes", notes.digest().hex()));
    }

    Bytes encode() {
        return Canonical.of(Map.of(
                        "form", FORM,
                        "kind", kind.word(),
                        "name", name,
                        "epoch", Long.toString(epoch),
                        "key", publicKey.asBase64(),
                        "wrapped", wrapped.asBase64(),
                        "content", content.asBase64(),
                        "notes", notes.encode().asUtf8()))
                .encode();
    }

    /// @throws Refusal `account-damaged`
    static ClosedSlot decode(Bytes encoded) {
        try {
            var fields = Canonical.decode(encoded);
            var slot = new ClosedSlot(
                    SlotKind.of(fields.get("kind")),
                    fields.get("name"),
                    Long.parseLong(fields.get("epoch")),
                    Bytes.base64(fields.get("key")),
                    Bytes.base64(fields.get("wrapped")),
                    Bytes.base64(fields.get("content")),
                    Canonical.decode(Bytes.utf8(fields.get("notes"))));
            if (!slot.encode().equals(encoded) || slot.publicKey.size() != Reader.XWing.SIZE) {
                throw No.damaged();
            }
            return slot;
        } catch (Refusal | NumberFormatException e) {
            throw No.damaged();
        }
    }

    /// What the register of an account holds of a way in.
    ///
    /// @param binder see [WayIn.WayKey]
    /// @param release SHA-256 of what opens a session; empty for a password
    /// @param at when it was added, ISO 8601
    record Way(SlotKind kind, String name, Bytes publicKey, Secret binder, String release, String at, Canonical notes) {
        Canonical canonical() {
            return Canonical.of(Map.of(
                    "kind", kind.word(),
                    "name", name,
                    "key", publicKey.asBase64(),
                    "binder", binder.lend(Bytes::of).asBase64(),
                    "release", release,
                    "at", at,
                    "notes", notes.encode().asUtf8()));
        }

        static Way read(Canonical fields) {
            return new Way(
                    SlotKind.of(fields.get("kind")),
                    fields.get("name"),
                    Bytes.base64(fields.get("key")),
                    Secret.taking(Bytes.base64(fields.get("binder")).toArray()),
                    fields.get("release"),
                    fields.get("at"),
                    Canonical.decode(Bytes.utf8(fields.get("notes"))));
        }

        Optional<Digest> releaseDigest() {
            return release.isEmpty() ? Optional.empty() : Optional.of(new Digest(release));
        }
    }
}
