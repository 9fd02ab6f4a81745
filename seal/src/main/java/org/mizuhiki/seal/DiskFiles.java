package org.mizuhiki.seal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;

/// The two file forms; which one a file has is read off its end (the large form's magic) and its first
/// byte.
final class DiskFiles implements SealedFiles {
    private final Letters letters;
    private final Streams streams;
    private final int limit;

    /// @param limit largest content of the plain form, in bytes
    DiskFiles(Letters letters, Streams streams, int limit) {
        this.letters = letters;
        this.streams = streams;
        this.limit = limit;
    }

    @Override
    public void close(
            Path in, Path out, Canonical metadata, Author author, StampAuthority stamps, List<? extends Reader> readers)
            throws IOException {
        LargeFile.refuseReserved(metadata);
        long size = Files.size(in);
        if (size <= limit) {
            var letter = letters.close(read(in, size), metadata, author, stamps, readers);
            var bytes = letters.encode(letter).toArray();
            Fresh.create(out, channel -> channel.write(ByteBuffer.wrap(bytes)));
            return;
        }
        Fresh.create(out, channel -> {
            try (var plain = Files.newInputStream(in);
                    var key = streams.newKey()) {
                var closed = Channels.newOutputStream(channel);
                var written = streams.close(plain, closed, key, LargeFile.CONTEXT);
                unchanged(written.size() == size);
                var content = LargeFile.describe(key, written);
                var letter = letters.close(content, LargeFile.mark(metadata), author, stamps, readers);
                closed.write(LargeFile.trailer(letters.encode(letter)).toArray());
                return written.size();
            }
        });
    }

    private static Bytes read(Path in, long size) throws IOException {
        try (var plain = Files.newInputStream(in)) {
            var content = plain.readNBytes((int) size + 1);
            unchanged(content.length == size);
            return Bytes.of(content);
        }
    }

    private static void unchanged(boolean same) {
        if (!same) {
            throw org.mizuhiki.house.Refusal.of(
                    "file-changed", "ファイルが処理中に変更されました。もう一度実行してください", "The file changed while it was read; run again");
        }
    }

    @Override
    public Opened open(Path in, Path out, Opener opener) throws IOException {
        return Fresh.create(out, channel -> open(in, Channels.newOutputStream(channel), opener));
    }

    @Override
    public Opened verify(Path in, Opener opener) throws IOException {
        return open(in, OutputStream.nullOutputStream(), opener);
    }

    private Opened open(Path in, OutputStream out, Opener opener) throws IOException {
        var large = LargeFile.find(in);
        var opened = letters.open(letters.decode(letterOf(in)), opener);
        boolean marked = LargeFile.isMarked(opened.metadata());
        // A letter says itself, signed, which form it belongs to: a trailer must not pass as a whole file.
        No.SEAL_BROKEN.check(marked == large.isPresent());
        if (large.isEmpty()) {
            out.write(opened.content().toArray());
            return new Opened(opened.metadata(), opened.content().size(), opened.signature());
        }
        try (var description = LargeFile.Description.of(opened.content());
                var closed = LargeFile.segments(in, large.get())) {
            transfer(closed, out, description);
            return new Opened(LargeFile.unmark(opened.metadata()), description.size(), opened.signature());
        }
    }

    /// The signed digest binds the author to this content; tags alone bind only whoever knows the key, and
    /// every reader does.
    private void transfer(InputStream closed, OutputStream out, LargeFile.Description description) throws IOException {
        var hash = Digest.sha256();
        long size;
        try (var plain = streams.open(closed, description.key(), LargeFile.CONTEXT)) {
            size = plain.transferTo(new DigestOutputStream(out, hash));
        }
        No.SEAL_BROKEN.check(
                size == description.size() && Digest.ofHash(hash.digest()).equals(description.plain()));
    }

    private static Bytes letterOf(Path file) throws IOException {
        var large = LargeFile.find(file);
        if (large.isPresent()) {
            return LargeFile.letter(file, large.get());
        }
        long size = Files.size(file);
        No.SEAL_MALFORMED.check(size <= LetterBody.MAX_BYTES + LetterBody.MAX_SLOTS * Slots.MAX_BYTES);
        return Bytes.of(Files.readAllBytes(file));
    }

    @Override
    public void addReader(Path file, Opener mine, Reader next) throws IOException {
        LargeFile.finishInterrupted(file);
        var large = LargeFile.find(file);
        var letter = letters.decode(letterOf(file));
        var bytes = letters.encode(letter.with(letters.addSlot(letter, mine, next)));
        if (large.isPresent()) {
            LargeFile.replaceTrailer(file, large.get(), LargeFile.trailer(bytes));
        } else {
            Fresh.replace(file, channel -> channel.write(ByteBuffer.wrap(bytes.toArray())));
        }
    }

    @Override
    public Look inspect(Path file) throws IOException {
        var large = LargeFile.find(file);
        var letter = letters.decode(letterOf(file));
        return new Look(
                CmsLetters.SUITE,
                large.isPresent(),
                letter.slots().stream().map(Slot::keyId).toList(),
                letter.id(),
                Files.size(file));
    }
}
