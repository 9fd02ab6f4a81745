package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Renewal;
import org.mizuhiki.trust.Renewals;
import org.mizuhiki.wire.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server's or gateway's own certificate, which it renews by itself, with a new key, while it serves. In
/// the folder: `key.pem` and `chain.pem`; while renewing also `next-key.pem`, `next-request.der` and, once
/// the answer is there, `next-chain.pem`: from that moment the next start finishes what a crash cut off.
final class OwnIdentity implements Supplier<Identity>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnIdentity.class);
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Path folder;
    private final List<X509Certificate> roots;
    private final Clock clock;
    private final SecureRandom die;
    private final List<Consumer<Identity>> told = new CopyOnWriteArrayList<>();
    private volatile Identity current;
    private @Nullable Chores looking;

    /// @param folder with the key and chain of [ServerIdentity]
    OwnIdentity(Path folder, List<X509Certificate> roots, Clock clock, SecureRandom die) {
        this.folder = folder;
        this.roots = List.copyOf(roots);
        this.clock = clock;
        this.die = die;
        this.current = take();
    }

    @Override
    public Identity get() {
        return current;
    }

    /// Tells `listener` of every identity from the next one on.
    OwnIdentity telling(Consumer<Identity> listener) {
        told.add(listener);
        return this;
    }

    /// Looks every minute whether it is time, until closed.
    ///
    /// @param hurried whether a certificate is to be renewed however much of its life remains
    synchronized OwnIdentity keptUp(Renewals renewals, Predicate<X509Certificate> hurried) {
        if (looking == null) {
            looking = Chores.every(LOOK, "certificate-renewal", () -> renewIfDue(renewals, hurried));
        }
        return this;
    }

    /// @throws Refusal those of [Renewals], `certificate-not-mine`; the certificate in use stays
    synchronized void renewIfDue(Renewals renewals, Predicate<X509Certificate> hurried) {
        var before = current;
        var own = before.chain().getFirst();
        if (!Renewal.due(own, clock) && !hurried.test(own)) {
            return;
        }
        try {
            // 1. key and request are on disk before anybody is asked
            var request = request();
            var enrolled = renewals.renew(Renewals.Asked.of(before.key(), own, request));
            mustBeMine(enrolled.signing(), KeyFiles.readKey(folder.resolve("next-key.pem")));
            // 2. from here on a crash is mended by the next start
            KeyFiles.writeChain(folder.resolve("next-chain.pem"), enrolled.signing());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        current = take();
        told.forEach(t -> t.accept(current));
        LOG.info(
                "certificate renewed until {}",
                current.chain().getFirst().getNotAfter().toInstant());
    }

    private Enrolment.Request request() throws IOException {
        var file = folder.resolve("next-request.der");
        if (!Files.exists(file)) {
            var pair = KeyFiles.newKeyPair(die);
            KeyFiles.writeKey(folder.resolve("next-key.pem"), pair.getPrivate());
            var draft = folder.resolve("next-request.draft");
            Files.write(draft, EnrolmentRequests.server(pair).signing().toArray());
            Folders.sync(draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            Folders.sync(folder);
        }
        return new Enrolment.Request(Bytes.of(Files.readAllBytes(file)), Optional.empty(), Optional.empty());
    }

    /// Moves the key, then the chain: while `next-chain.pem` is there, both moves can be done again.
    private Identity take() {
        try {
            var chain = folder.resolve("next-chain.pem");
            if (Files.exists(chain)) {
                var key = folder.resolve("next-key.pem");
                if (Files.exists(key)) {
                    Files.move(key, folder.resolve("key.pem"), StandardCopyOption.ATOMIC_MOVE);
                    Folders.sync(folder);
                }
                Files.deleteIfExists(folder.resolve("next-request.der"));
                Files.move(chain, folder.resolve("chain.pem"), StandardCopyOption.ATOMIC_MOVE);
                Folders.sync(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        var chain = new ArrayList<>(KeyFiles.readChain(folder.resolve("chain.pem")));
        return new Identity(KeyFiles.readKey(folder.resolve("key.pem")), chain, roots);
    }

    /// A certificate for another key would lock this server out.
    private static void mustBeMine(List<X509Certificate> chain, PrivateKey key) {
        var said = Bytes.utf8("mine");
        if (!Crypto.verifies(chain.getFirst().getPublicKey(), said, Crypto.signed(key, said))) {
            throw notMine();
        }
    }

    private static Refusal notMine() {
        return Refusal.of(
                "certificate-not-mine",
                "認証局がこのサーバーの鍵ではない証明書を返しました。更新を中止します",
                "The authority answered with a certificate for another key; the renewal stops");
    }

    @Override
    public synchronized void close() {
        if (looking != null) {
            looking.close();
        }
    }
}
