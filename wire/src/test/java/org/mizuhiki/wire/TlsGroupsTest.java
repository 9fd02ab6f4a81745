package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.tls.TlsContexts;

/// Which key exchanges a region's servers do. JDK 25 has no hybrid one; the first that has one is used for
/// it without a setting, and this test turns from one branch to the other.
@Tag("B1")
class TlsGroupsTest {
    private static final String HYBRID = "X25519MLKEM768";

    @TempDir
    Path folder;

    @Test
    void theHybridGroupIsAskedForFirstWhereverItIsOffered() {
        assertEquals(
                List.of(HYBRID, "x25519", "secp256r1"),
                TlsContexts.groups(List.of("x25519", "secp256r1", HYBRID, "ffdhe2048"))
                        .orElseThrow());
        assertEquals(true, TlsContexts.groups(List.of("x25519", "secp256r1")).isEmpty());
    }

    @Test
    void aServerDoesTheHybridExchangeIfThisJdkCan() throws Exception {
        var region = new TestRegion(folder);
        var route =
                Route.get("/", "nothing", Access.ANYONE, byte[].class, _ -> new Reply.Raw("text/plain", Bytes.of()));
        try (var server = region.start(ServerConfig.of("keys", "127.0.0.1", 0), List.of(route))) {
            var nobody = Identity.anonymous(List.of(region.certificate("root")));
            var context = TlsContexts.of(nobody.key(), nobody.chain(), nobody.roots());
            int port = server.uri().getPort();
            shakeHands(context, port, "x25519");
            shakeHands(context, port, "secp256r1");
            var groups = context.getSupportedSSLParameters().getNamedGroups();
            boolean offered = groups != null && List.of(groups).contains(HYBRID);
            if (offered) {
                shakeHands(context, port, HYBRID);
            } else {
                assertThrows(Exception.class, () -> shakeHands(context, port, HYBRID));
            }
        }
    }

    private static void shakeHands(SSLContext context, int port, String group) throws IOException {
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            var parameters = TlsContexts.parameters(context);
            parameters.setNamedGroups(new String[] {group});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }
    }
}
