package org.mizuhiki.apps.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.mizuhiki.bridge.Correspondence;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.mail.RemoteMailbox;
import org.mizuhiki.mail.Signers;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Kept;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Freshness;
import org.mizuhiki.trust.KnownForeignRoots;
import org.mizuhiki.trust.MailboxRoutes;
import org.mizuhiki.trust.Mailboxes;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.RemoteForeignRoots;
import org.mizuhiki.trust.StrangerCheck;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Peers;

/// A person's mail as all commands about it open it: device, pocket, mail server, foreign roots.
public record MailSession(Device device, Pocket pocket, Kept kept, Correspondence mail, StrangerCheck strangers)
        implements AutoCloseable {
    /// @throws Refusal `mail-not-here` in a region without a mail server
    public static MailSession open(
            Device device, Region region, RegionFile file, java.time.Clock clock, java.security.SecureRandom die)
            throws IOException {
        var address = file.mail()
                .orElseThrow(
                        () -> Refusal.of("mail-not-here", "この地域にはメールサーバーがありません", "This region has no mail server"));
        var identity = device.identity(file.trust().roots());
        var authority = Peers.connect(URI.create(file.authority()), identity, die);
        // 1. which foreign roots the region trusts, proven by the ledger
        var folder = Files.createDirectories(device.folder().resolve("strangers"));
        var trust = file.trust();
        var evidence = new OfflineEvidenceCheck(new Seals(die).stamps(), new PinnedStampRoots(trust.roots()));
        var roots = KnownForeignRoots.open(evidence, trust.log(), folder.resolve("foreign-roots.json"), clock);
        roots.refresh(new RemoteForeignRoots(authority));
        var strangers = new StrangerCheck(roots::current, Freshness.usual(), folder.resolve("answers"), clock);
        // 2. the mailbox
        var domain = Mailboxes.domain(file.region());
        var pocket = new Pocket(device, region, clock, die);
        var kept = pocket.kept("mail");
        var mail = new Correspondence(
                device,
                kept,
                new RemoteMailbox(Peers.connect(URI.create(address), identity, die)),
                MailboxRoutes.remote(authority),
                new Signers(strangers, roots::current, region.validator(), domain, clock),
                domain,
                name(device, region, clock),
                clock,
                die);
        return new MailSession(device, pocket, kept, mail, strangers);
    }

    /// A professional's name, as it stands in every letter; a patient's is nowhere.
    private static String name(Device device, Region region, java.time.Clock clock) {
        var member = region.validator().check(device.author().chain(), Validator.Purpose.SIGN_RECORD, clock.instant());
        return member instanceof Member.Professional p ? p.name() + " (" + p.institutionName() + ")" : "";
    }

    @Override
    public void close() {
        strangers.close();
    }
}
