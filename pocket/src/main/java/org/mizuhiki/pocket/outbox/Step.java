package org.mizuhiki.pocket.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Slot;

/// One thing to tell one server. Each may be repeated without harm, so after a crash all are simply told
/// again.
public sealed interface Step {
    /// Store: keep the blob that lies in the errand's folder under its digest.
    record Keep(Digest blob) implements Step {}

    /// Store: these blobs are one envelope.
    record Register(Digest letter, List<Digest> objects, PersonId owner) implements Step {
        public Register {
            objects = List.copyOf(objects);
        }
    }

    /// Key server: the letter's statement and the slots of owner and author.
    record FileLetter(Bytes signed, Map<PersonId, Slot> slots) implements Step {
        public FileLetter {
            slots = Map.copyOf(slots);
        }
    }

    /// Key server: a provisional registration, the patient's and the supervisor's slots of the picture.
    record FileRegistration(Bytes signed, Map<PersonId, Slot> slots) implements Step {
        public FileRegistration {
            slots = Map.copyOf(slots);
        }
    }

    /// Key server: any statement that needs nothing but itself.
    record Say(Bytes signed) implements Step {}

    /// Key server: a lateral grant and its slot.
    record Grant(Bytes signed, Slot slot) implements Step {}

    /// Store: let the reader fetch the envelope.
    record Share(Digest letter, PersonId reader, Digest grant, Instant until) implements Step {}

    /// Store: take that back.
    record Unshare(Digest letter, PersonId reader) implements Step {}

    /// Ledger: only done when the statement's evidence is there and checked.
    record Logged(String kind, Digest record) implements Step {}
}
