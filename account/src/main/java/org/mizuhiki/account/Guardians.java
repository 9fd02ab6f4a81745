package org.mizuhiki.account;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Account.Guardian;
import org.mizuhiki.keys.Recoveries;
import org.mizuhiki.keys.Recoveries.Approval;
import org.mizuhiki.keys.Recoveries.Asked;
import org.mizuhiki.keys.Recoveries.Given;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;

/// Two of three: what guardians hold, and what they do. A share says nothing about the secret; it is closed
/// for its guardian, and closed anew for the asking device when the guardian approves.
public final class Guardians {
    static final int NEEDED = 2;
    static final int ALL = 3;

    private Guardians() {}

    /// What was made for a new slot.
    record Made(WayIn.OfGuardians way, List<Guardian> guardians) {}

    /// @param keys of three people, checked against the directory
    static Made split(PersonId person, String slot, SortedMap<PersonId, Reader.XWing> keys, Seals seals) {
        if (keys.size() != ALL || keys.containsKey(person)) {
            throw Refusal.of("guardians-three", "後見人は本人以外の3名を指定してください", "Name three guardians, other than yourself");
        }
        var split = seals.split(NEEDED, ALL);
        var guardians = new ArrayList<Guardian>();
        for (var guardian : keys.entrySet()) {
            int position = guardians.size() + 1;
            var context = kept(person, slot, position, guardian.getKey());
            var share = split.shares().get(position - 1);
            guardians.add(
                    new Guardian(guardian.getKey(), GuardedShare.close(share, guardian.getValue(), context, seals)));
        }
        split.shares().forEach(Secret::close);
        return new Made(new WayIn.OfGuardians(split.secret()), guardians);
    }

    /// Sixteen characters that the person reads to the guardians from the asking device: another device's,
    /// or a server's in its place, are others. Nothing in it is a server's to choose, which could otherwise
    /// draw names of recoveries until two keys have one code.
    public static String code(PersonId person, Bytes key) {
        return RecoveryCode.spoken(spoken(person, key));
    }

    private static Bytes spoken(PersonId person, Bytes key) {
        return Canonical.of(Map.of(
                        "purpose", "mizuhiki recovery code v2",
                        "person", person.value(),
                        "key", key.sha256().hex()))
                .encode();
    }

    /// What a guardian answers.
    ///
    /// @param typed the code that the person said
    /// @param opener the guardian's own
    /// @throws Refusal `recovery-code-differs`, `account-damaged`
    public static Approval approve(
            Asked asked, PersonId guardian, String typed, Opener.XWing opener, Author author, Seals seals) {
        // 1. it is the person's own device that asks
        if (!RecoveryCode.isSpoken(typed, spoken(asked.person(), asked.key()))) {
            throw No.codeDiffers();
        }
        // 2. the own share, for that device
        var context = kept(asked.person(), asked.slot(), asked.position(), guardian);
        try (var share = GuardedShare.open(asked.share(), opener, context, seals)) {
            var given = given(asked.person(), asked.id(), asked.position(), guardian);
            var closed = GuardedShare.close(share, new Reader.XWing(asked.key()), given, seals);
            // 3. signed, for this recovery only
            var statement = Recoveries.statement(asked.id(), asked.person(), guardian, asked.key(), closed);
            var signature = Crypto.signed(author.key(), seals.die(), statement.encode());
            return new Approval(asked.id(), closed, signature, encoded(author.chain()));
        }
    }

    /// The shares that open and are signed, by position; others are left out: one guardian who gives
    /// nonsense must not keep the other two from helping.
    static Map<Integer, Secret> shares(
            PersonId person, Digest recovery, List<Given> given, Opener.XWing opener, Identity identity, Seals seals) {
        var shares = new TreeMap<Integer, Secret>();
        for (var one : given) {
            share(person, recovery, one, opener, identity, seals).ifPresent(share -> shares.put(one.position(), share));
        }
        return shares;
    }

    private static Optional<Secret> share(
            PersonId person, Digest recovery, Given given, Opener.XWing opener, Identity identity, Seals seals) {
        try {
            var chain = chain(given.chain());
            // the server names guardian and certificate: only the region's roots say whose it is
            if (!identity.of(chain).equals(given.guardian())) {
                return Optional.empty();
            }
            var statement = Recoveries.statement(recovery, person, given.guardian(), opener.publicKey(), given.share());
            if (!Crypto.verifies(chain.getFirst().getPublicKey(), statement.encode(), given.signature())) {
                return Optional.empty();
            }
            var context = given(person, recovery, given.position(), given.guardian());
            return Optional.of(GuardedShare.open(given.share(), opener, context, seals));
        } catch (Refusal broken) {
            return Optional.empty();
        }
    }

    /// Whose certificate it is, as the region's roots say now.
    @FunctionalInterface
    public interface Identity {
        /// @throws Refusal when it is not of the region, over, or revoked
        PersonId of(List<X509Certificate> chain);
    }

    private static Bytes encoded(List<X509Certificate> chain) {
        var all = new ByteArrayOutputStream();
        try {
            for (var certificate : chain) {
                all.writeBytes(certificate.getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
        return Bytes.of(all.toByteArray());
    }

    private static List<X509Certificate> chain(Bytes encoded) {
        try (var in = new ByteArrayInputStream(encoded.toArray())) {
            var chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw No.damaged();
            }
            return chain;
        } catch (CertificateException | IOException e) {
            throw No.damaged();
        }
    }

    /// Every two of them, joined: all right ones give the same.
    static List<WayIn.OfGuardians> candidates(Map<Integer, Secret> shares) {
        var all = new ArrayList<WayIn.OfGuardians>();
        for (var one : shares.entrySet()) {
            for (var other : shares.entrySet()) {
                if (one.getKey() < other.getKey()) {
                    var two = Map.of(one.getKey(), one.getValue(), other.getKey(), other.getValue());
                    all.add(new WayIn.OfGuardians(Seals.joined(two)));
                }
            }
        }
        return all;
    }

    private static Canonical kept(PersonId person, String slot, int position, PersonId guardian) {
        return Canonical.of(Map.of(
                "purpose", "mizuhiki guardian v1 kept",
                "person", person.value(),
                "slot", slot,
                "position", Integer.toString(position),
                "guardian", guardian.value()));
    }

    private static Canonical given(PersonId person, Digest recovery, int position, PersonId guardian) {
        return Canonical.of(Map.of(
                "purpose", "mizuhiki guardian v1 given",
                "person", person.value(),
                "recovery", recovery.hex(),
                "position", Integer.toString(position),
                "guardian", guardian.value()));
    }
}
