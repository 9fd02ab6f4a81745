package org.mizuhiki.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Mailboxes;
import org.mizuhiki.wire.Temporary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what waits to its partners, each partner's by a worker of its own, so that one who is slow or down
/// holds up nobody else's mail: once more after growing pauses, for two days, then it comes back. What was
/// taken for delivery lies in the database until a partner has said 250, so a crash delays and may repeat,
/// and loses nothing.
public final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final int MOST_PLACES = 1000;
    /// Partners at one time: each holds a mail in memory.
    private static final int MOST_AT_ONCE = 16;

    private static final int PERMANENT = 500;

    private final PostOffice office;
    private final List<Partner> partners;
    private final Patience patience;
    private final Clock clock;
    private final SecureRandom die;
    private final Semaphore woken = new Semaphore(0);
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final Set<Thread> tries = ConcurrentHashMap.newKeySet();
    private final Thread overseer;
    private volatile boolean ending;

    /// @param first pause after a failure; each is three times the one before, an hour at most
    /// @param silence of a partner's server after which a try ends
    /// @param longest time of a try in all, also of a partner who answers a byte at a time
    public record Patience(Duration first, Duration inAll, Duration silence, Duration longest) {
        private static final Duration LONGEST = Duration.ofHours(1);

        public static Patience usual() {
            return new Patience(
                    Duration.ofSeconds(30), Duration.ofDays(2), Duration.ofSeconds(60), Duration.ofMinutes(5));
        }

        Duration pause(int tries) {
            var pause = first.multipliedBy((long) Math.pow(3, Math.min(tries, 8) - 1));
            return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        }
    }

    private Delivery(PostOffice office, List<Partner> partners, Patience patience, Clock clock, SecureRandom die) {
        this.office = office;
        this.partners = List.copyOf(partners);
        this.patience = patience;
        this.clock = clock;
        this.die = die;
        this.overseer = Thread.ofVirtual().name("mail-delivery").unstarted(this::oversee);
    }

    public static Delivery start(
            PostOffice office, List<Partner> partners, Patience patience, Clock clock, SecureRandom die) {
        var delivery = new Delivery(office, partners, patience, clock, die);
        delivery.overseer.start();
        return delivery;
    }

    /// Whether one of them is there for this domain.
    public static boolean isServed(List<Partner> partners, String domain) {
        return partners.stream().anyMatch(p -> p.serves(domain));
    }

    /// Something new waits.
    void wake() {
        woken.release();
    }

    private void oversee() {
        while (!ending) {
            try {
                setOut();
                var _ = woken.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                woken.drainPermits();
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) { // whatever it is, tomorrow's mail is to go out
                LOG.warn("delivery pauses", e);
                pause();
            }
        }
    }

    /// A worker for each partner that has something due and none yet.
    private void setOut() {
        for (var place : office.with(rows -> rows.places(clock.instant(), MOST_PLACES))) {
            var whose = whose(place);
            if (busy.size() < MOST_AT_ONCE && busy.add(whose)) {
                var worker = Thread.ofVirtual().name("mail-to-" + whose).unstarted(() -> work(place, whose));
                workers.add(worker);
                worker.start();
            }
        }
    }

    /// The server behind a domain: a relay that takes many gets one worker, too.
    private String whose(String place) {
        return partners.stream()
                .filter(p -> p.serves(place))
                .findFirst()
                .map(p -> p.host() + ":" + p.port())
                .orElse(place);
    }

    private void work(String place, String whose) {
        boolean more = false;
        try {
            more = !ending && one(place);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // the mail is due again when its time is over; nothing else is held up
            LOG.warn("a delivery broke", e);
        } finally {
            workers.remove(Thread.currentThread());
            busy.remove(whose);
        }
        if (more) {
            wake();
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            ending = true;
        }
    }

    /// @return whether there was one
    private boolean one(String place) throws InterruptedException {
        var now = clock.instant();
        // nobody takes it again while it may still be under way
        var until = now.plus(patience.longest().multipliedBy(2)).plus(LAST_WORDS);
        Optional<Rows.Waiting> next = office.with(rows -> rows.take(place, now, until));
        if (next.isEmpty()) {
            return false;
        }
        var waiting = next.get();
        var outcome = inTime(waiting);
        if (outcome.done()) {
            over(waiting, "sent", outcome.said());
        } else if (outcome.forGood() || clock.instant().isAfter(waiting.at().plus(patience.inAll()))) {
            back(waiting, outcome.said());
        } else {
            Instant due = clock.instant().plus(patience.pause(waiting.tries()));
            office.with(rows -> {
                rows.again(waiting, due, outcome.said());
                return true;
            });
        }
        return true;
    }

    private void over(Rows.Waiting waiting, String state, String said) {
        office.with(rows -> {
            rows.over(waiting, state, said);
            return true;
        });
    }

    /// The try is on a virtual thread of its own: interrupting that closes its connection, wherever it waits.
    private Outcome inTime(Rows.Waiting waiting) throws InterruptedException {
        var outcome = new AtomicReference<>(new Outcome(false, false, "it took longer than " + patience.longest()));
        var attempt = Thread.ofVirtual().name("mail-try").unstarted(() -> outcome.set(tried(waiting)));
        tries.add(attempt);
        attempt.start();
        try {
            if (ending || !attempt.join(patience.longest())) {
                attempt.interrupt();
                attempt.join(LAST_WORDS);
            }
            return outcome.get();
        } finally {
            tries.remove(attempt);
        }
    }

    /// The sender is told first: told twice after a crash is better than never. Who cannot be told, such as
    /// of a mailbox that is full, sees it in the list of what was sent; the partner is not asked again.
    private void back(Rows.Waiting waiting, String said) {
        try {
            office.tell(
                    waiting.person(),
                    "送信できませんでした / Not delivered",
                    "次のメールを届けられませんでした。 / This mail could not be delivered.\n\n番号 / number: " + waiting.id()
                            + "\n宛先 / recipient: " + waiting.recipient() + "\n理由 / reason: " + said + "\n");
        } catch (Refusal refusal) {
            if (Temporary.is(refusal) && !refusal.code().equals("mailbox-full")) {
                throw refusal;
            }
            LOG.warn("a sender could not be told that a mail came back: {}", refusal.code());
        }
        over(waiting, "failed", said);
    }

    /// @param forGood trying again changes nothing
    private record Outcome(boolean done, boolean forGood, String said) {}

    private Outcome tried(Rows.Waiting waiting) {
        var place = waiting.recipient().substring(waiting.recipient().indexOf('@') + 1);
        try {
            if (place.equals(office.domain())) {
                office.deliver(List.of(waiting.recipient()), waiting.content());
                return new Outcome(true, true, "250 " + place);
            }
            var partner = partners.stream().filter(p -> p.serves(place)).findFirst();
            if (partner.isEmpty()) {
                return new Outcome(false, true, "no server is known for " + place);
            }
            bring(waiting, partner.get());
            return new Outcome(true, true, "250 " + partner.get().host());
        } catch (Refusal refusal) {
            boolean later = Temporary.is(refusal) || refusal.code().equals("mailbox-full");
            return new Outcome(false, !later, refusal.code());
        } catch (MessagingException e) {
            return new Outcome(
                    false,
                    isPermanent(e),
                    Headers.oneLine(String.valueOf(innermost(e).getMessage())));
        } catch (Throwable e) { // of a library, or of memory: tried again, and given up like any other
            LOG.warn("a delivery failed in a way nobody foresaw", e);
            return new Outcome(false, false, e.getClass().getSimpleName());
        }
    }

    private void bring(Rows.Waiting waiting, Partner partner) throws MessagingException {
        var scheme = partner.startTls() ? "smtp" : "smtps";
        var settings = settings(partner, "mail." + scheme + ".");
        settings.put("mail." + scheme + ".from", Mailboxes.address(waiting.person(), office.domain()));
        var session = Session.getInstance(settings);
        var mail = new MimeMessage(
                session, new ByteArrayInputStream(waiting.content().toArray()));
        try (var transport = session.getTransport(scheme)) {
            transport.connect(partner.host(), partner.port(), null, null);
            transport.sendMessage(mail, new InternetAddress[] {new InternetAddress(waiting.recipient(), true)});
        }
    }

    /// TLS always, its certificate for exactly this host, and an end to every wait.
    private Properties settings(Partner partner, String prefix) {
        var settings = new Properties();
        settings.put(prefix + "ssl.socketFactory", partner.tls(die).getSocketFactory());
        settings.put(prefix + "ssl.checkserveridentity", "true");
        settings.put(prefix + "ssl.protocols", "TLSv1.3 TLSv1.2");
        settings.put(prefix + "starttls.enable", "true");
        settings.put(prefix + "starttls.required", String.valueOf(partner.startTls()));
        settings.put(prefix + "localhost", office.domain());
        settings.put(prefix + "allow8bitmime", "false");
        var silence = String.valueOf(patience.silence().toMillis());
        settings.put(prefix + "connectiontimeout", silence);
        settings.put(prefix + "timeout", silence);
        settings.put(prefix + "writetimeout", silence);
        return settings;
    }

    /// 5xx of the partner; whatever else failed may pass (RFC 5321, 4.2.1).
    private static boolean isPermanent(MessagingException failure) {
        Exception at = failure;
        while (at != null) {
            int code = at instanceof SMTPSendFailedException s
                    ? s.getReturnCode()
                    : at instanceof SMTPAddressFailedException a ? a.getReturnCode() : 0;
            if (code >= PERMANENT) {
                return true;
            }
            at = at instanceof MessagingException m ? m.getNextException() : null;
        }
        return false;
    }

    private static Throwable innermost(MessagingException failure) {
        Throwable at = failure;
        while (at instanceof MessagingException m && m.getNextException() != null) {
            at = m.getNextException();
        }
        return at;
    }

    @Override
    public void close() {
        ending = true;
        // what is under way to a partner ends; notes of it in the database are still made
        wake();
        tries.forEach(Thread::interrupt);
        try {
            overseer.join(LAST_WORDS);
            for (var worker : workers) {
                worker.join(LAST_WORDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
