package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

/// Where this machine is, whatever lines it has.
@Tag("D8")
class OwnAddressesTest {
    @Test
    void theWayThereComesFirstAndTheOtherKindIsOneOfTheInternetOrNone() {
        var own = OwnAddresses.towards("127.0.0.1");
        assertEquals("127.0.0.1", own.getFirst());
        assertTrue(own.size() <= 2);
        own.stream().skip(1).map(InetAddress::ofLiteral).forEach(a -> {
            assertTrue(a instanceof Inet6Address);
            assertEquals(0x20, a.getAddress()[0] & 0xe0);
        });
    }

    @Test
    void whereNoWayLeadsIsSaid() {
        assertEquals(
                "line-away",
                assertThrows(Refusal.class, () -> OwnAddresses.towards("nobody.invalid"))
                        .code());
    }
}
