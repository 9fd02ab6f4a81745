package org.mizuhiki.ledger.note;

import java.util.Base64;
import java.util.regex.Pattern;
import org.mizuhiki.house.Digest;

/// The text of a checkpoint (C2SP tlog-checkpoint): origin, size, root; no extension lines.
///
/// @param size entries
public record Checkpoint(String origin, long size, Digest root) {
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");

    /// Ends in a newline.
    public String encode() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.toArray()) + "\n";
    }

    /// @throws org.mizuhiki.house.Refusal `checkpoint-forged`
    public static Checkpoint parse(String text) {
        var lines = text.split("\n", -1);
        if (lines.length != 4
                || !Note.isName(lines[0])
                || !SIZE.matcher(lines[1]).matches()) {
            throw Note.forged("its text is malformed");
        }
        var read = new Checkpoint(lines[0], Long.parseLong(lines[1]), root(lines[2]));
        if (!read.encode().equals(text)) {
            throw Note.forged("its text is not spelled as it should be");
        }
        return read;
    }

    private static Digest root(String base64) {
        try {
            var hash = Base64.getDecoder().decode(base64);
            if (hash.length == 32) {
                return Digest.ofHash(hash);
            }
        } catch (IllegalArgumentException e) {
            throw Note.forged("its root is not base64");
        }
        throw Note.forged("its root is not a hash");
    }
}
