package org.mizuhiki.pocket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.seal.Letters;
import org.mizuhiki.seal.Slot;

/// Fetches closed parts of letters and checks that the servers gave the right ones.
record Envelopes(Desk desk) {
    private static final int MAX_BODY = Letters.MAX_CONTENT + (4 << 20);
    private static final int MAX_SLOT = 1 << 16;

    /// What to do with a fetched blob.
    @FunctionalInterface
    interface Use<T> {
        T of(InputStream content) throws IOException;
    }

    /// The letter's sealed body; a letter's name is the digest of its body, so nothing else can be put in
    /// its place.
    Bytes body(Digest letter) {
        var body = fetch(letter, in -> Bytes.of(in.readNBytes(MAX_BODY + 1)));
        if (!body.sha256().equals(letter)) {
            throw swapped();
        }
        return body;
    }

    <T> T fetch(Digest blob, Use<T> use) {
        var file = desk.region().store().fetch(desk.me(), blob);
        return Disk.attempt(() -> {
            try (var in = Files.newInputStream(file)) {
                return use.of(in);
            } finally {
                if (file.startsWith(desk.device().folder())) {
                    Files.deleteIfExists(file); // what was fetched here is the store's to keep, not ours
                }
            }
        });
    }

    /// The one statement of the author about this letter.
    ///
    /// @throws Refusal `letter-unknown`, `letter-disputed`
    Attested<LetterSealed> statement(Digest letter, Collection<Attested<?>> said) {
        var found = new Said(java.util.List.copyOf(said))
                .of(LetterSealed.class).stream()
                        .filter(a -> a.statement().letter().equals(letter))
                        .toList();
        if (found.isEmpty()) {
            throw Refusal.of("letter-unknown", "その文書はないか、あなたには開けません", "No such letter, or not for you");
        }
        if (found.stream().map(a -> a.statement().id()).distinct().count() > 1) {
            throw Refusal.of(
                    "letter-disputed", "この文書には食い違う登録があります", "There are conflicting statements about this letter");
        }
        return found.getFirst();
    }

    /// Kept by the author: a slot opens nothing without the private key, so it may lie on the disk as it
    /// is.
    void keepSlot(Digest letter, Slot slot) {
        Disk.write(slotFile(letter), slot.encoded().toArray());
    }

    /// The author's own slot, from this disk, or from the key server against a disclosure when the disk
    /// was lost.
    Slot ownSlot(Digest letter, Attested<LetterSealed> sealed) {
        var file = slotFile(letter);
        if (Files.exists(file)) {
            return new Slot(desk.device().opener().keyId(), Bytes.of(Disk.read(file, MAX_SLOT)));
        }
        var disclosure = new Disclosure(
                desk.me(),
                sealed.statement().owner(),
                letter,
                java.util.Optional.empty(),
                "lateral-grant",
                desk.now(),
                desk.nonce());
        var slot =
                desk.region().keys().release(desk.me(), desk.sign(disclosure)).slot();
        keepSlot(letter, slot);
        return slot;
    }

    /// A reader's slot, from the key server against a disclosure; the one that the grant names.
    Slot grantedSlot(LateralGrant grant) {
        var disclosure = new Disclosure(
                desk.me(),
                grant.owner(),
                grant.letter(),
                java.util.Optional.of(grant.id()),
                "lateral-grant",
                desk.now(),
                desk.nonce());
        var slot =
                desk.region().keys().release(desk.me(), desk.sign(disclosure)).slot();
        if (!slot.encoded().sha256().equals(grant.slot())) {
            throw slotSwapped();
        }
        return slot;
    }

    static Refusal slotSwapped() {
        return Refusal.of(
                "slot-swapped",
                "鍵サーバが別の鍵を返しました。開封を中止します。運用者に連絡してください",
                "The key server answered with another slot than was granted; nothing is opened. Tell the operator");
    }

    private Path slotFile(Digest letter) {
        return Disk.folder(desk.device().folder().resolve("slots")).resolve(letter.hex());
    }

    static Refusal swapped() {
        return Refusal.of(
                "store-swapped",
                "データサーバが別のデータを返しました。開封を中止します。運用者に連絡してください",
                "The store answered with something else than was asked for; nothing is opened. Tell the operator");
    }
}
