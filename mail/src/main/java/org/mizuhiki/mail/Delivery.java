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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Mailboxes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what waits to its partners: once more after growing pauses, for two days, then it comes back.
/// What was taken
/// for delivery lies in the database until a partner has said 250, so a crash delays and may repeat, and
/// loses nothing.
public final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration LONGEST_TRY = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int PERMANENT = 500;

    private final PostOffice office;
    private final List<Partner> partners;
    private final Patience patience;
    private final Clock clock;
    private final SecureRandom die;
    private final Semaphore woken = new Semaphore(0);
    private final Thread worker;
    private volatile boolean ending;

    /// @param first pause after a failure; each is three times the one before, an hour at most
    /// @param silence of a partner's server after which a try ends
    public record Patience(Duration first, Duration inAll, Duration silence) {
        private static final Duration LONGEST = Duration.ofHours(1);

        public static Patience usual() {
            return new Patience(Duration.ofSeconds(30), Duration.ofDays(2), Duration.ofSeconds(60));
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
        this.worker = Thread.ofVirtual().name("mail-delivery").unstarted(this::work);
    }

    public static Delivery start(
            PostOffice office, List<Partner> partners, Patience patience, Clock clock, SecureRandom die) {
        var delivery = new Delivery(office, partners, patience, clock, die);
        delivery.worker.start();
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

    private void work() {
        while (!ending) {
            try {
                if (!one()) {
                    var _ = woken.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("delivery pauses", e);
                pause();
            }
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
    private boolean one() {
        var now = clock.instant();
        Optional<Rows.Waiting> next = office.with(rows -> rows.take(now, now.plus(LONGEST_TRY)));
        if (next.isEmpty()) {
            return false;
        }
        var waiting = next.get();
        var outcome = tried(waiting);
        if (outcome.done()) {
            office.with(rows -> {
                rows.over(waiting, "sent", outcome.said());
                return true;
            });
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

    /// The sender is told first: told twice after a crash is better than never.
    private void back(Rows.Waiting waiting, String said) {
        office.tell(
                waiting.person(),
                "送信できませんでした / Not delivered",
                "次のメールを届けられませんでした。 / This mail could not be delivered.\n\n番号 / number: " + waiting.id()
                        + "\n宛先 / recipient: " + waiting.recipient() + "\n理由 / reason: " + said + "\n");
        office.with(rows -> {
            rows.over(waiting, "failed", said);
            return true;
        });
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
            boolean later =
                    org.mizuhiki.wire.Temporary.is(refusal) || refusal.code().equals("mailbox-full");
            return new Outcome(false, !later, refusal.code());
        } catch (MessagingException e) {
            return new Outcome(
                    false,
                    isPermanent(e),
                    Headers.oneLine(String.valueOf(innermost(e).getMessage())));
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
        worker.interrupt();
        try {
            worker.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
