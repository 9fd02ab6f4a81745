package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Region;

/// What operators of a running region tell its servers about people's certificates.
class OperatedTest {
    @TempDir
    static Path folder;

    private static Played played;

    @BeforeAll
    static void regionComesUp() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
    }

    @AfterAll
    static void regionGoesDown() {
        played.close();
    }

    private static String operate(String server, String operation, Map<String, String> asked) {
        return played.machine.place().operate(server, operation, asked);
    }

    private static void refused(String code, String server, String operation, Map<String, String> asked) {
        assertEquals(
                code,
                assertThrows(Refusal.class, () -> operate(server, operation, asked))
                        .code());
    }

    private static boolean isListed(PersonId id) {
        var asking = Optional.of(played.cast.doctorA().device());
        try (var connection = Region.connect(played.machine.region(), asking, Played.CLOCK, Played.DIE)) {
            connection.region().directory().find(id);
            return true;
        } catch (Refusal e) {
            assertEquals("person-unknown", e.code());
            return false;
        }
    }

    @Test
    @Tag("V8")
    void anInstitutionEnrolsWithItsOwnCaUntilTheOperatorEndsIt() throws Exception {
        var patient = Map.of("kind", "patient");
        refused("registrar-ca-missing", "gateway-b", "registrar-ticket", patient);
        var site = Objects.requireNonNull(OneMachine.SITES.get("gateway-b"));
        var terms = Map.of("code", site.code(), "name", site.name(), "quota", "1", "days", "20");
        assertTrue(operate("authority", "registrar-ca-create", terms).contains(site.code() + "-1"));

        var slip = operate("gateway-b", "registrar-ticket", patient);
        var enrolled = played.casting.enrol("provisional", slip);
        assertEquals(4, enrolled.device().author().chain().size(), "person, registrar's CA, person-CA, root");
        assertTrue(isListed(enrolled.id()));
        // counted, and seen by the supervision
        refused("registrar-ca-exhausted", "gateway-b", "registrar-ticket", patient);
        assertTrue(operate("authority", "registrar-cas", Map.of()).contains("\"used\":1"));
        var ca = Map.of("ca", site.code() + "-1");
        assertTrue(operate("authority", "registrar-ca-issued", ca)
                .contains(enrolled.id().value()));

        assertEquals("ended", operate("authority", "registrar-ca-end", ca));
        refused("registrar-ca-ended", "gateway-b", "registrar-ticket", patient);
        refused("ca-unknown", "authority", "registrar-ca-end", Map.of("ca", "1234567890-1"));
        refused("registrar-ca-terms", "authority", "registrar-ca-create", with(terms, "quota", "20000"));
        refused("argument-malformed", "authority", "registrar-ca-create", with(terms, "quota", "many"));
    }

    private static Map<String, String> with(Map<String, String> good, String name, String value) {
        var odd = new java.util.HashMap<>(good);
        odd.put(name, value);
        return odd;
    }

    @Test
    @Tag("V1")
    void anInstitutionRevokesItsOwnPeopleAndNobodyElses() throws Exception {
        var slip = operate("gateway-a", "ticket", Map.of("kind", "professional", "name", "退職 者"));
        var leaving = played.casting.enrol("leaving", slip);
        var id = Map.of("id", leaving.id().value(), "reason", "cessation");
        refused("registrar-not-allowed", "gateway-b", "revoke", id);
        assertTrue(isListed(leaving.id()));
        assertEquals("revoked", operate("gateway-a", "revoke", id));
        assertTrue(!isListed(leaving.id()));
        refused(
                "member-unknown",
                "gateway-a",
                "revoke",
                Map.of("id", PersonId.random(Played.DIE).value()));
        refused("argument-missing", "gateway-a", "revoke", Map.of());
    }
}
