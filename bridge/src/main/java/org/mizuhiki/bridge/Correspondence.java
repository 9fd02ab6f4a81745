package org.mizuhiki.bridge;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.mail.AtRest;
import org.mizuhiki.mail.MailReading;
import org.mizuhiki.mail.MailWriting;
import org.mizuhiki.mail.Mailbox;
import org.mizuhiki.mail.NewMail;
import org.mizuhiki.mail.Part;
import org.mizuhiki.mail.ReadMail;
import org.mizuhiki.mail.Signers;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Kept;
import org.mizuhiki.seal.MailSeals.Form;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Mailboxes;

/// A person's letters with people of other PKIs: opened and written on the person's own device.
public final class Correspondence {
    private final Device device;
    private final Mailbox mailbox;
    private final Mailboxes authority;
    private final Signers signers;
    private final String domain;
    private final String name;
    private final MailKeys keys;
    private final Partners partners;
    private final AtRest atRest;
    private final MailReading reading;
    private final MailWriting writing;
    private final Clock clock;

    /// @param kept the device's folder `mail`
    /// @param domain of the region's mailboxes
    /// @param name for people's eyes; may be empty
    public Correspondence(
            Device device,
            Kept kept,
            Mailbox mailbox,
            Mailboxes authority,
            Signers signers,
            String domain,
            String name,
            Clock clock,
            SecureRandom die) {
        var seals = new Seals(die);
        this.device = device;
        this.mailbox = mailbox;
        this.authority = authority;
        this.signers = signers;
        this.domain = domain;
        this.name = name;
        this.clock = clock;
        this.keys = new MailKeys(kept, clock, die);
        this.partners = new Partners(kept, clock);
        this.atRest = new AtRest(seals);
        this.reading = new MailReading(seals.mail(), signers);
        this.writing = new MailWriting(seals.mail(), die);
    }

    /// Opens the mailbox, or brings its keys up to date; does nothing when they are.
    public String open() {
        keys.renewIfDue(device, authority);
        mailbox.open(device.id(), keys.current().chain(), device.opener().publicKey());
        return address();
    }

    public String address() {
        return Mailboxes.address(device.id(), domain);
    }

    /// To give to whoever wants to write; PEM, own certificate first.
    public String certificates() {
        return KeyFiles.pem(
                keys.current().chain().stream().map(KeyFiles::certificate).toList());
    }

    public Partners partners() {
        return partners;
    }

    public List<Mailbox.Notice> arrived(long after) {
        return mailbox.notices(device.id(), after, 500);
    }

    public List<Mailbox.Outgoing> outgoing() {
        return mailbox.outgoing(device.id());
    }

    /// Bit for bit as it came.
    public Bytes original(long number) {
        return atRest.open(mailbox.fetch(device.id(), number), device.opener());
    }

    public void delete(long number) {
        mailbox.delete(device.id(), number);
    }

    public ReadMail read(long number) {
        return read(original(number));
    }

    /// Opens, checks, explains, and learns the sender's certificate when it is believed.
    ReadMail read(Bytes mail) {
        var read = reading.read(mail, keys.openers());
        var sender = Part.read(mail).headers().sender();
        var learned = sender.flatMap(s -> partners.learn(s, read));
        if (learned.isEmpty()) {
            return read;
        }
        var notes = new ArrayList<>(read.notes());
        notes.add(learned.get());
        return new ReadMail(
                read.from(),
                read.to(),
                read.subject(),
                read.date(),
                read.messageId(),
                read.closed(),
                read.signature(),
                read.answering(),
                read.certificates(),
                read.outside(),
                read.text(),
                read.files(),
                notes);
    }

    /// Adds a partner from a file; the certificate must be believed for this address.
    ///
    /// @throws Refusal why it is not
    public String addPartner(String address, List<Bytes> certificates) {
        var believed = signers.reader(certificates, address.toLowerCase(Locale.ROOT));
        partners.keep(address, certificates, Form.EVERYWHERE);
        return believed.who() + " / " + believed.pki();
    }

    /// Signs, closes for the recipient and hands over for delivery.
    ///
    /// @param id of the order; the same again after a lost answer is the same order only with the same
    /// content, so a
    /// fresh one is made by [#newId] for each mail
    /// @throws Refusal `partner-unknown`, `partner-changed`, why the certificate is not believed today,
    /// and those of
    /// [Mailbox#send]
    public void send(String id, String to, String subject, Bytes entity) {
        var recipient = to.toLowerCase(Locale.ROOT);
        var reader = reader(recipient);
        var mail = new NewMail(name, address(), recipient, subject, clock.instant(), entity);
        var closed = writing.write(
                mail,
                id,
                keys.current().author(),
                KeyFiles.certificate(reader.certificates().getFirst()),
                reader.reads());
        mailbox.send(device.id(), id, recipient, closed);
    }

    /// Whether a mail to this address could be closed today.
    ///
    /// @throws Refusal `partner-unknown`, `partner-changed`, why the certificate is not believed today
    void mustReach(String to) {
        var _ = reader(to.toLowerCase(Locale.ROOT));
    }

    public String newId() {
        return writing.newId();
    }

    private record Closing(List<Bytes> certificates, Form reads) {}

    /// People of this region by the mail server's word, checked under the region's own root; all others
    /// by what was
    /// learned, checked under the roots that the region trusts today.
    private Closing reader(String recipient) {
        if (recipient.endsWith("@" + domain)) {
            var chain = mailbox.certificates(recipient);
            signers.reader(chain, recipient);
            return new Closing(chain, Form.AUTHENTICATED);
        }
        var partner = partners.reader(recipient);
        signers.reader(partner.certificates(), recipient);
        return new Closing(partner.certificates(), partner.reads());
    }
}
