package org.mizuhiki.account;

import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.Slot;

/// A guardian's share, closed for one X-Wing key and one place: `{"content","wrapped"}`, canonical.
final class GuardedShare {
    private GuardedShare() {}

    static Bytes close(Secret share, Reader.XWing reader, Canonical context, Seals seals) {
        var random = new byte[MasterKey.BYTES];
        seals.die().nextBytes(random);
        try (var key = Secret.taking(random)) {
            var wrapped = seals.wrap(key, reader);
            var content = Closed.close(key, context, share, seals.die());
            return form(wrapped.encoded(), content);
        }
    }

    /// @throws Refusal `account-damaged`
    static Secret open(Bytes closed, Opener.XWing opener, Canonical context, Seals seals) {
        try {
            var fields = Canonical.decode(closed);
            var wrapped = Bytes.base64(fields.get("wrapped"));
            var content = Bytes.base64(fields.get("content"));
            // base64 has spellings that mean the same
            if (!form(wrapped, content).equals(closed)) {
                throw No.damaged();
            }
            var slot = new Slot(opener.keyId(), wrapped);
            try (var key = seals.unwrap(slot, opener)) {
                return Closed.open(key, context, content);
            }
        } catch (Refusal broken) {
            throw No.damaged();
        }
    }

    private static Bytes form(Bytes wrapped, Bytes content) {
        return Canonical.of(Map.of("wrapped", wrapped.asBase64(), "content", content.asBase64()))
                .encode();
    }
}
