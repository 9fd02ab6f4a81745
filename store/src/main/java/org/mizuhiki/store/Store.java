package org.mizuhiki.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// Closed envelopes by digest, who may fetch them, and notices without content. It cannot open anything and
/// does not know what it holds.
public interface Store {
    /// Keeps a blob under its digest; fsynced when this returns. Sending it again changes nothing.
    ///
    /// @throws org.mizuhiki.house.Refusal `blob-mismatch` (the bytes are not what the digest says;
    /// nothing is kept), `store-full`
    void put(PersonId caller, Digest digest, InputStream content, long size);

    /// The same of a file.
    default void put(PersonId caller, Digest digest, Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            put(caller, digest, content, Files.size(file));
        }
    }

    /// @throws org.mizuhiki.house.Refusal `blob-unknown`: also for who may not fetch it, so that nobody
    /// can probe
    Path fetch(PersonId caller, Digest digest);

    /// Joins blobs into an envelope with an owner; the caller becomes its author. Idempotent; other content
    /// under the same letter is refused.
    void register(PersonId caller, Envelope envelope);

    /// The same, counted for the institution where the caller works, if any.
    default void register(PersonId caller, Optional<InstitutionCode> worksAt, Envelope envelope) {
        register(caller, envelope);
    }

    /// Lets `reader` fetch the envelope and leaves a notice for reader and owner. Author or a present
    /// reader may share.
    ///
    /// @throws org.mizuhiki.house.Refusal `envelope-unknown`
    void share(PersonId caller, Share share);

    /// Takes a share back; the owner may always, and who gave it.
    void unshare(PersonId caller, Digest letter, PersonId reader);

    /// What came in for the caller, newest first.
    List<Notice> inbox(PersonId caller, int limit, long before);

    /// @param letter digest of the sealed letter's body, itself a blob
    /// @param objects digests of further blobs that belong to it
    record Envelope(Digest letter, List<Digest> objects, PersonId owner) {}

    record Share(Digest letter, PersonId reader, Digest grant, Instant until) {}

    record Notice(long number, Digest letter, PersonId from, PersonId owner, List<Digest> objects, Instant at) {}
}
