package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;

/// What institutions sign about connections, by hand, against a region's real centre.
@Tag("N4")
@Tag("D3")
@Tag("D4")
class VpnCommandTest {
    private static final String ROUTER = "1319900017/medical-vpn/mizu/R-1/0001";
    private static final String TERMS = "{\"longest\":\"PT8H\",\"idle\":\"PT30M\",\"renewal\":\"PT1H\"}";
    private static final String POLICY = """
            {"router": {"subscriber": "1319900017", "name": "medical-vpn",
               "device": {"vendor": "mizu", "model": "R-1", "serial": "0001"}},
             "networks": [{"network": {"address": "10.1.0.0", "prefix": 24}, "zone": "SECURE"}],
             "rules": [{"name": "all", "partners": [], "way": "BOTH", "answer": "AUTOMATIC", "approvers": [],
               "terms": %s}]}""".formatted(TERMS);
    private static final String UNIFORM = """
            {"proposals": {"ike": "aes256gcm16-prfsha384-x25519", "esp": "aes256gcm16-x25519"},
             "services": [{"name": "referral", "kind": "EXCHANGE", "asking": "SECURE", "asked": "SECURE",
               "openings": [{"protocol": "TCP", "from": 443, "to": 443, "toAsked": true}], "dscp": 0, "terms": %s}],
             "groups": [{"name": "region", "services": ["referral"]}],
             "translation": {"address": "100.64.0.0", "prefix": 10}, "mostConnections": 50}""".formatted(TERMS);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Played played;

    @SuppressWarnings("NullAway.Init")
    private static Staff staff;

    @BeforeAll
    static void regionComesUp() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
        staff = new Staff(played.machine.place(), played.casting, Played.CLOCK, Played.DIE);
        staff.office("provider", OneMachine.PROVIDER, "結城 勝");
    }

    @AfterAll
    static void regionGoesDown() {
        staff.close();
        played.close();
    }

    private static Path device(String who) {
        return played.machine.place().folder().resolve("people").resolve(who);
    }

    private static String file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void policiesAreSignedFiledAndShown() throws Exception {
        Typed.done(device("provider"), "vpn", "uniform", file("uniform.json", UNIFORM));
        Typed.done(device("provider"), "vpn", "group", "region", ROUTER);
        var filed = Typed.done(device("doctor-a"), "vpn", "policy", file("policy.json", POLICY), "--json");
        assertEquals(64, filed.field("id").length());
        var shown = Typed.done(device("doctor-a"), "vpn", "policy").out();
        assertTrue(shown.contains("vpn-policy") && shown.contains("vpn-uniform-policy"), shown);
        assertTrue(Typed.done(device("doctor-a"), "vpn", "list").err().contains("none"));
        assertTrue(Typed.done(device("doctor-a"), "vpn", "waiting").err().contains("none"));
    }

    @Test
    void whatOnesInstitutionMayNotSayIsRefused() throws Exception {
        refused("doctor-a", "declaration-not-allowed", "vpn", "uniform", file("other.json", UNIFORM));
        refused("doctor-a", "declaration-not-allowed", "vpn", "group", "region", ROUTER);
        refused("doctor-b", "declaration-malformed", "vpn", "policy", file("theirs.json", POLICY));
    }

    @Test
    void aRouterThatNobodySawAndAConnectionThatIsNotThereAreToldSo() {
        var partner = "1319900025/medical-vpn/mizu/R-1/0002";
        refused(
                "doctor-a",
                "router-unknown",
                "vpn",
                "connect",
                "--from",
                ROUTER,
                "--to",
                partner,
                "--service",
                "referral");
        refused(
                "doctor-b",
                "router-not-yours",
                "vpn",
                "connect",
                "--from",
                ROUTER,
                "--to",
                partner,
                "--service",
                "mail");
        refused("doctor-a", "connection-unknown", "vpn", "disconnect", "0".repeat(32));
        refused("doctor-a", "booking-unknown", "vpn", "cancel", "0".repeat(64));
        assertTrue(Typed.done(device("doctor-a"), "vpn", "bookings").err().contains("none"));
        refused("doctor-a", "session-unknown", "vpn", "session", "end", "0".repeat(32));
        assertTrue(
                Typed.done(device("doctor-a"), "vpn", "session", "list").err().contains("none"));
        refused("doctor-a", "connection-unknown", "vpn", "log", "0".repeat(32));
        refused("doctor-a", "connection-unknown", "vpn", "log", "0".repeat(32), "--reconcile");
        refused("doctor-a", "request-unknown", "vpn", "approve", "0".repeat(64));
    }

    @Test
    @Tag("D10")
    void bothSidesSignTheSameMaintenanceContract() throws Exception {
        var policy = file("privacy.txt", "how we treat personal data");
        var digest = Bytes.of(Files.readAllBytes(Path.of(policy))).sha256();
        var site = """
                {"router": {"subscriber": "%s", "name": "medical-vpn",
                   "device": {"vendor": "mizu", "model": "R-1", "serial": "%s"}},
                 "hosts": [{"address": "%s", "prefix": 32}], "privacyPolicy": "%s"}""";
        var contract = file("contract.json", """
                {"contract": {"number": "mr-scanner", "customer": %s, "maintainer": %s, "service": "maintenance",
                   "openings": [{"protocol": "TCP", "from": 22, "to": 22, "toAsked": true}],
                   "technicians": ["%s"]},
                 "windows": [{"from": "2027-01-11T00:00:00Z", "until": "2027-01-11T09:00:00Z"}]}""".formatted(
                        site.formatted("1319900017", "0001", "10.1.0.7", digest),
                        site.formatted("1319900025", "0002", "10.2.0.9", digest),
                        PersonId.random(Played.DIE)));
        for (var who : List.of("doctor-a", "doctor-b")) {
            var filed = Typed.done(device(who), "vpn", "agreement", contract, "--privacy-policy", policy, "--json");
            assertEquals(64, filed.field("id").length());
        }
        refused("doctor-a", "privacy-policy-other", "vpn", "agreement", contract, "--privacy-policy", contract);
        assertTrue(Typed.done(device("doctor-a"), "vpn", "maintenance").err().contains("none"));
    }

    private static void refused(String who, String code, String... arguments) {
        var ran = Typed.run(device(who), arguments);
        assertEquals(Exit.REFUSED, ran.code(), ran.err());
        assertTrue(ran.err().contains("code: " + code), ran.err());
    }
}
