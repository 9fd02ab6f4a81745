package org.mizuhiki.dues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;
import org.mizuhiki.usage.Tally.Counted;
import org.mizuhiki.usage.UsageRoutes.Usage;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// Over mutual TLS, as an institution's gateway calls.
@Tag("V11")
class SelfServiceTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Month OCTOBER = Month.parse("2026-10");
    private static final Instant AFTER = Instant.parse("2026-11-02T00:00:00Z");

    @TempDir
    Path folder;

    @Test
    void anInstitutionSeesItsOwnAccountWithItsCertificateAndNobodyElses() throws Exception {
        var clinic = new InstitutionCode("2819900017");
        var hospital = new InstitutionCode("2819900025");
        var certificates = new Certificates(folder);
        var server = certificates.server();
        var config = DatabaseConfig.embedded(
                folder.resolve("database"), Path.of("target/postgres").toAbsolutePath());
        var clock = InstantSource.fixed(AFTER).withZone(ZoneOffset.UTC);
        try (var database = Databases.open(config, Office.MIGRATIONS, DIE)) {
            var office = new Office(
                    database,
                    Map.of(
                            "store",
                            month -> new Usage(
                                    AFTER,
                                    month.equals(OCTOBER)
                                            ? List.of(new Counted(clinic, Measure.LETTERS, 12))
                                            : List.of())),
                    clock);
            office.issuer(MoneyTest.ISSUER);
            office.add(new Plan("clinic", "診療所プラン", 3000, MoneyTest.TEN, List.of(), true));
            office.open(clinic, "みずひき内科", "clinic", OCTOBER);
            office.open(hospital, "結び病院", "clinic", OCTOBER);
            office.issue(OCTOBER);
            try (var running = HttpServer.start(
                    ServerConfig.of("office", "127.0.0.1", 0),
                    server,
                    certificate -> {},
                    DuesRoutes.of(office),
                    Surroundings.of(Clock.systemUTC(), DIE))) {
                var own = remote(running, certificates.institution(clinic));
                var other = remote(running, certificates.institution(hospital));
                assertEquals(office.member(clinic).account(), own.account());
                assertEquals(
                        List.of(new Dues.Used(Measure.LETTERS, 12)),
                        own.usage(OCTOBER).used());
                assertEquals(List.of(), other.usage(OCTOBER).used());
                assertEquals(List.of(office.invoice(1)), own.invoices());
                assertEquals(InvoicePrint.pdf(office.invoice(1)), own.pdf(1));
                assertEquals(InvoicePrint.csv(office.invoice(1)), own.csv(1));
                assertEquals(
                        "Contact",
                        own.contact(new Account.Contact("Contact", "", "", ""))
                                .contact()
                                .department());
                assertEquals("clinic", own.choose("clinic").plan());
                for (Executable ask : List.<Executable>of(
                        () -> other.invoice(1), () -> other.pdf(1), () -> other.csv(1), () -> own.invoice(2))) {
                    assertEquals(
                            "invoice-unknown", assertThrows(Refusal.class, ask).code());
                }
                othersSeeNothing(running, certificates, server);
                var peer = Peers.connect(running.uri(), certificates.institution(clinic), DIE);
                var odd = Bytes.utf8("{\"department\":\"x\",\"post\":\"1\",\"address\":\"\",\"mail\":\"\"}");
                assertThrows(Refusal.class, () -> peer.putBytes("/v1/dues/contact", "application/json", odd));
                assertTrue(own.account().contact().post().isEmpty());
            }
        }
    }

    private static void othersSeeNothing(HttpServer running, Certificates certificates, Identity server)
            throws Exception {
        var doctor = remote(running, certificates.person(PersonId.random(DIE)));
        var stranger = remote(running, certificates.institution(new InstitutionCode("0119900017")));
        assertEquals(
                "access-denied", assertThrows(Refusal.class, doctor::account).code());
        assertEquals(
                "access-denied", assertThrows(Refusal.class, doctor::invoices).code());
        assertEquals(
                "account-unknown",
                assertThrows(Refusal.class, stranger::account).code());
        assertEquals(List.of(), stranger.invoices());
        var nobody = remote(running, Identity.anonymous(server.roots()));
        assertEquals(
                "certificate-required",
                assertThrows(Refusal.class, nobody::account).code());
    }

    private static RemoteDues remote(HttpServer server, Identity identity) {
        return new RemoteDues(Peers.connect(server.uri(), identity, DIE));
    }
}
