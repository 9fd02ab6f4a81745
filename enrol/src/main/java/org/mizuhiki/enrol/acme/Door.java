package org.mizuhiki.enrol.acme;

import java.util.Optional;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Nonces;

/// Opens signed requests (RFC 8555, 6.2 to 6.5): who asks, for which resource, and for the first time.
final class Door {
    private final Database database;
    private final Nonces nonces;
    private final Urls urls;

    Door(Database database, Nonces nonces, Urls urls) {
        this.database = database;
        this.nonces = nonces;
        this.urls = urls;
    }

    /// A request whose signature was checked.
    sealed interface Signed {
        Jws jws();

        /// By an account that stands.
        record ByAccount(Account account, Jws jws) implements Signed {}

        /// By the key that it shows, whosever that is.
        record ByKey(AccountKey key, Jws jws) implements Signed {}
    }

    /// @param url of the resource, exactly as the client must have signed it
    /// @throws Refusal `key-not-here`, and those of [#open]
    Signed.ByAccount byAccount(Call call, String url) {
        return switch (open(call, url)) {
            case Signed.ByAccount by -> by;
            case Signed.ByKey _ -> throw keyNotHere();
        };
    }

    /// @throws Refusal `key-not-here`, and those of [#open]
    Signed.ByKey byKey(Call call, String url) {
        return switch (open(call, url)) {
            case Signed.ByKey by -> by;
            case Signed.ByAccount _ -> throw keyNotHere();
        };
    }

    /// @throws Refusal `media-type-unsupported`, `jws-malformed`, `url-wrong`, `nonce-wrong`,
    /// `account-unknown`, `account-ended`, `account-key-unfit`, `algorithm-unfit`, `signature-wrong`
    Signed open(Call call, String url) {
        // 1. the form
        if (!call.mediaType().equals("application/jose+json")) {
            throw Refusal.of(
                    "media-type-unsupported",
                    "要求はapplication/jose+jsonで送ってください",
                    "Send the request as application/jose+json");
        }
        var jws = Jws.read(call.bytes());
        // 2. meant for this resource: what was signed for one must not be brought to another
        if (!jws.header().need("url").equals(url)) {
            throw urlWrong();
        }
        // 3. for the first time; before the signature, so that a replay costs next to nothing
        if (!jws.header().text("nonce").filter(this::takes).isPresent()) {
            throw nonceWrong();
        }
        // 4. by the account that it names, or by the key that it shows, never both
        var kid = jws.header().text("kid");
        var jwk = jws.header().object("jwk");
        if (kid.isPresent() == jwk.isPresent()) {
            throw Fields.malformed();
        }
        if (jwk.isPresent()) {
            var key = AccountKey.read(jwk.get());
            jws.mustBeSignedBy(key);
            return new Signed.ByKey(key, jws);
        }
        var account = account(kid.orElseThrow()).orElseThrow(Door::accountUnknown);
        jws.mustBeSignedBy(account.key());
        return new Signed.ByAccount(account.mustStand(), jws);
    }

    private Optional<Account> account(String kid) {
        var prefix = urls.account("");
        if (!kid.startsWith(prefix)) {
            return Optional.empty();
        }
        var id = kid.substring(prefix.length());
        return database.inTransaction(rows -> new AccountRows(rows).find(id));
    }

    static Refusal urlWrong() {
        return Refusal.of(
                "url-wrong",
                "署名されたurlが、要求を送ったアドレスと違います",
                "The signed url is not the address to which the request was sent");
    }

    private static Refusal nonceWrong() {
        return Refusal.of(
                "nonce-wrong",
                "nonceが使用済みか、無効です。応答のReplay-Nonceでやり直してください",
                "The nonce was used before or is not good; try again with the Replay-Nonce of this answer");
    }

    static Refusal accountUnknown() {
        return Refusal.of("account-unknown", "このアカウントはありません", "There is no such account");
    }

    private static Refusal keyNotHere() {
        return Refusal.of(
                "key-not-here",
                "この操作の署名者の示し方が違います（newAccountはjwk、その他はkid）",
                "This operation takes the other way of naming the signer (jwk for newAccount, kid elsewhere)");
    }

    private boolean takes(String nonce) {
        try {
            return nonces.take(Bytes.of(Fields.decode(nonce)));
        } catch (Refusal e) { // not in base64url: none of ours
            return false;
        }
    }
}
