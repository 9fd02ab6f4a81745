package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.NationalCardTest.refused;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;

/// What the virtual reader does with what comes from vpcd, which nobody authenticates.
@Tag("N7")
class VirtualReaderTest {
    private final CardLine card = Town.card();

    @SuppressWarnings("NullAway.Init") // before each test
    private VirtualReader reader;

    private Socket vpcd = new Socket();

    @BeforeEach
    void insert() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
            reader = VirtualReader.insert(address, VirtualReader.PLAIN_ATR, card);
            vpcd = server.accept();
            vpcd.setSoTimeout(20_000);
        }
    }

    @AfterEach
    void pullOut() throws IOException {
        reader.close();
        vpcd.close();
    }

    private void send(String message) throws IOException {
        var raw = HexFormat.of().parseHex(message);
        var out = new DataOutputStream(vpcd.getOutputStream());
        out.writeShort(raw.length);
        out.write(raw);
    }

    private String answer() throws IOException {
        var in = new DataInputStream(vpcd.getInputStream());
        return HexFormat.of().formatHex(in.readNBytes(in.readUnsignedShort()));
    }

    @Test
    void ordersAreCarriedOutAndOnlyQuestionsAnswered() throws Exception {
        send("01");
        send("04");
        assertEquals("3b800181", answer());
        send("00a4040c0ad392f000260100000001");
        assertEquals("9000", answer());
        send("00a4020c020018");
        assertEquals("9000", answer());
        send("002000800431323334");
        assertEquals("9000", answer());
        for (var order : new String[] {"00", "01", "02"}) {
            send(order);
            send("00b0000000");
            assertEquals("6985", answer(), "nothing is selected after " + order);
        }
        send("");
        send("00".repeat(65_535));
        assertEquals("6700", answer());
    }

    @Test
    void powerOffForgetsWhatWasShown() throws Exception {
        var known = NationalCard.on(card);
        known.verify(AUTHENTICATION, Town.pin());
        send("00");
        send("04");
        answer();
        var again = NationalCard.on(card);
        assertEquals(
                "card-not-permitted",
                refused(() -> again.sign(AUTHENTICATION, Bytes.of().sha256())));
    }

    @Test
    void anOrderThatNobodyKnowsEndsTheLine() throws Exception {
        send("63");
        reader.await();
        assertEquals(-1, vpcd.getInputStream().read());
    }

    @Test
    void aLineThatBreaksInTheMiddleOfAMessageIsACardPulledOut() throws Exception {
        vpcd.getOutputStream().write(new byte[] {0, 20, 0, (byte) 0xa4});
        vpcd.shutdownOutput();
        reader.await();
        assertEquals(3, NationalCard.on(card).tries(AUTHENTICATION));
    }

    @Test
    void anyBytesEndSomehow() throws Exception {
        var dice = new SplittableRandom(Cards.DIE.nextLong());
        for (int round = 0; round < 200; round++) {
            var noise = new byte[dice.nextInt(400)];
            dice.nextBytes(noise);
            for (int i = 0; i < noise.length; i += 7) {
                noise[i] = 0;
            }
            vpcd.getOutputStream().write(noise);
            vpcd.shutdownOutput();
            reader.await();
            pullOut();
            insert();
        }
        send("04");
        assertEquals("3b800181", answer());
    }
}
