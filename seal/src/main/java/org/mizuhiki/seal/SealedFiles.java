package org.mizuhiki.seal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;

/// Sealed files on disk. Up to [Letters#MAX_CONTENT] a file is the letter's plain CMS form; above, it is
/// the segments of the content, then a letter that carries their key, size and digests, then {length of
/// that letter 8, magic 8}. Every output is written under a temporary name beside its own and renamed when
/// all of it held: what stands under an asked name is whole and true.
public interface SealedFiles {
    /// Signs, stamps and closes `in` into `out`, which must not exist yet.
    ///
    /// @throws org.mizuhiki.house.Refusal as [Letters#close], and `file-exists`, `file-changed` when `in`
    /// grew or shrank meanwhile
    void close(
            Path in, Path out, Canonical metadata, Author author, StampAuthority stamps, List<? extends Reader> readers)
            throws IOException;

    /// Opens `in` into `out`, which must not exist yet and appears only when every tag, digest and
    /// signature held.
    ///
    /// @throws org.mizuhiki.house.Refusal as [Letters#open], and `file-exists`
    Opened open(Path in, Path out, Opener opener) throws IOException;

    /// Does everything [#open] does, except to keep the content.
    Opened verify(Path in, Opener opener) throws IOException;

    /// Grants one more reader. Of a large file only the letter at the end is written again, never the
    /// ciphertext; a file in which this was interrupted is put right first.
    ///
    /// @throws org.mizuhiki.house.Refusal as [Letters#addSlot]
    void addReader(Path file, Opener mine, Reader next) throws IOException;

    /// What can be seen without any key; nothing of it is proven.
    ///
    /// @throws org.mizuhiki.house.Refusal `seal-malformed`, `suite-unknown`
    Look inspect(Path file) throws IOException;

    /// @param size content bytes
    record Opened(Canonical metadata, long size, Signature signature) {}

    /// @param suite as `mizuhiki-letter-1`
    /// @param segmented whether it is the large form
    /// @param readers IDs of the keys that have a slot
    /// @param id the letter's name, [SealedLetter#id]
    /// @param fileSize bytes on disk
    record Look(String suite, boolean segmented, List<Digest> readers, Digest id, long fileSize) {
        public Look {
            readers = List.copyOf(readers);
        }
    }
}
