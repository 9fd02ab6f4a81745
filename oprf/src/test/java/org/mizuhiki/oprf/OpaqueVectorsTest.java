package org.mizuhiki.oprf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The vectors of RFC 9807 for the suite, both sides.
@Tag("V4")
class OpaqueVectorsTest {
    private static final Bytes CONTEXT = Bytes.utf8("OPAQUE-POC");

    private record Vector(Map<String, String> values) {
        String get(String name) {
            return maybe(name).orElseThrow();
        }

        Optional<String> maybe(String name) {
            return Optional.ofNullable(values.get(name));
        }
    }

    private static Vector vector(String name) throws IOException {
        try (var in = Objects.requireNonNull(OpaqueVectorsTest.class.getResourceAsStream("rfc9807.txt"))) {
            var text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            var values = new TreeMap<String, String>();
            var section = text.substring(text.indexOf("[" + name + "]\n"));
            section.lines().skip(1).takeWhile(l -> !l.startsWith("[")).forEach(l -> {
                var pair = l.split(" ");
                values.put(pair[0], pair[1]);
            });
            return new Vector(values);
        }
    }

    private static Bytes bytes(String hex) {
        return Bytes.of(HexFormat.of().parseHex(hex));
    }

    private static Secret secret(String hex) {
        return Secret.taking(HexFormat.of().parseHex(hex));
    }

    private static String hex(Secret secret) {
        return secret.lend(HexFormat.of()::formatHex);
    }

    private static Identities identities(Vector v) {
        return new Identities(
                v.maybe("client_identity").map(OpaqueVectorsTest::bytes),
                v.maybe("server_identity").map(OpaqueVectorsTest::bytes),
                CONTEXT);
    }

    private static OpaqueClient client(Vector v, SecureRandom die) {
        return new OpaqueClient(Stretching.insecureIdentity(), identities(v), die);
    }

    private static OpaqueServer server(Vector v) {
        var die = new PresetDie(v.get("masking_nonce"), v.get("server_nonce"), v.get("server_keyshare_seed"));
        var server = new OpaqueServer(secret(v.get("server_private_key")), identities(v), die);
        assertEquals(v.get("server_public_key"), server.publicKey().asHex());
        return server;
    }

    private static KeyShare key(Vector v) {
        return KeyShare.ofId(secret(v.get("oprf_seed")), bytes(v.get("credential_identifier")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"real 1", "real 2"})
    void realVectorsHold(String name) throws IOException {
        var v = vector(name);
        var password = secret(v.get("password"));
        var key = key(v);
        assertEquals(v.get("oprf_key"), hex(key.toSecret()));
        var server = server(v);

        var setting = new PresetDie(PresetDie.scalar(v.get("blind_registration")), v.get("envelope_nonce"));
        var registration = client(v, setting).register(password);
        assertEquals(v.get("registration_request"), registration.request().asHex());
        var response = server.registrationResponse(key.evaluate(registration.request()));
        assertEquals(v.get("registration_response"), response.asHex());
        var registered = registration.finish(response);
        assertEquals(v.get("registration_upload"), registered.upload().asHex());
        assertEquals(v.get("export_key"), hex(registered.exportKey()));

        var drawing = new PresetDie(
                PresetDie.scalar(v.get("blind_login")), v.get("client_nonce"), v.get("client_keyshare_seed"));
        var login = client(v, drawing).login(password);
        assertEquals(v.get("KE1"), login.request().asHex());
        var evaluated = key.evaluate(OpaqueServer.blinded(login.request()));
        var pending = server.answer(new RegistrationRecord(registered.upload()), login.request(), evaluated);
        assertEquals(v.get("KE2"), pending.ke2().asHex());
        var in = login.finish(pending.ke2());
        assertEquals(v.get("KE3"), in.ke3().asHex());
        assertEquals(v.get("session_key"), hex(in.sessionKey()));
        assertEquals(v.get("export_key"), hex(in.exportKey()));
        assertEquals(v.get("session_key"), hex(pending.finish(in.ke3())));
    }

    @Test
    void theFakeVectorHolds() throws IOException {
        var v = vector("fake 1");
        var record = new RegistrationRecord(
                bytes(v.get("client_public_key") + v.get("masking_key") + "00".repeat(Messages.ENVELOPE)));
        var ke1 = bytes(v.get("KE1"));
        var pending = server(v).answer(record, ke1, key(v).evaluate(OpaqueServer.blinded(ke1)));
        assertEquals(v.get("KE2"), pending.ke2().asHex());
        assertThrows(Refusal.class, () -> pending.finish(Bytes.of(new byte[OpaqueServer.KE3])));
    }
}
