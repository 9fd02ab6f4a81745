package org.mizuhiki.oprf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// The messages of RFC 9807 are fields of fixed length in a row; anything longer or shorter is none.
final class Messages {
    static final int NONCE = 32;
    static final int SEED = 32;
    static final int KEY = 32;
    static final int MAC = Hashes.SIZE;
    static final int ENVELOPE = NONCE + MAC;
    static final int MASKED = KEY + ENVELOPE;

    private Messages() {}

    /// @return the fields, of exactly these lengths
    /// @throws Refusal `message-malformed`
    static List<byte[]> fields(Bytes message, int... lengths) {
        if (message.size() != Arrays.stream(lengths).sum()) {
            throw Refusal.of(
                    "message-malformed",
                    "ログインの通信文の長さが正しくありません",
                    "A message of the log-in has another length than it must have");
        }
        var all = message.toArray();
        var fields = new ArrayList<byte[]>();
        int at = 0;
        for (int length : lengths) {
            fields.add(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        return fields;
    }

    /// One answer for a wrong password, an unknown ID, another server and a bent message: which of them it
    /// was is nobody's to know.
    static Refusal failed() {
        return Refusal.of(
                "login-failed",
                "IDまたはパスワードが正しくありません。入力を確かめて、もう一度お試しください",
                "ID or password is wrong; check what you typed and try again");
    }
}
