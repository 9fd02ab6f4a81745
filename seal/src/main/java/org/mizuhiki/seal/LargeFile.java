package org.mizuhiki.seal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The large form: segments, letter, {length of the letter 8, magic 8}. The letter's content describes the
/// segments; its metadata is marked, so that such a letter is no whole file and a whole file's letter no
/// trailer.
final class LargeFile {
    static final Bytes CONTEXT = Bytes.utf8("mizuhiki-file-1");
    private static final String MARK = "mizuhiki.form";
    private static final String FORM = "segments-1";
    private static final byte[] MAGIC = {'M', 'Z', 'S', 'E', 'A', 'L', 'F', 1};
    private static final int FOOTER = 16;

    /// A letter of some hundred bytes of content, its metadata, and its slots.
    private static final int MAX_LETTER = (2 << 20) + LetterBody.MAX_SLOTS * Slots.MAX_BYTES;

    private LargeFile() {}

    /// @param end where the segments end and the letter starts
    /// @param letter the letter's length
    record Layout(long end, int letter) {}

    /// @param plain SHA-256 of the content, signed by the author
    record Description(Secret key, long size, Digest plain) implements AutoCloseable {
        static Description of(Bytes content) {
            return No.SEAL_BROKEN.unless(() -> {
                var fields = Canonical.decode(content);
                return new Description(
                        Secret.taking(Bytes.base64(fields.get("key")).toArray()),
                        Long.parseLong(fields.get("size")),
                        new Digest(fields.get("plain-sha256")));
            });
        }

        @Override
        public void close() {
            key.close();
        }
    }

    static Bytes describe(Secret key, Streams.Written written) {
        return Canonical.of(Map.of(
                        "closed-sha256", written.closed().hex(),
                        "key", key.lend(k -> Bytes.of(k).asBase64()),
                        "plain-sha256", written.plain().hex(),
                        "size", Long.toString(written.size())))
                .encode();
    }

    static void refuseReserved(Canonical metadata) {
        if (metadata.find(MARK).isPresent()) {
            throw Refusal.of(
                    "metadata-reserved",
                    "メタデータの項目「" + MARK + "」は使えません",
                    "The metadata field '" + MARK + "' is reserved");
        }
    }

    static Canonical mark(Canonical metadata) {
        return metadata.with(MARK, FORM);
    }

    static boolean isMarked(Canonical metadata) {
        return metadata.find(MARK).filter(FORM::equals).isPresent();
    }

    static Canonical unmark(Canonical metadata) {
        SortedMap<String, String> fields = new TreeMap<>(metadata.fields());
        fields.remove(MARK);
        return new Canonical(fields);
    }

    static Bytes trailer(Bytes letter) {
        return Bytes.of(ByteBuffer.allocate(letter.size() + FOOTER)
                .put(letter.toArray())
                .putLong(letter.size())
                .put(MAGIC)
                .array());
    }

    /// Empty when the file is not of the large form.
    static Optional<Layout> find(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < Segments.HEADER + Segments.TAG + FOOTER) {
                return Optional.empty();
            }
            var footer = read(channel, size - FOOTER, FOOTER);
            if (!Arrays.equals(Arrays.copyOfRange(footer, 8, FOOTER), MAGIC)) {
                return Optional.empty();
            }
            long letter = ByteBuffer.wrap(footer).getLong();
            No.SEAL_MALFORMED.check(
                    letter > 0 && letter <= MAX_LETTER && letter <= size - FOOTER - Segments.HEADER - Segments.TAG);
            return Optional.of(new Layout(size - FOOTER - letter, (int) letter));
        }
    }

    static Bytes letter(Path file, Layout layout) throws IOException {
        try (var channel = FileChannel.open(file)) {
            return Bytes.of(read(channel, layout.end(), layout.letter()));
        }
    }

    private static byte[] read(FileChannel channel, long at, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
            // the file may give less than asked for
        }
        No.SEAL_MALFORMED.check(!buffer.hasRemaining());
        return buffer.array();
    }

    /// The segments only: the stream ends where the letter starts.
    static InputStream segments(Path file, Layout layout) throws IOException {
        return new Limited(Channels.newInputStream(FileChannel.open(file)), layout.end());
    }

    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = super.read(into, offset, (int) Math.min(length, left));
            left -= Math.max(n, 0);
            return n;
        }
    }

    /// Writes the new trailer into a side file first, so that a crash in between loses no reader's way in.
    static void replaceTrailer(Path file, Layout layout, Bytes trailer) throws IOException {
        var noted = ByteBuffer.allocate(8 + trailer.size())
                .putLong(layout.end())
                .put(trailer.toArray())
                .flip();
        Fresh.replace(side(file), channel -> channel.write(noted));
        finishInterrupted(file);
    }

    /// Does what the side file says, if there is one; doing it twice does no harm.
    static void finishInterrupted(Path file) throws IOException {
        var side = side(file);
        if (!Files.exists(side)) {
            return;
        }
        No.SEAL_MALFORMED.check(Files.size(side) <= MAX_LETTER + FOOTER + 8);
        var noted = ByteBuffer.wrap(Files.readAllBytes(side));
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long end = noted.getLong();
            No.SEAL_MALFORMED.check(end > 0 && end <= channel.size());
            int length = noted.remaining();
            while (noted.hasRemaining()) {
                channel.write(noted, end + noted.position() - 8);
            }
            channel.truncate(end + length);
            channel.force(true);
        }
        Files.delete(side);
    }

    private static Path side(Path file) {
        return file.resolveSibling(file.getFileName() + ".trailer");
    }
}
