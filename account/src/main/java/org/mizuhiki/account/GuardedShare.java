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
            return Canonical.of(Map.of(
                            "wrapped", wrapped.encoded().asBase64(),
                            "content", content.asBase64()))
                    .encode();
        }
    }

    /// @throws Refusal `account-damaged`
    static Secret open(Bytes closed, Opener.XWing opener, Canonical context, Seals seals) {
        try {
            var fields = Canonical.decode(closed);
            var slot = new Slot(opener.keyId(), Bytes.base64(fields.get("wrapped")));
            if (fields.fields().size() != 2) {
                throw No.damaged();
            }
            try (var key = seals.unwrap(slot, opener)) {
                return Closed.open(key, context, Bytes.base64(fields.get("content")));
            }
        } catch (Refusal broken) {
            throw No.damaged();
        }
    }
}
