package org.mizuhiki.mail;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.MailSeals;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Mailboxes;
import org.mizuhiki.trust.Validator;

/// The region's mail over its database: mailboxes, what arrived, what goes out. Open the database with
/// [#MIGRATIONS].
public final class PostOffice implements Mailbox {
    /// Class path folder of the Flyway scripts.
    public static final String MIGRATIONS = "db/mail";

    private static final Pattern ORDER = Pattern.compile("[0-9a-f]{32}");
    private static final long MOST_MAILS = 20_000;
    private static final long MOST_BYTES = 4L << 30;
    private static final int MOST_WAITING = 200;
    private static final int MOST_A_DAY = 1000;

    private final Database database;
    private final MailSeals seals;
    private final AtRest atRest;
    private final Supplier<Validator> validator;
    private final String domain;
    private final Predicate<String> partners;
    private final Clock clock;
    private final SecureRandom die;
    private final byte[] unguessable = new byte[32];

    /// @param domain of this region's mailboxes
    /// @param partners whether somewhere is known to bring mail for this domain to
    public PostOffice(
            Database database,
            Supplier<Validator> validator,
            String domain,
            Predicate<String> partners,
            Clock clock,
            SecureRandom die) {
        var all = new Seals(die);
        this.database = database;
        this.seals = all.mail();
        this.atRest = new AtRest(all);
        this.validator = validator;
        this.domain = domain;
        this.partners = partners;
        this.clock = clock;
        this.die = die;
        die.nextBytes(unguessable);
    }

    public String domain() {
        return domain;
    }

    @Override
    public void open(PersonId person, List<Bytes> chain, Bytes sealing) {
        var certificates = chain.stream().map(KeyFiles::certificate).toList();
        var member = validator.get().check(certificates, Validator.Purpose.MAIL, clock.instant());
        boolean mine = Mailboxes.personOf(member).equals(person)
                && Mailboxes.address(certificates.getFirst()).equals(Mailboxes.address(person, domain));
        if (!mine) {
            throw Refusal.of("mailbox-not-yours", "証明書がこのメールボックスのものではありません", "The certificate is not this mailbox's");
        }
        var reader = new Reader.XWing(sealing);
        database.inTransaction(rows -> {
            new Rows(rows).open(new Rows.Box(person, chain, reader.publicKey()), clock.instant());
            return person;
        });
    }

    /// Whether mail for this address is taken.
    boolean takes(String address) {
        return Mailboxes.person(address, domain)
                .flatMap(person -> database.reading(rows -> new Rows(rows).box(person)))
                .isPresent();
    }

    /// Takes a mail for these people, all or none; it is on disk, closed, when this returns.
    ///
    /// @throws Refusal `mail-not-for-you` when it is encrypted, but for none of the certificates of one
    /// of them;
    /// `mailbox-full`, `mailbox-unknown`, `mail-malformed`, `database-away`
    void deliver(List<String> addresses, Bytes mail) {
        var part = Part.read(mail);
        boolean encrypted = Envelopes.isEnvelope(part);
        var boxes = addresses.stream().map(this::box).distinct().toList();
        if (encrypted) {
            var cms = part.content();
            boxes.forEach(box -> mustOpen(box, cms));
        }
        var mark = mark(mail, encrypted);
        database.inTransaction(tx -> {
            var rows = new Rows(tx);
            for (var box : boxes) {
                var filled = rows.filled(box.person());
                if (filled.count() >= MOST_MAILS || filled.bytes() + mail.size() > MOST_BYTES) {
                    throw Refusal.of("mailbox-full", "メールボックスがいっぱいです", "The mailbox is full; try again later");
                }
                var closed = atRest.close(mail, box.sealing());
                rows.add(box.person(), mark, clock.instant(), !encrypted, mail.size(), closed);
            }
            return boxes.size();
        });
    }

    private Rows.Box box(String address) {
        return Mailboxes.person(address, domain)
                .flatMap(person -> database.reading(rows -> new Rows(rows).box(person)))
                .orElseThrow(PostOffice::unknown);
    }

    /// Said to the sender at once, who can mend it, and not to the reader, who could not.
    private void mustOpen(Rows.Box box, Bytes cms) {
        if (!seals.isFor(cms, KeyFiles.certificate(box.chain().getFirst()))) {
            throw Refusal.of(
                    "mail-not-for-you",
                    "宛先の現在の証明書で暗号化されていません。証明書を取り直して送り直してください",
                    "It is not encrypted for the recipient's current certificate; fetch that and send it again");
        }
    }

    /// By which a repetition is known after a lost answer: the whole mail's digest. Of one in the clear with a
    /// secret that is on no disk and new at every start, as the digest alone would tell whoever reads this
    /// disk whether a guessed text came; a repetition after a restart is kept twice.
    private Bytes mark(Bytes mail, boolean encrypted) {
        var digest = mail.sha256();
        return Bytes.of(
                encrypted
                        ? digest.toArray()
                        : Digest.of(joined(unguessable, digest)).toArray());
    }

    private static byte[] joined(byte[] secret, Digest digest) {
        return ByteBuffer.allocate(secret.length + digest.toArray().length)
                .put(secret)
                .put(digest.toArray())
                .array();
    }

    @Override
    public List<Notice> notices(PersonId person, long after, int limit) {
        return database.reading(rows -> new Rows(rows).notices(person, after, Math.clamp(limit, 1, 1000)));
    }

    @Override
    public Arrived fetch(PersonId person, long number) {
        return database.reading(rows -> new Rows(rows).arrived(person, number))
                .orElseThrow(() -> Refusal.of("mail-unknown", "そのメールはありません", "There is no such mail"));
    }

    @Override
    public void delete(PersonId person, long number) {
        database.inTransaction(rows -> {
            new Rows(rows).delete(person, number);
            return number;
        });
    }

    @Override
    public List<Bytes> certificates(String address) {
        return box(address).chain();
    }

    @Override
    public void send(PersonId person, String id, String recipient, Bytes mail) {
        var to = recipient.toLowerCase(Locale.ROOT);
        mustBeFit(person, id, to, mail);
        var waiting = new Rows.Waiting(person, id, to, clock.instant(), 0, mail);
        boolean kept = database.inTransaction(tx -> {
            var rows = new Rows(tx);
            if (rows.box(person).isEmpty()) {
                throw unknown();
            }
            boolean known = rows.order(waiting, mail.sha256());
            if (rows.waiting(person) > MOST_WAITING
                    || rows.since(person, clock.instant().minus(Duration.ofDays(1))) > MOST_A_DAY) {
                throw Refusal.of(
                        "mail-too-many",
                        "送信待ちまたは1日の送信数が上限です。後でやり直してください",
                        "Too many mails wait or were sent today; try later");
            }
            return known;
        });
        if (!kept) {
            throw Refusal.of(
                    "mail-order-differs", "同じ番号で別のメールが送られています", "Another mail was sent under this number before");
        }
    }

    /// Nothing in the clear leaves, nobody writes in somebody else's name, and only to where somebody
    /// agreed to listen.
    private void mustBeFit(PersonId person, String id, String to, Bytes mail) {
        if (mail.size() > MAX_MAIL) {
            throw Refusal.of("mail-too-large", "メールが大きすぎます（16 MiBまで）", "The mail is over 16 MiB");
        }
        if (!ORDER.matcher(id).matches() || !Headers.isPlain(to)) {
            throw Malformed.mail("番号または宛先", "number or recipient");
        }
        // of other line ends each program makes other headers: another sender, or words before the envelope
        if (!Lines.canonical(mail).equals(mail)) {
            throw Malformed.mail("改行", "line ends, which are CR LF");
        }
        var part = Part.read(mail);
        if (!Envelopes.isEnvelope(part)) {
            throw Refusal.of("mail-not-encrypted", "暗号化されていないメールは送れません", "Mail that is not encrypted is not sent");
        }
        if (!part.headers().sender().equals(Optional.of(Mailboxes.address(person, domain)))) {
            throw Refusal.of("mail-not-yours", "差出人があなたのアドレスではありません", "The sender is not your address");
        }
        var place = to.substring(to.indexOf('@') + 1);
        if (!place.equals(domain) && !partners.test(place)) {
            throw Refusal.of(
                    "mail-partner-unknown",
                    "宛先のドメインへの送り先が登録されていません。地域の運営者に登録を依頼してください",
                    "The region knows no server for this domain; ask its operator to register the partner");
        }
    }

    @Override
    public List<Outgoing> outgoing(PersonId person) {
        return database.reading(rows -> new Rows(rows).outgoing(person));
    }

    <T> T with(java.util.function.Function<Rows, T> work) {
        return database.inTransaction(rows -> work.apply(new Rows(rows)));
    }

    /// A mail of the server itself, such as a bounce: closed like any other that came in the clear.
    void tell(PersonId person, String subject, String text) {
        var address = Mailboxes.address(person, domain);
        var mail = "From: MAILER-DAEMON@" + domain + "\r\nTo: " + address + "\r\nSubject: " + NewMail.encoded(subject)
                + "\r\nMessage-ID: <"
                + Canonical.of(java.util.Map.of("text", text)).digest().hex() + "@" + domain
                + ">\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
                + new String(
                        NewMail.entity(text, List.of(), die).toArray(), java.nio.charset.StandardCharsets.US_ASCII);
        deliver(List.of(address), Bytes.utf8(mail));
    }

    /// The same for who never was and who has no mailbox.
    private static Refusal unknown() {
        return Refusal.of("mailbox-unknown", "そのアドレスのメールボックスはありません", "There is no mailbox of this address");
    }
}
