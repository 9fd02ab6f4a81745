package org.mizuhiki.mail;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Slot;

/// A person's mailbox at the region's mail server, as its owner sees it.
public interface Mailbox {
    /// Largest mail in and out, in bytes.
    int MAX_MAIL = 16 << 20;

    /// Opens the mailbox, or replaces the keys of the one that is open. From then on strangers may write.
    ///
    /// @param chain of [org.mizuhiki.trust.Mailboxes], the own certificate first
    /// @param sealing X-Wing public key, for which everything that arrives is closed
    /// @throws org.mizuhiki.house.Refusal `mailbox-not-yours`, and those of the certificates' check
    void open(PersonId person, List<Bytes> chain, Bytes sealing);

    /// What arrived, the oldest first.
    ///
    /// @param after number of the newest that is known
    List<Notice> notices(PersonId person, long after, int limit);

    /// @throws org.mizuhiki.house.Refusal `mail-unknown`
    Arrived fetch(PersonId person, long number);

    /// Done when this returns, also when it was done before.
    void delete(PersonId person, long number);

    /// The certificates with which somebody of this region gets mail.
    ///
    /// @throws org.mizuhiki.house.Refusal `mailbox-unknown`
    List<Bytes> certificates(String address);

    /// Takes a mail for delivery; the same again is the same order.
    ///
    /// @param id of the order, 32 hexadecimal digits
    /// @param mail one envelope for this recipient, from the person's own address
    /// @throws org.mizuhiki.house.Refusal `mail-not-encrypted`, `mail-not-yours`, `mail-partner-unknown`,
    /// `mail-too-large`, `mail-order-differs`, `mailbox-unknown`, `mail-too-many`
    void send(PersonId person, String id, String recipient, Bytes mail);

    /// What became of it, the newest first, 200 at most.
    List<Outgoing> outgoing(PersonId person);

    /// @param clear it came without encryption
    /// @param size of the mail as it came
    record Notice(long number, Instant at, boolean clear, int size) {}

    /// A mail as it came, closed for its person.
    record Arrived(Slot slot, Bytes closed) {}

    /// @param state `waiting`, `sent`, `failed`
    /// @param said by the partner's server, or why it was not reached; one line
    record Outgoing(String id, String recipient, Instant at, String state, int tries, String said) {}
}
