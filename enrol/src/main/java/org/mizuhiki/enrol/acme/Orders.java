package org.mizuhiki.enrol.acme;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Certification;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Reply;

/// Orders (RFC 8555, 7.4 and 7.5): for the account's own host and nothing else. When a certificate may be
/// had is the client's to say, as ACME's clients expect it; how often is bounded.
final class Orders {
    private static final Duration LIFE = Duration.ofDays(7);
    private static final int MOST_AN_HOUR = 20;

    /// A lost disk, a forced renewal, three tries; a client in a loop costs no more than these.
    private static final int MOST_CERTIFICATES_A_WEEK = 10;

    private static final int MOST_LISTED = 100;

    private final Database database;
    private final Certification certification;
    private final Door door;
    private final Urls urls;
    private final Clock clock;
    private final SecureRandom die;

    /// A server's orders are finalized one after the other: many at once would each find the limit unreached.
    private final List<Lock> turns =
            Stream.<Lock>generate(ReentrantLock::new).limit(64).toList();

    Orders(Database database, Certification certification, Door door, Urls urls, Clock clock, SecureRandom die) {
        this.database = database;
        this.certification = certification;
        this.door = door;
        this.urls = urls;
        this.clock = clock;
        this.die = die;
    }

    /// RFC 8555, 7.4.
    Reply.Full open(Call call) {
        var asked = door.byAccount(call, urls.newOrder());
        var account = asked.account();
        var said = asked.jws().needPayload();
        // 1. its own host, and only that
        Identifiers.mustBe(account.member(), said.objects("identifiers"));
        if (said.has("notBefore") || said.has("notAfter")) {
            throw validityNotChosen();
        }
        // 2. within the limits; one order of an account after the other
        var now = clock.instant();
        var id = Accounts.id(die);
        var order = database.inTransaction(rows -> {
            new AccountRows(rows).findLocked(account.id()).orElseThrow().mustStand();
            var orders = new OrderRows(rows);
            orders.forgetUnanswered(account, now.minus(LIFE));
            if (orders.madeSince(account, now.minus(Duration.ofHours(1))) >= MOST_AN_HOUR) {
                throw tooManyOrders();
            }
            mustHaveCertificatesLeft(orders, account);
            orders.add(id, account, replaced(orders, account, said), now, now.plus(LIFE));
            return orders.find(id, account).orElseThrow();
        });
        return shown(201, order, Map.of("Location", urls.order(id)));
    }

    private void mustHaveCertificatesLeft(OrderRows orders, Account account) {
        var week = clock.instant().minus(Duration.ofDays(7));
        if (orders.issuedSince(account.member(), week) >= MOST_CERTIFICATES_A_WEEK) {
            throw Refusal.of(
                    "certificate-rate-exceeded",
                    "このサーバーには7日間に" + MOST_CERTIFICATES_A_WEEK + "枚まで発行します。今の証明書を使い、後日やり直してください",
                    "A server gets at most " + MOST_CERTIFICATES_A_WEEK
                            + " certificates in seven days; use the one that stands and try again later");
        }
    }

    /// RFC 9773, 5. A certificate that is not one of this server's is not looked at: it changes nothing.
    private static Optional<String> replaced(OrderRows orders, Account account, Fields said) {
        var replaces = said.text("replaces")
                .filter(name -> orders.named(name)
                        .map(o -> o.member().equals(account.member()))
                        .orElse(false));
        if (replaces.map(orders::isReplaced).orElse(false)) {
            throw Refusal.of(
                    "replaced-already",
                    "この証明書は既に別の注文で更新されています",
                    "This certificate was replaced by another order already");
        }
        return replaces;
    }

    Reply.Full order(Call call) {
        return shown(200, mine(call, urls.order(call.path("id"))), Map.of());
    }

    /// RFC 8555, 7.1.2.1.
    Reply.Full list(Call call) {
        var id = call.path("id");
        var account = door.byAccount(call, urls.orders(id)).account();
        Accounts.mustBeMine(account, id);
        var ids = database.inTransaction(rows -> new OrderRows(rows).of(account, MOST_LISTED));
        return json(200, Map.of("orders", ids.stream().map(urls::order).toList()), Map.of());
    }

    private Order mine(Call call, String url) {
        return find(call, door.byAccount(call, url).account());
    }

    private Order find(Call call, Account account) {
        return database.inTransaction(rows -> new OrderRows(rows).find(call.path("id"), account))
                .orElseThrow(
                        () -> Refusal.of("order-unknown", "この注文はありません", "There is no such order of this account's"));
    }

    /// RFC 8555, 7.5 and 7.5.2. It is valid from the beginning: inside the network nobody could be asked to
    /// answer at port 80, and the operator has said already whose host this is.
    Reply.Full authorization(Call call) {
        var asked = door.byAccount(call, urls.authorization(call.path("id")));
        var order = find(call, asked.account());
        boolean givenUp = asked.jws()
                .payload()
                .flatMap(said -> said.text("status"))
                .map(Account.DEACTIVATED::equals)
                .orElse(false);
        if (givenUp) {
            database.inTransaction(rows -> {
                new OrderRows(rows).giveUp(order.id());
                return order;
            });
        }
        return authorization(find(call, asked.account()));
    }

    private Reply.Full authorization(Order order) {
        var body = new LinkedHashMap<String, Object>();
        body.put("identifier", Identifiers.of(order.member()));
        body.put("status", order.authorizationStatus(clock.instant()));
        body.put("expires", seconds(order.expires()));
        body.put("challenges", List.of(challenge(order)));
        return json(200, body, Map.of());
    }

    Reply.Full challenge(Call call) {
        var order = mine(call, urls.challenge(call.path("id")));
        var up = "<" + urls.authorization(order.id()) + ">;rel=\"up\"";
        return json(200, challenge(order), Map.of("Link", up + ", " + AcmeRoutes.index(urls)));
    }

    /// Says how the name was proven; nothing can be done with it.
    private Map<String, Object> challenge(Order order) {
        return Map.of("type", "mizuhiki-binding-01", "url", urls.challenge(order.id()), "status", Order.VALID);
    }

    /// RFC 8555, 7.4.
    Reply.Full finalize(Call call) {
        var asked = door.byAccount(call, urls.finalize(call.path("id")));
        var turn = turns.get(Math.floorMod(asked.account().member().hashCode(), turns.size()));
        turn.lock();
        try {
            return finalize(call, asked);
        } finally {
            turn.unlock();
        }
    }

    private Reply.Full finalize(Call call, Door.Signed.ByAccount asked) {
        var account = asked.account();
        var pkcs10 = Bytes.of(asked.jws().needPayload().bytes("csr"));
        var digest = Bytes.of(pkcs10.sha256().toArray());
        // 1. an order that waits; a lost answer is given again
        var order = find(call, account);
        if (order.request().map(digest::equals).orElse(false)) {
            return shown(200, order, Map.of());
        }
        if (!order.status(clock.instant()).equals(Order.READY)) {
            throw notReady();
        }
        // 2. within the limits
        database.inTransaction(rows -> {
            mustHaveCertificatesLeft(new OrderRows(rows), account);
            return order;
        });
        // 3. a key that is not the account's: who gets one of the two must not have the other
        if (contains(pkcs10.toArray(), account.key().encoded().toArray())) {
            throw Refusal.of(
                    "key-is-the-accounts",
                    "証明書の鍵にアカウントの鍵は使えません。別の鍵を作成してください",
                    "The account's key cannot be the certificate's too; make another one");
        }
        // 4. trust reads the request as hostile and issues in one transaction of its own; it knows the order,
        // so that after a crash here the same certificate comes again
        var enrolled = certification.certify(
                account.member(), pkcs10, new Certification.Order("acme:" + order.id(), account.created()));
        // 5. the answer
        var answered = database.inTransaction(rows -> {
            new OrderRows(rows).answer(order.id(), digest, Chains.pem(enrolled.signing()), clock.instant());
            return new OrderRows(rows).find(order.id(), account).orElseThrow();
        });
        return shown(200, answered, Map.of());
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (java.util.Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    /// RFC 8555, 7.4.2.
    Reply.Full certificate(Call call) {
        var order = mine(call, urls.certificate(call.path("id")));
        var chain = order.chain().orElseThrow(Orders::notReady);
        return new Reply.Full(200, "-", Map.of(), "application/pem-certificate-chain", Bytes.utf8(chain));
    }

    private Reply.Full shown(int status, Order order, Map<String, String> headers) {
        var body = new LinkedHashMap<String, Object>();
        body.put("status", order.status(clock.instant()));
        body.put("expires", seconds(order.expires()));
        body.put("identifiers", List.of(Identifiers.of(order.member())));
        body.put("authorizations", List.of(urls.authorization(order.id())));
        body.put("finalize", urls.finalize(order.id()));
        order.replaces().ifPresent(r -> body.put("replaces", r));
        order.chain().ifPresent(_ -> body.put("certificate", urls.certificate(order.id())));
        return json(status, body, headers);
    }

    static Reply.Full json(int status, Object body, Map<String, String> headers) {
        return new Reply.Full(status, "-", headers, "application/json", Json.write(body));
    }

    static String seconds(java.time.Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Refusal notReady() {
        return Refusal.of(
                "order-not-ready",
                "この注文は期限切れか、取り消されたか、別の申請で発行済みです。新しい注文をしてください",
                "This order has expired, was given up or was answered for another request; make a new one");
    }

    private static Refusal tooManyOrders() {
        return Refusal.of(
                "order-rate-exceeded",
                "注文が多すぎます（1時間に" + MOST_AN_HOUR + "件まで）。しばらくしてからやり直してください",
                "Too many orders (" + MOST_AN_HOUR + " an hour); wait and try again");
    }

    private static Refusal validityNotChosen() {
        return Refusal.of(
                "validity-not-chosen",
                "有効期間は認証局が決めます（notBefore・notAfterは指定できません）",
                "The authority chooses the validity; leave out notBefore and notAfter");
    }
}
