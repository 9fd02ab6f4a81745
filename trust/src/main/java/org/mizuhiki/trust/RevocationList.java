package org.mizuhiki.trust;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The region's CRLs, fetched now and then, verified up to a pinned root, answered from memory. What is
/// older than `limit` is not believed: nobody gets in then (fail closed). A list older than the one held is
/// never taken (an attacker who replays yesterday's list would bring a revoked key back).
public final class RevocationList implements Standing, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationList.class);
    private static final int LARGEST = 64 << 20;

    /// Extensions of lists that tell a part only: as whole ones they would hide all other revocations.
    private static final String PART = "2.5.29.28";

    private static final String DELTA = "2.5.29.27";
    private static final int MOST_REGISTRARS = 10_000;
    private static final int LEVELS = 4;
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Published authority;
    private final List<X509Certificate> roots;
    private final Clock clock;
    private final Duration limit;
    private final Optional<Bytes> quantumSafe;
    private volatile Optional<CaList.Content> listed = Optional.empty();
    private volatile Set<X500Principal> retired = Set.of();
    private final AtomicReference<Map<X500Principal, HeldList>> held = new AtomicReference<>(Map.of());
    private volatile @Nullable Thread fetcher;

    /// @param limit how old a list may be, such as 24 hours
    public RevocationList(Published authority, List<X509Certificate> roots, Clock clock, Duration limit) {
        this(authority, roots, Optional.empty(), clock, limit);
    }

    /// The same for whoever pinned a region: if that says so, CAs must also be on the list that the root
    /// signed with its ML-DSA key.
    public RevocationList(Published authority, RegionTrust region, Clock clock, Duration limit) {
        this(authority, region.roots(), region.quantumSafeRoot(), clock, limit);
    }

    private RevocationList(
            Published authority,
            List<X509Certificate> roots,
            Optional<Bytes> quantumSafe,
            Clock clock,
            Duration limit) {
        this.authority = authority;
        this.roots = List.copyOf(roots);
        this.quantumSafe = quantumSafe;
        this.clock = clock;
        this.limit = limit;
    }

    /// Fetches all lists once.
    ///
    /// @throws Refusal `revocation-list-broken`, `clock-behind`, or the authority's own
    public synchronized void refresh() {
        var fresh = new HashMap<X500Principal, HeldList>();
        var root = KeyFiles.certificate(authority.certificate("root"));
        if (!roots.contains(root)) {
            throw broken(null);
        }
        var list = quantumSafe.map(
                pinned -> authority.caList().orElseThrow(CaList::forged).check(root, pinned));
        take(fresh, root, authority.crl("root"), true);
        // whoever pinned no second key has the names unchecked: the root's signature counts then
        var named = list.or(() -> authority.caList().map(CaList::content));
        var old = new HashSet<X500Principal>();
        for (var name : named.map(CaList.Content::issuing).orElseGet(authority::issuing)) {
            var ca = KeyFiles.certificate(authority.certificate(name));
            mustBeIssuedBy(root, ca);
            mustBeOn(list, ca);
            var why = named.flatMap(n -> Optional.ofNullable(n.retired().get(name)));
            why.ifPresent(w -> old.add(ca.getSubjectX500Principal()));
            if (why.isPresent() && !why.get().compromised()) {
                takeInstead(
                        fresh,
                        ca,
                        name,
                        named.get().current(CaName.bearing(name).orElseThrow()));
            } else {
                take(fresh, ca, authority.crl(name), false);
            }
        }
        takeRegistrars(fresh);
        listed = list;
        retired = Set.copyOf(old);
        held.set(Map.copyOf(fresh));
    }

    /// Whether the CA that issued this certificate was replaced: its holder renews at once, however much of
    /// its life remains. As the last lists said; no before the first.
    public boolean isOfRetiredCa(X509Certificate certificate) {
        return retired.contains(certificate.getIssuerX500Principal());
    }

    /// What a root certified must stand on its list, if this region has one: a root's ECDSA key that was
    /// computed from its public half certifies nobody.
    ///
    /// @throws Refusal `ca-list-forged`
    void mustBeListed(X509Certificate certificate) {
        boolean byRoot =
                roots.stream().anyMatch(r -> r.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()));
        if (byRoot && quantumSafe.isPresent()) {
            mustBeOn(Optional.of(listed.orElseGet(() -> new CaList.Content(Map.of(), Map.of()))), certificate);
        }
    }

    private static void mustBeOn(Optional<CaList.Content> list, X509Certificate certificate) {
        if (list.isPresent()
                && !list.get()
                        .certified()
                        .containsValue(KeyFiles.encoded(certificate).sha256())) {
            throw CaList.forged();
        }
    }

    /// Those registrars' CAs of which a certificate was seen: there may be thousands, and nobody meets all.
    private void takeRegistrars(Map<X500Principal, HeldList> into) {
        for (var list : held.get().values()) {
            var name = Subjects.registrarCa(list.ca().getSubjectX500Principal());
            try {
                name.ifPresent(n -> takeRegistrar(into, n, list.ca()));
            } catch (Refusal e) { // one that the authority knows no more, after a restore, must not stop all others
                LOG.warn("the list of {} could not be had: {}", list.ca().getSubjectX500Principal(), e.getMessage());
                into.put(list.ca().getSubjectX500Principal(), list); // and is believed until it is too old
            }
        }
    }

    /// The first time that one of its certificates is seen. An expired CA's list counts as ever: what its
    /// members signed while it lived is checked for longer than it lives.
    private synchronized @Nullable HeldList registrar(X500Principal issuer) {
        var name = Subjects.registrarCa(issuer);
        var now = held.get();
        if (name.isEmpty() || now.containsKey(issuer) || now.size() > MOST_REGISTRARS) {
            return now.get(issuer);
        }
        var more = new HashMap<>(now);
        try {
            takeRegistrar(more, name.get(), KeyFiles.certificate(authority.certificate(name.get())));
        } catch (Refusal e) {
            LOG.warn("the list of {} could not be had: {}", name.get(), e.getMessage());
            return null; // as any list that is missing
        }
        held.set(Map.copyOf(more));
        return more.get(issuer);
    }

    /// One below the person-CA: by its word, and not by who the authority says they are.
    private void takeRegistrar(Map<X500Principal, HeldList> into, String name, X509Certificate ca) {
        var above = into.get(ca.getIssuerX500Principal());
        if (above == null || above.ca().getBasicConstraints() < 1) {
            throw broken(null); // of the CAs below the root only the person-CA certifies others
        }
        if (!Subjects.registrarCa(ca.getSubjectX500Principal()).equals(Optional.of(name))) {
            throw broken(null); // one CA may not stand for another
        }
        mustBeIssuedBy(above.ca(), ca);
        take(into, ca, authority.crl(name), false);
    }

    /// Keeps fetching in the background until closed; a failure is logged and tried again, sooner.
    public synchronized RevocationList every(Duration pause) {
        if (fetcher == null) {
            fetcher = Thread.ofVirtual().name("revocation-lists").start(() -> fetch(pause));
        }
        return this;
    }

    @Override
    public void check(X509Certificate certificate) {
        if (revoked(certificate, "standing-unknown").isPresent()) {
            throw revoked();
        }
    }

    /// When the certificate was revoked, if it was, as far as fresh lists say.
    ///
    /// @throws Refusal `revocation-unknown`
    Optional<Instant> revokedAt(X509Certificate certificate) {
        return revoked(certificate, "revocation-unknown");
    }

    /// Of a certificate or of a CA above it, whichever was first.
    private Optional<Instant> revoked(X509Certificate certificate, String unknown) {
        var lists = held.get();
        var first = Optional.<Instant>empty();
        var asked = certificate;
        for (int level = 0; level < LEVELS; level++) {
            var list = lists.get(asked.getIssuerX500Principal());
            if (list == null) {
                list = registrar(asked.getIssuerX500Principal());
            }
            var at = entry(list, asked, unknown);
            first = Stream.of(first, at).flatMap(Optional::stream).min(Instant::compareTo);
            if (list == null || list.root()) {
                return first;
            }
            asked = list.ca();
        }
        throw broken(null); // longer than any chain of ours
    }

    private Optional<Instant> entry(@Nullable HeldList list, X509Certificate certificate, String unknown) {
        var now = clock.instant();
        if (list == null
                || now.isAfter(list.nextUpdate())
                || (!list.root() && now.isAfter(list.thisUpdate().plus(limit)))) {
            throw Refusal.of(
                    unknown,
                    "証明書の失効情報が取得できないか古いため、確認できません。しばらくしてからやり直してください（端末の時計も確認してください）",
                    "Revocation information is missing or too old to rely on; try again later, and check this device's clock");
        }
        return list.revokedAt(certificate);
    }

    private void take(Map<X500Principal, HeldList> into, X509Certificate ca, Bytes der, boolean root) {
        take(into, ca, der, root, crl -> {
            verify(crl, ca);
            if (crl.getExtensionValue(PART) != null) {
                throw broken(null);
            }
        });
    }

    /// The list of a CA whose key is lost, signed by the one that follows it.
    private void takeInstead(Map<X500Principal, HeldList> into, X509Certificate ca, String name, String successor) {
        var signer = KeyFiles.certificate(authority.certificate(successor));
        take(into, ca, authority.crl(name), false, crl -> {
            verify(crl, signer);
            if (!Instead.isOf(crl, ca, name)) {
                throw broken(null);
            }
        });
    }

    private static void verify(X509CRL crl, X509Certificate signer) {
        try {
            crl.verify(signer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
        if (!crl.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
            throw broken(null);
        }
    }

    /// @param check of signer and scope
    private void take(
            Map<X500Principal, HeldList> into, X509Certificate ca, Bytes der, boolean root, Consumer<X509CRL> check) {
        var name = ca.getSubjectX500Principal();
        var before = held.get().get(name);
        if (before != null && before.ca().equals(ca) && before.of().equals(der.sha256())) {
            into.put(name, before); // nothing new, nothing to read
            return;
        }
        var crl = read(der);
        check.accept(crl);
        boolean whole = !crl.hasUnsupportedCriticalExtension()
                && crl.getExtensionValue(DELTA) == null
                && crl.getNextUpdate() != null;
        if (!whole) {
            throw broken(null);
        }
        mustHaveBegun(crl.getThisUpdate().toInstant());
        boolean older = before != null && crl.getThisUpdate().toInstant().isBefore(before.thisUpdate());
        into.put(name, older ? before : HeldList.of(ca, root, der.sha256(), crl));
    }

    /// What its issuer signed is not from the future: this clock is behind.
    private void mustHaveBegun(Instant begin) {
        if (begin.isAfter(clock.instant().plus(SKEW))) {
            throw Refusal.of(
                    "clock-behind",
                    "認定局の失効リストより、この端末の時計が5分以上遅れています。時計を合わせてからもう一度実行してください",
                    "This device's clock is more than five minutes behind the authority's revocation lists;"
                            + " set it and try again");
        }
    }

    private static X509CRL read(Bytes der) {
        if (der.size() > LARGEST) {
            throw broken(null);
        }
        try {
            return (X509CRL)
                    CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der.toArray()));
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }

    private void mustBeIssuedBy(X509Certificate root, X509Certificate ca) {
        try {
            ca.verify(root.getPublicKey());
            mustHaveBegun(ca.getNotBefore().toInstant());
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
        var usage = ca.getKeyUsage();
        if (ca.getBasicConstraints() < 0 || usage == null || !usage[6]) {
            throw broken(null);
        }
    }

    private void fetch(Duration pause) {
        while (fetcher != null) {
            var wait = pause;
            try {
                refresh();
            } catch (RuntimeException e) {
                LOG.warn("revocation lists could not be fetched: {}", e.getMessage());
                wait = pause.dividedBy(10);
            }
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        var running = fetcher;
        fetcher = null;
        if (running != null) {
            running.interrupt();
        }
    }

    static Refusal revoked() {
        return Refusal.of("certificate-revoked", "この証明書は失効しています", "The certificate was revoked");
    }

    private static Refusal broken(@Nullable Throwable cause) {
        var ja = "失効リストの署名または発行者が正しくありません";
        var en = "A revocation list's signature or issuer is wrong";
        return cause == null
                ? Refusal.of("revocation-list-broken", ja, en)
                : Refusal.of("revocation-list-broken", ja, en, cause);
    }
}
