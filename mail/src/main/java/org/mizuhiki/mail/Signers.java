package org.mizuhiki.mail;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.ForeignRoot;
import org.mizuhiki.trust.ForeignRootList;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Mailboxes;
import org.mizuhiki.trust.Reason;
import org.mizuhiki.trust.Stranger;
import org.mizuhiki.trust.StrangerCheck;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.trust.Verdict;

/// Are the people at the other end to be believed? People of this region by its own CAs, all others
/// under the roots
/// that
/// the region trusts; nothing that came with a mail adds a root.
public final class Signers {
    private final StrangerCheck strangers;
    private final Supplier<ForeignRootList> roots;
    private final Validator own;
    private final String domain;
    private final Clock clock;

    /// @param domain of this region's mailboxes
    public Signers(
            StrangerCheck strangers, Supplier<ForeignRootList> roots, Validator own, String domain, Clock clock) {
        this.strangers = strangers;
        this.roots = roots;
        this.own = own;
        this.domain = domain;
        this.clock = clock;
    }

    /// Judges today, as no stamp proves when a mail was signed.
    ///
    /// @param certificates as they came, the signer's first
    /// @param address of the sender, as the mail claims it
    public Judged signer(List<Bytes> certificates, String address) {
        return judged(certificates, address, ForeignRoot.Purpose.MAIL_SIGNING);
    }

    /// May a letter to this address be closed for this certificate?
    ///
    /// @throws Refusal the reason why not
    public Judged.Believed reader(List<Bytes> certificates, String address) {
        return switch (judged(certificates, address, ForeignRoot.Purpose.MAIL_ENCRYPTION)) {
            case Judged.Believed believed -> believed;
            case Judged.Doubted doubted -> throw Refusal.of(doubted.code(), doubted.why(), doubted.whyEnglish());
            case Judged.Broken _, Judged.Unsigned _ -> throw new IllegalStateException("no signature was asked for");
        };
    }

    private Judged judged(List<Bytes> certificates, String address, ForeignRoot.Purpose purpose) {
        var subject = subject(certificates.getFirst());
        if (address.endsWith("@" + domain)) {
            return ofRegion(certificates, address, subject);
        }
        return switch (strangers.check(Stranger.of(certificates).from(address), purpose, clock.instant())) {
            case Verdict.Accepted(var path, var root, var _, var _, var offline) ->
                new Judged.Believed(
                        subject, name(root) + (offline ? " (offline)" : ""), KeyFiles.encoded(path.getFirst()));
            case Verdict.Refused(var reason) -> doubted(subject, reason);
        };
    }

    private Judged ofRegion(List<Bytes> certificates, String address, String subject) {
        try {
            var chain = certificates.stream().map(KeyFiles::certificate).toList();
            own.check(chain, Validator.Purpose.MAIL, clock.instant());
            if (!Mailboxes.address(chain.getFirst()).equals(address)) {
                return doubted(subject, new Reason.OtherAddress());
            }
            return new Judged.Believed(subject, domain, certificates.getFirst());
        } catch (Refusal refusal) {
            return new Judged.Doubted(subject, refusal.code(), refusal.japanese(), refusal.english());
        }
    }

    private static Judged doubted(String subject, Reason reason) {
        var said = reason.refusal();
        return new Judged.Doubted(subject, said.code(), said.japanese(), said.english());
    }

    private String name(org.mizuhiki.house.Digest root) {
        return roots.get().roots().stream()
                .filter(r -> r.digest().equals(root))
                .map(r -> Headers.oneLine(
                        r.certificate().getSubjectX500Principal().getName()))
                .findFirst()
                .orElse("?");
    }

    private static String subject(Bytes certificate) {
        try {
            return Headers.oneLine(
                    KeyFiles.certificate(certificate).getSubjectX500Principal().getName());
        } catch (Refusal unreadable) {
            return "?";
        }
    }
}
