package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Account.State;
import org.mizuhiki.keys.Account.WrappedKey;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.oprf.StockClient;
import org.mizuhiki.store.KeyringRoutes;
import org.mizuhiki.store.Keyrings;
import org.mizuhiki.store.OwnShares;
import org.mizuhiki.store.PasswordShareRoutes;
import org.mizuhiki.store.PostgresKeyrings;
import org.mizuhiki.store.PostgresPasswordShares;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.store.RemoteKeyrings;
import org.mizuhiki.store.RemoteOwnShares;
import org.mizuhiki.store.RemotePasswordShares;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.Route;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// Key server and store as two servers with two databases, mutual TLS between them, certificates of a real
/// authority; clients are ours and the browsers' stock one.
@Tag("V4")
class PasswordsOverTheWireTest {
    private static final List<AutoCloseable> OPEN = new ArrayList<>();

    @TempDir
    private static Path folder;

    private static Live live;
    private static URI keys;
    private static URI store;

    @BeforeAll
    static void start() throws IOException {
        live = opened(new Live(folder));
        var storeRows = opened(Live.database(folder.resolve("passwords-store"), PostgresStore.MIGRATIONS));
        var shares = PostgresPasswordShares.open(storeRows, Live.CLOCK, Live.DIE);
        var keyrings = new PostgresKeyrings(storeRows, Live.CLOCK);
        var storeRoutes = new ArrayList<>(new PasswordShareRoutes(shares, shares, keyrings).routes());
        storeRoutes.addAll(new KeyringRoutes(keyrings).routes());
        store = serve("store", storeRoutes);
        var keysRows = opened(Live.database(folder.resolve("passwords-keys"), PostgresKeyServer.MIGRATIONS));
        var toStore = Peers.connect(store, live.identity("keys"), Live.DIE);
        var passwords = PostgresPasswords.open(keysRows, new RemotePasswordShares(toStore), Live.CLOCK, Live.DIE);
        var account = new PostgresAccount(keysRows, Live.CLOCK, Live.DIE);
        var recoveries = new PostgresRecoveries(keysRows, Live.CLOCK, PostgresRecoveries.USUAL_DELAY, Live.DIE);
        var routes = new ArrayList<>(new PasswordRoutes(passwords, account).routes());
        routes.addAll(new AccountRoutes(account, recoveries).routes());
        keys = serve("keys", routes);
    }

    private static <T extends AutoCloseable> T opened(T one) {
        OPEN.addFirst(one);
        return one;
    }

    private static URI serve(String role, List<Route> routes) {
        var server = opened(HttpServer.start(
                ServerConfig.of(role, "127.0.0.1", 0),
                live.identity(role),
                live.lists,
                routes,
                Surroundings.of(Live.CLOCK, Live.DIE)));
        return URI.create("https://localhost:" + server.port());
    }

    @AfterAll
    static void stop() throws Exception {
        for (var one : OPEN) {
            one.close();
        }
    }

    private static Peer anyone() {
        return Peers.connect(keys, Identity.anonymous(live.accreditation.roots()), Live.DIE);
    }

    private static Peer anyoneAtTheStore() {
        return Peers.connect(store, Identity.anonymous(live.accreditation.roots()), Live.DIE);
    }

    private static OwnShares shares(Live.Device device) {
        return new RemoteOwnShares(Peers.connect(store, live.identity(device), Live.DIE), Optional.empty());
    }

    private static Passwords withCertificate(Live.Device device) {
        return new RemotePasswords(asDevice(device), Optional.empty());
    }

    private static Peer asDevice(Live.Device device) {
        return Peers.connect(keys, live.identity(device), Live.DIE);
    }

    private static Passwords withoutCertificate() {
        return new RemotePasswords(anyone(), Optional.empty());
    }

    private static String refusal(Executable work) {
        return assertThrows(Refusal.class, work).code();
    }

    @Test
    void whatWasSetWithACertificateOpensAnywhereByPassword() {
        var patient = live.patient();
        var key = TwoServers.set(withCertificate(patient), shares(patient), patient.id(), "正しい馬");
        var in = TwoServers.logIn(withoutCertificate(), patient.id(), "正しい馬");
        assertEquals(key, in.exportKey());
        var account = new RemoteAccount(anyone());
        var wrapped = new WrappedKey("password", Bytes.utf8("wrapped master key"));
        var next = new State(1, Bytes.utf8("head"), List.of(wrapped));
        var master = Bytes.utf8("what the master key gives");
        new RemoteAccount(asDevice(patient)).replaceOwn(patient.id(), Digest.of(master.toArray()), next);
        assertEquals("session-over", refusal(() -> account.state(in.token())));
        var token = TwoServers.logIn(withoutCertificate(), patient.id(), "正しい馬").token();
        assertEquals(next, account.state(token));
        assertEquals("ways-changed", account.notices(token).getFirst().kind());
        assertEquals(
                next,
                account.state(
                        new RemoteAccount(asDevice(patient)).open(patient.id()).token()));

        // a session alone puts nobody out: neither the ways in nor the password are changed by it
        var thief = new Passwords.Shown(token, Bytes.utf8("a guess"));
        var nonsense = new State(2, Bytes.utf8("head"), List.of());
        assertEquals("account-key-wrong", refusal(() -> account.replace(thief, Digest.of(), nonsense)));
        var stolen = new RemotePasswords(anyone(), Optional.of(thief));
        assertEquals(
                "account-key-wrong", refusal(() -> TwoServers.set(stolen, shares(patient), patient.id(), "a thief's")));

        // a session and the account's key set another password; the store knows the person by a token of its own
        var stores = Bytes.utf8("what the master key gives the store");
        new RemoteKeyrings(Peers.connect(store, live.identity(patient), Live.DIE))
                .keepOwn(patient.id(), new Keyrings.Next(1, Bytes.utf8("closed"), Digest.of(stores.toArray())));
        var within = new RemotePasswords(anyone(), Optional.of(new Passwords.Shown(token, master)));
        var nobodys = new RemoteOwnShares(anyoneAtTheStore(), Optional.of(master));
        assertEquals("keyring-unknown", refusal(() -> TwoServers.set(within, nobodys, patient.id(), "電池とホチキス")));
        var own = new RemoteOwnShares(anyoneAtTheStore(), Optional.of(stores));
        TwoServers.set(within, own, patient.id(), "電池とホチキス");
        assertEquals(List.of(), own.notices(patient.id()));
        assertEquals("session-over", refusal(() -> account.state(token)));
        assertEquals("login-failed", refusal(() -> TwoServers.logIn(withoutCertificate(), patient.id(), "正しい馬")));
        var again = TwoServers.logIn(withoutCertificate(), patient.id(), "電池とホチキス");
        account.end(again.token());
        assertEquals("session-over", refusal(() -> account.state(again.token())));
    }

    @Test
    void whoIsNobodyAndWhoIsWrongGetTheSameRefusal() {
        var patient = live.patient();
        TwoServers.set(withCertificate(patient), shares(patient), patient.id(), "right");
        var wrong = assertThrows(Refusal.class, () -> TwoServers.logIn(withoutCertificate(), patient.id(), "wrong"));
        var nobody = assertThrows(
                Refusal.class, () -> TwoServers.logIn(withoutCertificate(), PersonId.random(Live.DIE), "right"));
        assertEquals(wrong.getMessage(), nobody.getMessage());
        assertEquals("login-failed", refusal(() -> withoutCertificate().prove(Digest.of(), Bytes.of(new byte[64]))));
    }

    @Test
    void nobodySetsAPasswordWithoutACertificateOrASession() {
        var person = PersonId.random(Live.DIE);
        var noShares = new RemoteOwnShares(anyoneAtTheStore(), Optional.empty());
        assertEquals("session-over", refusal(() -> TwoServers.set(withoutCertificate(), noShares, person, "mine")));
        var forged = new Passwords.Shown(Bytes.of(new byte[32]), Bytes.of());
        var passwords = new RemotePasswords(anyone(), Optional.of(forged));
        assertEquals("session-over", refusal(() -> TwoServers.set(passwords, noShares, person, "mine")));
        assertEquals("keyring-unknown", refusal(() -> noShares.notices(person)));
    }

    @Test
    void onlyTheKeyServerAsksTheStoreForEvaluations() {
        var patient = live.patient();
        var epoch = Digest.of();
        var blinded = TwoServers.CLIENT.register(TwoServers.password("x")).request();
        for (var identity : List.of(
                live.identity(patient), live.identity("gateway"), Identity.anonymous(live.accreditation.roots()))) {
            var shares = new RemotePasswordShares(Peers.connect(store, identity, Live.DIE));
            var codes = List.of("access-denied", "certificate-required");
            assertTrue(codes.contains(refusal(() -> shares.evaluate(patient.id(), epoch, blinded))));
            assertTrue(codes.contains(refusal(() -> shares.keep(patient.id(), epoch))));
            assertTrue(codes.contains(refusal(() -> shares.shift(patient.id(), epoch, epoch, blinded))));
        }
        assertEquals(List.of(), shares(patient).notices(patient.id()));
    }

    @Test
    void malformedMessagesAreRefused() {
        var person = PersonId.random(Live.DIE);
        var short95 = Bytes.of(new byte[95]);
        assertEquals("message-malformed", refusal(() -> withoutCertificate().answer(person, short95)));
        var noElement = Bytes.of(new byte[96]);
        assertEquals("element-identity", refusal(() -> withoutCertificate().answer(person, noElement)));
        var device = live.patient();
        assertEquals(
                "message-malformed", refusal(() -> withCertificate(device).set(device.id(), Digest.of(), short95)));
    }

    @Test
    void theBrowsersStockClientSetsAPasswordAndLogsIn() throws IOException {
        var patient = live.patient();
        var password = StockClient.text("さくら さくら");
        try (var stock = StockClient.start()) {
            var started = stock.call("startRegistration", password);
            var device = withCertificate(patient);
            var begun = device.begin(patient.id(), StockClient.decoded(started.get(1)));
            // the page asks the store itself and adds; the stock client sees one stock response
            var request = StockClient.decoded(started.get(1));
            var others = shares(patient).begin(patient.id(), begun.registration(), request);
            var response = StockClient.encoded(OpaqueClient.withShare(begun.response(), others));
            var registered = stock.call("finishRegistration", password, started.get(0), response);
            device.set(patient.id(), begun.registration(), StockClient.decoded(registered.get(0)));

            var browser = withoutCertificate();
            var login = stock.call("startLogin", password);
            var answered = browser.answer(patient.id(), StockClient.decoded(login.get(1)));
            var in = stock.call("finishLogin", password, login.get(0), StockClient.encoded(answered.ke2()));
            assertEquals(registered.get(1), in.get(2));
            var session = browser.prove(answered.login(), StockClient.decoded(in.get(0)));
            assertEquals(0, new RemoteAccount(anyone()).state(session.token()).number());

            var wrong = stock.call("startLogin", StockClient.text("うめ"));
            var other = browser.answer(patient.id(), StockClient.decoded(wrong.get(1)));
            assertEquals(
                    List.of("refused"),
                    stock.call("finishLogin", StockClient.text("うめ"), wrong.get(0), StockClient.encoded(other.ke2())));
        }
    }
}
