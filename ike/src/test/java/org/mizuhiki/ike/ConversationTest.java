package org.mizuhiki.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Lines as Linux 6 writes them.
@Tag("D9")
class ConversationTest {
    private static final String TCP = "ipv4     2 tcp      6 431999 ESTABLISHED src=192.168.11.2 dst=192.168.12.2"
            + " sport=54321 dport=5000 packets=5 bytes=300 src=192.168.12.2 dst=192.168.11.2 sport=5000 dport=54321"
            + " packets=4 bytes=1200 [ASSURED] mark=0 zone=0 use=2";

    @Test
    void aLineTellsWhoSpeaksWithWhomByWhatAndHowMuchBothWays() {
        var read = Conversation.read(TCP).orElseThrow();
        assertEquals(InetAddress.ofLiteral("192.168.11.2"), read.source());
        assertEquals(InetAddress.ofLiteral("192.168.12.2"), read.target());
        assertEquals("tcp", read.protocol());
        assertEquals(54321, read.from());
        assertEquals(5000, read.port());
        assertEquals(1500, read.bytes());
    }

    @Test
    void whatHasNoPortsOrWasNotCountedIsReadAllTheSame() {
        var ping = Conversation.read("ipv6     10 icmpv6   58 29 src=fd4d:1::2 dst=fd4d:2::2 type=128 code=0 id=7"
                        + " src=fd4d:2::2 dst=fd4d:1::2 type=129 code=0 id=7 mark=0 zone=0 use=2")
                .orElseThrow();
        assertEquals("icmpv6", ping.protocol());
        assertEquals(0, ping.port());
        assertEquals(0, ping.bytes());
    }

    @Test
    void whatIsNoConversationIsNone() {
        assertEquals(Optional.empty(), Conversation.read(""));
        assertEquals(Optional.empty(), Conversation.read("ipv4 2 tcp 6 1 src=nobody dst=192.168.12.2"));
        assertEquals(Optional.empty(), Conversation.read("ipv4 2 tcp 6 1 dst=192.168.12.2"));
    }

    @FuzzTest
    void anyLineIsReadOrIsNone(FuzzedDataProvider data) {
        Conversation.read(data.consumeRemainingAsString())
                .ifPresent(c -> assertTrue(c.bytes() >= 0 && c.port() >= 0 && c.port() <= 0xffff));
    }
}
