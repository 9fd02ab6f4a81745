package org.mizuhiki.bridge;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.mail.Judged;
import org.mizuhiki.mail.ReadMail;
import org.mizuhiki.pocket.Kept;
import org.mizuhiki.seal.MailSeals.Form;
import org.mizuhiki.wire.Json;

/// Certificates of people elsewhere, learned from mail whose signature was believed, or from a file. The
/// first one counts;
/// another one later waits until its owner is asked and it is accepted by hand. Each is judged again
/// whenever it is used.
public final class Partners {
    private static final String FILE = "partners";
    private static final int MOST = 5000;

    private final Kept kept;
    private final Clock clock;

    Partners(Kept kept, Clock clock) {
        this.kept = kept;
        this.clock = clock;
    }

    /// @param certificates DER, the person's own first
    /// @param next another one that came since, and waits to be accepted
    public record Partner(
            String address, List<Bytes> certificates, Form reads, Instant since, Optional<List<Bytes>> next) {
        public Partner {
            certificates = List.copyOf(certificates);
        }

        /// SHA-256 of the certificate in use.
        public Digest fingerprint() {
            return certificates.getFirst().sha256();
        }
    }

    public List<Partner> all() {
        return kept.read(FILE).map(b -> Json.readList(b, Partner.class)).orElse(List.of());
    }

    public Optional<Partner> find(String address) {
        var lower = address.toLowerCase(Locale.ROOT);
        return all().stream().filter(p -> p.address().equals(lower)).findFirst();
    }

    /// @return a note when the certificate is not the one that was known
    synchronized Optional<ReadMail.Note> learn(String address, ReadMail mail) {
        if (!(mail.signature() instanceof Judged.Believed)) {
            return Optional.empty();
        }
        return keep(address, mail.certificates(), mail.answering());
    }

    synchronized Optional<ReadMail.Note> keep(String address, List<Bytes> certificates, Form reads) {
        var lower = address.toLowerCase(Locale.ROOT);
        var all = new ArrayList<>(all());
        var known = find(lower);
        if (known.isEmpty()) {
            if (all.size() >= MOST) {
                return Optional.empty();
            }
            all.add(new Partner(lower, certificates, reads, clock.instant(), Optional.empty()));
            kept.write(FILE, Json.write(all));
            return Optional.of(new ReadMail.Note(
                    "この差出人の証明書を覚えました（指紋 " + shortOf(certificates) + "）",
                    "This sender's certificate was learned (fingerprint " + shortOf(certificates) + ")"));
        }
        if (known.get().certificates().getFirst().equals(certificates.getFirst())) {
            return Optional.empty();
        }
        var old = known.get();
        all.remove(old);
        all.add(new Partner(lower, old.certificates(), old.reads(), old.since(), Optional.of(certificates)));
        kept.write(FILE, Json.write(all));
        return Optional.of(new ReadMail.Note(
                "この差出人の証明書が、覚えているもの（" + shortOf(old.certificates()) + "）から変わりました（" + shortOf(certificates)
                        + "）。本人に確かめてから「mizuhiki mail partner accept " + lower + "」で受け入れてください",
                "This sender's certificate changed from the known one (" + shortOf(old.certificates()) + ") to "
                        + shortOf(certificates) + "; ask the person, then accept it: mizuhiki mail partner accept "
                        + lower));
    }

    private static String shortOf(List<Bytes> certificates) {
        return certificates.getFirst().sha256().hex().substring(0, 16);
    }

    /// From now on the other certificate counts.
    ///
    /// @throws Refusal `partner-unknown`, `partner-unchanged`
    public synchronized Partner accept(String address) {
        var old = find(address).orElseThrow(Partners::unknown);
        var next = old.next()
                .orElseThrow(() -> Refusal.of(
                        "partner-unchanged", "受け入れを待つ証明書はありません", "No other certificate waits to be accepted"));
        var all = new ArrayList<>(all());
        all.remove(old);
        var accepted = new Partner(old.address(), next, old.reads(), clock.instant(), Optional.empty());
        all.add(accepted);
        kept.write(FILE, Json.write(all));
        return accepted;
    }

    /// To write to.
    ///
    /// @throws Refusal `partner-unknown`, `partner-changed`
    Partner reader(String address) {
        var found = find(address).orElseThrow(Partners::unknown);
        if (found.next().isPresent()) {
            throw Refusal.of(
                    "partner-changed",
                    "この相手の証明書が変わっています。本人に確かめ、「mizuhiki mail partner accept」で受け入れてから送ってください",
                    "This partner's certificate changed; ask the person, accept it (mizuhiki mail partner accept), then send");
        }
        return found;
    }

    private static Refusal unknown() {
        return Refusal.of(
                "partner-unknown",
                "この相手の証明書を知りません。署名付きメールを受け取るか、「mizuhiki mail partner add」でファイルから登録してください",
                "This partner's certificate is not known: receive a signed mail, or add it from a file (mizuhiki mail partner"
                        + " add)");
    }
}
