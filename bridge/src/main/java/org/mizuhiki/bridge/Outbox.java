package org.mizuhiki.bridge;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Where [Submission] hands over what a mail program sent.
interface Outbox {
    /// Whose mail it is.
    String address();

    /// @throws Refusal why nothing can be sent to this recipient today, such as `partner-unknown`
    void mustReach(String recipient);

    /// @param id of the order; the same again with other content is refused as `mail-order-differs`
    /// @throws Refusal those of [Correspondence#send]
    void send(String id, String recipient, String subject, Bytes entity);

    /// Puts a copy into the folder Sent.
    void keepSent(Bytes mail);
}
