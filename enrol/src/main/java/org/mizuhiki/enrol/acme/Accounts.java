package org.mizuhiki.enrol.acme;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Reply;

/// Accounts (RFC 8555, 7.3): opened with a binding that the operator gave out, which says whose certificates
/// they ask for. What a client says about itself (contacts) is not kept.
final class Accounts {
    private static final int MOST_FAILURES = 10;
    private static final Duration LONGEST_LIFE = Duration.ofDays(7);
    private static final int ID_BYTES = 16;

    private final Database database;
    private final Bindings bindings;
    private final Door door;
    private final Urls urls;
    private final Clock clock;
    private final SecureRandom die;

    Accounts(Database database, Bindings bindings, Door door, Urls urls, Clock clock, SecureRandom die) {
        this.database = database;
        this.bindings = bindings;
        this.door = door;
        this.urls = urls;
        this.clock = clock;
        this.die = die;
    }

    /// @throws Refusal `binding-life`
    Given bind(Member.Server member, Duration life) {
        if (!life.isPositive() || life.compareTo(LONGEST_LIFE) > 0) {
            throw Refusal.of(
                    "binding-life",
                    "アカウントの鍵の有効期間は7日以内で指定してください",
                    "An account binding lives at most 7 days, and more than nothing");
        }
        var kid = id(die);
        var now = clock.instant();
        database.inTransaction(rows -> {
            var accounts = new AccountRows(rows);
            accounts.forgetUnused(now.minus(LONGEST_LIFE));
            accounts.bind(kid, member, now, now.plus(life));
            return kid;
        });
        return new Given(kid, bindings.keyOf(kid));
    }

    /// @return whether there was anything to end
    boolean end(Member.Server member) {
        return database.inTransaction(rows -> new AccountRows(rows).end(member)) > 0;
    }

    static String id(SecureRandom die) {
        var bytes = new byte[ID_BYTES];
        die.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// RFC 8555, 7.3 and 7.3.4.
    Reply.Full open(Call call) {
        // 1. signed with the key that it shows
        var asked = door.byKey(call, urls.newAccount());
        var said = asked.jws().needPayload();
        // 2. a key that has an account gets to know it, whatever else it brings
        var known = database.inTransaction(rows -> new AccountRows(rows).ofKey(asked.key()));
        if (known.isPresent()) {
            return located(200, known.get().mustStand());
        }
        if (said.flag("onlyReturnExisting")) {
            throw Door.accountUnknown();
        }
        // 3. who it may ask for, from the operator
        var binding = Jws.of(said.object("externalAccountBinding").orElseThrow(Accounts::required));
        mustBind(binding, asked.key());
        // 4. binding used and account made, together or not at all
        return switch (database.inTransaction(rows -> open(rows, binding, asked.key()))) {
            case Outcome.Opened(var account) -> located(201, account);
            case Outcome.Refused(var refusal) -> throw refusal;
        };
    }

    /// RFC 8555, 7.3.4: for this very key and this address, so that nobody can take it elsewhere.
    private void mustBind(Jws binding, AccountKey key) {
        if (!binding.header().need("url").equals(urls.newAccount())) {
            throw Door.urlWrong();
        }
        if (binding.header().has("nonce")
                || !AccountKey.read(binding.needPayload()).thumbprint().equals(key.thumbprint())) {
            throw wrong();
        }
    }

    private sealed interface Outcome {
        record Opened(Account account) implements Outcome {}

        /// Refused, and what was counted is committed.
        record Refused(Refusal refusal) implements Outcome {}
    }

    private Outcome open(Handle handle, Jws binding, AccountKey key) {
        var rows = new AccountRows(handle);
        var kid = binding.header().need("kid");
        var found = rows.locked(kid);
        if (found.isEmpty() || found.get().failures() >= MOST_FAILURES) {
            return new Outcome.Refused(wrong());
        }
        try (var secret = bindings.keyOf(kid)) {
            if (!binding.isSealedWith(secret)) {
                rows.countFailure(kid);
                return new Outcome.Refused(wrong());
            }
        }
        if (found.get().used()) { // also by a request with this key that came a moment earlier
            var twin = rows.ofKey(key);
            return twin.isPresent() ? new Outcome.Opened(twin.get()) : new Outcome.Refused(used());
        }
        if (!clock.instant().isBefore(found.get().expires())) {
            return new Outcome.Refused(expired());
        }
        return rows.open(id(die), kid, key, clock.instant())
                ? new Outcome.Opened(rows.ofKey(key).orElseThrow())
                : new Outcome.Refused(taken());
    }

    /// RFC 8555, 7.3.2 and 7.3.6.
    Reply.Full account(Call call) {
        var id = call.path("id");
        var asked = door.byAccount(call, urls.account(id));
        mustBeMine(asked.account(), id);
        var ends = asked.jws().payload().flatMap(said -> said.text("status")).map(Account.DEACTIVATED::equals);
        if (ends.orElse(false)) {
            return shown(200, database.inTransaction(rows -> {
                new AccountRows(rows).end(id, Account.DEACTIVATED);
                return new AccountRows(rows).find(id).orElseThrow();
            }));
        }
        return shown(200, asked.account());
    }

    static void mustBeMine(Account account, String id) {
        if (!account.id().equals(id)) {
            throw Refusal.of(
                    "not-your-account", "ほかのアカウントの操作はできません", "This is another account's, not that of the signer");
        }
    }

    /// RFC 8555, 7.3.5: the old key signs around what the new key signed.
    Reply.Full changeKey(Call call) {
        var asked = door.byAccount(call, urls.keyChange());
        var account = asked.account();
        var inner = Jws.of(asked.jws().needPayload());
        var next = AccountKey.read(inner.header().object("jwk").orElseThrow(Fields::malformed));
        inner.mustBeSignedBy(next);
        if (!inner.header().need("url").equals(urls.keyChange())) {
            throw Door.urlWrong();
        }
        var said = inner.needPayload();
        var old = AccountKey.read(said.object("oldKey").orElseThrow(Fields::malformed));
        if (inner.header().has("nonce")
                || inner.header().has("kid")
                || !said.need("account").equals(urls.account(account.id()))
                || !old.thumbprint().equals(account.key().thumbprint())) {
            throw Fields.malformed();
        }
        return shown(200, database.inTransaction(rows -> changed(new AccountRows(rows), account, next)));
    }

    private static Account changed(AccountRows rows, Account account, AccountKey next) {
        var current = rows.findLocked(account.id()).orElseThrow().mustStand();
        if (!current.key().thumbprint().equals(account.key().thumbprint())) {
            throw Jws.wrong(); // another roll-over was faster: the key that signed this one is the old one by now
        }
        if (rows.ofKey(next).isPresent()) {
            throw taken();
        }
        rows.change(account.id(), next);
        return rows.find(account.id()).orElseThrow();
    }

    private Reply.Full located(int status, Account account) {
        return shown(status, account, Map.of("Location", urls.account(account.id())));
    }

    private Reply.Full shown(int status, Account account) {
        return shown(status, account, Map.of());
    }

    private Reply.Full shown(int status, Account account, Map<String, String> headers) {
        var body = new LinkedHashMap<String, Object>();
        body.put("status", account.status());
        body.put("orders", urls.orders(account.id()));
        return new Reply.Full(status, "-", headers, "application/json", Json.write(body));
    }

    private static Refusal required() {
        return Refusal.of(
                "binding-required",
                "アカウントを開くには運営者から受け取ったキーID（EAB kid）と鍵（EAB HMAC key）が必要です",
                "An account is opened with an external account binding (EAB kid and HMAC key) from the operator");
    }

    private static Refusal wrong() {
        return Refusal.of(
                "binding-wrong",
                "外部アカウントの結び付け（EAB）が見つからないか、誤りがあります。kidと鍵を確認してください",
                "There is no such external account binding, or it is wrong; compare kid and HMAC key");
    }

    private static Refusal used() {
        return Refusal.of(
                "binding-used",
                "このEABは既に使われています。心当たりがなければ運営者に連絡してください",
                "This external account binding was used already; if not by you, tell the operator");
    }

    private static Refusal expired() {
        return Refusal.of(
                "binding-expired",
                "このEABの有効期限が切れています。新しいものを発行してもらってください",
                "This external account binding has expired; ask the operator for a new one");
    }

    private static Refusal taken() {
        return Refusal.of(
                "account-key-taken",
                "この鍵は別のアカウントが使っています。新しい鍵を作成してください",
                "This key is another account's; make a new one");
    }
}
