package org.mizuhiki.trust;

import java.time.Duration;
import java.time.Instant;

/// Enrolment of somebody who stands at the desk: a ticket shown as a QR code, which the first device that
/// reads it takes for itself; nothing is issued before the desk has confirmed that this device is the one
/// in that person's hand. Somebody who photographs the code gains nothing.
public interface Invitations {
    /// How long an invitation lives: long enough for a person at a desk.
    Duration LIFE = Duration.ofMinutes(10);

    /// After so many wrong codes an invitation is over.
    int MOST_WRONG = 3;

    /// Where an invitation stands.
    enum Stage {
        /// No device has shown it yet.
        WAITING,
        /// A device has shown it and waits for the desk.
        SHOWN,
        /// The desk confirmed; the device fetches its certificates with its next request.
        CONFIRMED,
        /// The certificates are issued.
        ISSUED,
        /// The desk declined, or too many wrong codes were entered.
        DECLINED,
        /// Its time is over.
        EXPIRED
    }

    /// @param others how often another device showed the same invitation after the first; more than none
    /// means that somebody else has read the code
    /// @param wrong how many wrong codes were entered
    record Standing(Stage stage, int others, int wrong, Instant expires) {}

    /// Gives out an invitation for a person; the ticket goes into an [EnrolmentLink] and nowhere else.
    ///
    /// @throws org.mizuhiki.house.Refusal those of [Enrolment#ticket]
    Ticket invite(Member member);

    /// @param id the ticket's
    /// @throws org.mizuhiki.house.Refusal `invitation-unknown`, also when another institution gave it out
    Standing standing(String id);

    /// Confirms the device that showed the invitation.
    ///
    /// @param code what that device shows, see [ConfirmationCode]; read from its screen, never from ours
    /// @throws org.mizuhiki.house.Refusal `invitation-unknown`, `invitation-waiting` (no device yet),
    /// `confirmation-wrong`, `invitation-over`
    Standing confirm(String id, String code);

    /// Ends an invitation on which nothing was issued yet.
    ///
    /// @throws org.mizuhiki.house.Refusal `invitation-unknown`, `invitation-over`
    Standing decline(String id);
}
