package org.mizuhiki.ike.vici;

import com.code_intelligence.jazzer.junit.FuzzTest;

class PacketFuzzTest {
    @FuzzTest
    void anyBytesAreAPacketOrMalformed(byte[] input) {
        try {
            Packet.read(input);
        } catch (Malformed e) {
            // the only other way out
        }
    }
}
