package org.mizuhiki.bridge;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.bridge.ShelfState.Entry;
import org.mizuhiki.bridge.imap.Shelves;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.mail.Mailbox;
import org.mizuhiki.pocket.Kept;
import org.mizuhiki.pocket.Pocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pocket as folders: INBOX holds sealed letters and mail of strangers, Sent and Drafts what
/// programs put there.
final class PocketShelves implements Shelves {
    private static final Logger LOG = LoggerFactory.getLogger(PocketShelves.class);
    private static final Duration GLANCE = Duration.ofSeconds(2);
    private static final int PAGE = 500;
    private static final long ESTIMATE = 4_096;
    private static final String PURPOSE = "treatment";

    private final PersonId me;
    private final Pocket pocket;
    private final Correspondence correspondence;
    private final Shown shown;
    private final Clock clock;
    private final KeptShelf inbox;
    private final KeptShelf sent;
    private final KeptShelf drafts;
    private final Set<String> known = new HashSet<>();
    private Instant looked = Instant.MIN;

    PocketShelves(
            PersonId me,
            Pocket pocket,
            Kept kept,
            Correspondence correspondence,
            String domain,
            Clock clock,
            SecureRandom die) {
        this.me = me;
        this.pocket = pocket;
        this.correspondence = correspondence;
        this.shown = new Shown(domain, die);
        this.clock = clock;
        this.inbox = new KeptShelf("INBOX", kept, false, this::arrived, clock);
        this.sent = new KeptShelf("Sent", kept, true, e -> stored(kept, e), clock);
        this.drafts = new KeptShelf("Drafts", kept, true, e -> stored(kept, e), clock);
        inbox.state().entries().forEach(e -> known.add(e.source()));
    }

    @Override
    public List<Name> names() {
        return List.of(new Name("INBOX", ""), new Name("Sent", "\\Sent"), new Name("Drafts", "\\Drafts"));
    }

    @Override
    public Optional<Shelf> shelf(String name) {
        return switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "inbox" -> Optional.of(inbox);
            case "sent" -> Optional.of(sent);
            case "drafts" -> Optional.of(drafts);
            default -> Optional.empty();
        };
    }

    /// What is new at the servers; when they are away, what is known stays and is told.
    @Override
    public synchronized void refresh() {
        if (clock.instant().isBefore(looked.plus(GLANCE))) {
            return;
        }
        looked = clock.instant();
        try {
            var fresh = new ArrayList<Entry>(letters());
            long newest = mails(fresh);
            inbox.add(fresh, newest);
            fresh.forEach(e -> known.add(e.source()));
        } catch (Refusal refusal) {
            LOG.warn("the servers were not asked for what is new: {}", refusal.code());
        }
    }

    /// The oldest first; nothing is opened.
    private List<Entry> letters() {
        var fresh = new ArrayList<Entry>();
        long before = Long.MAX_VALUE;
        while (true) {
            var page = pocket.post().inbox(PAGE, before);
            boolean allKnown = true;
            for (var notice : page) {
                var source = "letter:" + notice.letter().hex();
                if (!known.contains(source)) {
                    allKnown = false;
                    fresh.add(new Entry(0, source, notice.at(), ESTIMATE, Set.of(), shown.header(notice, me), false));
                }
                before = notice.number();
            }
            if (page.size() < PAGE || allKnown) {
                return fresh.reversed();
            }
        }
    }

    /// Opened here, as sender and subject are closed with the rest; that tells nobody anything.
    private long mails(List<Entry> to) {
        long newest = inbox.state().newest();
        while (true) {
            var page = correspondence.arrived(newest);
            for (var notice : page) {
                to.add(mail(notice));
                newest = notice.number();
            }
            if (page.size() < PAGE) {
                return newest;
            }
        }
    }

    private Entry mail(Mailbox.Notice notice) {
        var source = "mail:" + notice.number();
        var name = Bytes.utf8(me + source).sha256();
        String header;
        try {
            header = shown.header(correspondence.read(notice.number()), correspondence.address(), notice.at(), name);
        } catch (Refusal refusal) {
            if (org.mizuhiki.wire.Temporary.is(refusal)) {
                throw refusal;
            }
            header = shown.refusedHeader(correspondence.address(), notice.at(), name, refusal);
        } catch (RuntimeException | StackOverflowError e) { // one stranger's mail must not close the whole shelf
            LOG.warn("a mail could not be read: {}", e.getClass().getName());
            header = shown.refusedHeader(correspondence.address(), notice.at(), name, unreadable());
        }
        return new Entry(0, source, notice.at(), notice.size(), Set.of(), header, false);
    }

    private static Refusal unreadable() {
        return Refusal.of("mail-unreadable", "このメールは読み取れない形です", "This mail has a form that cannot be read");
    }

    /// The disclosure statement is made here, and nowhere else in the bridge.
    private Bytes arrived(Entry entry) {
        var what = entry.source().substring(entry.source().indexOf(':') + 1);
        if (entry.source().startsWith("letter:")) {
            return shown.letter(entry.header(), pocket.reading().open(new Digest(what), PURPOSE), pocket);
        }
        try {
            return shown.mail(entry.header(), correspondence.read(Long.parseLong(what)));
        } catch (Refusal refusal) {
            if (org.mizuhiki.wire.Temporary.is(refusal)) {
                throw refusal;
            }
            return shown.refused(entry.header(), refusal);
        }
    }

    private static Bytes stored(Kept kept, Entry entry) {
        return kept.read(entry.source().substring("kept:".length()))
                .orElseThrow(() -> Refusal.of("mail-unknown", "そのメールはありません", "There is no such mail"));
    }

    /// A mail that was handed over for delivery.
    void keepSent(Bytes mail) {
        sent.append(mail, Set.of("\\Seen"), clock.instant());
    }
}
