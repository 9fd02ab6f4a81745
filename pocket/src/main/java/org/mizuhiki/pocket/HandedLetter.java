package org.mizuhiki.pocket;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.disk.Disk;

/// How far a letter is that a hospital system hands in over the network.
///
/// @param letter as the hospital system calls it
/// @param files what was uploaded, while the letter is `OPEN`
/// @param drop digest over names and contents of all files, once it was handed in
/// @param handedIn when it was handed in
/// @param acknowledgement once it is `SENT`; its `name` has the system's name before the letter's
/// @param refused why it was `REFUSED`
public record HandedLetter(
        String letter,
        State state,
        List<Upload> files,
        Optional<Digest> drop,
        Optional<Instant> handedIn,
        Optional<Acknowledgement> acknowledgement,
        Optional<HospitalFolder.Refused> refused) {
    public HandedLetter {
        files = List.copyOf(files);
    }

    /// A file as it arrived.
    ///
    /// @param size in bytes
    /// @param sha256 in the answer to the upload itself
    public record Upload(String name, long size, Optional<Digest> sha256) {
        static Upload of(Path file) {
            return Disk.attempt(
                    () -> new Upload(String.valueOf(file.getFileName()), Files.size(file), Optional.empty()));
        }
    }

    /// How far.
    public enum State {
        /// Files are uploaded; nothing is handed in.
        OPEN,
        /// Handed in and durable; the desk's next round sends it.
        WAITING,
        /// Patient, servers and ledger have it.
        SENT,
        /// Not sent; mend it and hand it in again under the same name.
        REFUSED,
        /// Sent once, and cleared away since.
        CLEARED
    }

    static HandedLetter open(String letter, List<Upload> files) {
        return new HandedLetter(
                letter, State.OPEN, files, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
