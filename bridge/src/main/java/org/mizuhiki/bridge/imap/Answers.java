package org.mizuhiki.bridge.imap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.mizuhiki.house.Bytes;

/// Answers to one mail program; sent when a command is done, so that ten thousand lines are not ten
/// thousand packets.
final class Answers {
    private final OutputStream out;

    Answers(OutputStream out) {
        this.out = new BufferedOutputStream(out, 32 << 10);
    }

    OutputStream stream() {
        return out;
    }

    void untagged(String line) throws IOException {
        out.write(("* " + line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    void raw(Bytes content) throws IOException {
        out.write(content.toArray());
    }

    /// A line after which the program has its turn.
    void last(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    void done(String tag) throws IOException {
        last(tag + " OK done");
    }

    void flush() throws IOException {
        out.flush();
    }
}
