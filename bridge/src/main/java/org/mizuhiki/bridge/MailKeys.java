package org.mizuhiki.bridge;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Kept;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.MailSeals;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Mailboxes;
import org.mizuhiki.trust.Renewal;
import org.mizuhiki.wire.Json;

/// The keys of a person's mailbox, made on the device and kept closed there; old ones stay to open old
/// mail.
final class MailKeys {
    private static final String FILE = "keys";
    private static final String PENDING = "keys.pending";

    private final Kept kept;
    private final Clock clock;
    private final SecureRandom die;

    MailKeys(Kept kept, Clock clock, SecureRandom die) {
        this.kept = kept;
        this.clock = clock;
        this.die = die;
    }

    /// @param secret PKCS#8
    /// @param chain DER, own first
    record Pair(Bytes secret, List<Bytes> chain) {
        Pair {
            chain = List.copyOf(chain);
        }

        MailSeals.Key key() {
            return new MailSeals.Key(KeyFiles.certificate(chain.getFirst()), opened(secret));
        }

        Author author() {
            return new Author(
                    opened(secret), chain.stream().map(KeyFiles::certificate).toList());
        }

        /// Nothing of the key.
        @Override
        public String toString() {
            return "Pair[redacted]";
        }
    }

    /// The newest first; nobody wrote or can write to a mailbox without any.
    List<Pair> all() {
        return kept.read(FILE).map(b -> Json.readList(b, Pair.class)).orElse(List.of());
    }

    List<MailSeals.Key> openers() {
        return all().stream().map(Pair::key).toList();
    }

    /// @throws Refusal `mailbox-missing`
    Pair current() {
        return all().stream()
                .findFirst()
                .orElseThrow(() -> Refusal.of(
                        "mailbox-missing",
                        "メールボックスがまだありません。「mizuhiki mail open」で開いてください",
                        "There is no mailbox yet; open one with: mizuhiki mail open"));
    }

    /// Makes the first key, or the next one when a third of the certificate's life remains. What a crash
    /// or a lost answer
    /// cut off is finished with the same key.
    ///
    /// @return whether there is a new one
    boolean renewIfDue(Device device, Mailboxes authority) {
        var all = all();
        if (!all.isEmpty() && !Renewal.due(all.getFirst().key().certificate(), clock)) {
            return false;
        }
        // 1. the key is on disk before anybody is asked
        var pair = pending();
        // 2. one round trip; the person's own key says who asks
        var own = device.author();
        var request = EnrolmentRequests.server(pair).signing();
        var chain = authority.open(Mailboxes.Asked.of(own.key(), own.certificate(), request));
        // 3. it is for this key
        if (!chain.getFirst().getPublicKey().equals(pair.getPublic())) {
            throw Refusal.of(
                    "certificate-not-mine",
                    "認証局がこの端末の鍵ではない証明書を返しました",
                    "The authority answered with a certificate for another key");
        }
        // 4. keep it
        var more = new ArrayList<Pair>();
        more.add(new Pair(
                Bytes.of(pair.getPrivate().getEncoded()),
                chain.stream().map(KeyFiles::encoded).toList()));
        more.addAll(all);
        kept.write(FILE, Json.write(more));
        kept.remove(PENDING);
        return true;
    }

    private record Unasked(Bytes secret, Bytes open) {
        /// Nothing of the key.
        @Override
        public String toString() {
            return "Unasked[redacted]";
        }
    }

    private KeyPair pending() {
        Optional<Bytes> there = kept.read(PENDING);
        if (there.isPresent()) {
            var unasked = Json.read(there.get(), Unasked.class);
            try {
                var open = KeyFactory.getInstance("EC")
                        .generatePublic(new X509EncodedKeySpec(unasked.open().toArray()));
                return new KeyPair(open, opened(unasked.secret()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("what was kept closed is what was written", e);
            }
        }
        var pair = KeyFiles.newKeyPair(die);
        var unasked = new Unasked(
                Bytes.of(pair.getPrivate().getEncoded()),
                Bytes.of(pair.getPublic().getEncoded()));
        kept.write(PENDING, Json.write(unasked));
        return pair;
    }

    private static java.security.PrivateKey opened(Bytes pkcs8) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what was kept closed is what was written", e);
        }
    }
}
