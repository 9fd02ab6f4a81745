package org.mizuhiki.mail;

import java.io.ByteArrayOutputStream;
import org.mizuhiki.house.Bytes;

/// Line ends.
final class Lines {
    private Lines() {}

    /// Every line ends with CR LF.
    static Bytes canonical(Bytes text) {
        var raw = text.toArray();
        var out = new ByteArrayOutputStream(raw.length + 64);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r')) {
                out.write('\r');
            }
            out.write(raw[i]);
            if (raw[i] == '\r' && (i + 1 == raw.length || raw[i + 1] != '\n')) {
                out.write('\n');
            }
        }
        return Bytes.of(out.toByteArray());
    }
}
