package org.mizuhiki.keys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// What this server keeps of a person's account (docs/flows/account.md): the ways to the master key, each
/// wrapped on the person's device, and what a session may do with them. Operations with a token throw
/// `session-over` for one that is none, or is over.
public interface Account {
    /// Most slots of one person.
    int MAX_SLOTS = 32;

    /// Largest wrapped key in bytes.
    int MAX_WRAPPED = 8192;

    /// Largest head in bytes.
    int MAX_HEAD = 1024;

    /// Bytes of what this server adds to a card's signature.
    int SHARE = 32;

    /// Opens a session for whom a certificate names.
    Passwords.Session open(PersonId authenticated);

    /// Opens a session for who shows what one of the person's slots is released for. It has 256 bits out of
    /// a secret of at least 128: there is nothing to guess, and nothing is counted; the person is told.
    ///
    /// @throws Refusal `way-in-unknown`: also for IDs that nobody has
    Passwords.Session enter(PersonId person, Bytes release);

    /// Whose session it is, for who also shows the account's key; before the first [#replaceOwn] there is
    /// none.
    ///
    /// @throws Refusal `account-key-wrong`
    PersonId holder(Passwords.Shown shown);

    /// The account as it stands; number 0 and nothing in it before the first [#replace].
    State state(Bytes token);

    /// Puts all slots and the head in the place of those before, in one step; on disk when this returns.
    /// When a slot goes, all other sessions end. The same again changes nothing.
    ///
    /// @param shown a session and what the standing master key gives: a session alone, as of a stolen
    /// device or a server's log, must not put the person out
    /// @param access SHA-256 of what the next change has to show
    /// @param next with the number after that of the state it replaces
    /// @throws Refusal `account-changed` when another device was first; `account-key-wrong`,
    /// `slot-name-malformed`, `slot-too-large`, `slots-too-many`
    void replace(Passwords.Shown shown, Digest access, State next);

    /// The first state, or one that begins anew after all ways were lost, for whom a certificate names. All
    /// sessions end.
    ///
    /// @throws Refusal as [#replace]
    void replaceOwn(PersonId authenticated, Digest access, State next);

    /// What happened at the person's ID, newest first; at most 100.
    List<Notice> notices(Bytes token);

    /// Ends this session.
    void end(Bytes token);

    /// @param number how often it was changed
    /// @param head what the devices keep beside the slots, closed; empty before the first change
    record State(long number, Bytes head, List<WrappedKey> slots) {
        public State {
            slots = List.copyOf(slots);
        }
    }

    /// @param name which way it is, such as `password`: lower case words joined by hyphens
    /// @param release SHA-256 of what opens a session; absent where another way opens one
    /// @param share what this server adds to the secret of a card
    /// @param guardians who hold shares of its secret, by position from 1
    record WrappedKey(
            String name, Bytes wrapped, Optional<Digest> release, Optional<Bytes> share, List<Guardian> guardians) {
        public WrappedKey {
            guardians = List.copyOf(guardians);
        }

        public WrappedKey(String name, Bytes wrapped) {
            this(name, wrapped, Optional.empty(), Optional.empty(), List.of());
        }
    }

    /// @param share closed for this guardian
    record Guardian(PersonId guardian, Bytes share) {}

    /// @param kind `password-set`, `guessed` (log-ins that were begun and not proven before one that was),
    /// `locked` (so many that the ID was locked), `ways-changed`, `entered-without-password`,
    /// `recovery-asked`, `recovery-approved`, `recovery-vetoed`, `guarding-asked` (somebody whose guardian
    /// the person is asks for recovery), `guarding-vetoed` (that somebody ended it), `emergency-opened`,
    /// `guarding-emergency` (letters of somebody whose guardian the person is were opened in an emergency)
    /// @param times how often within a day: what comes often is one notice
    /// @param at the last time
    record Notice(String kind, int times, Instant at) {}
}
