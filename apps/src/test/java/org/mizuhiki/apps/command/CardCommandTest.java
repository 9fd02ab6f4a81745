package org.mizuhiki.apps.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.NationalCard;
import picocli.CommandLine;

/// A virtual reader at the other end of the line.
@Tag("V4")
class CardCommandTest {
    private static String answer(DataInputStream in, DataOutputStream out, String message) throws IOException {
        var raw = HexFormat.of().parseHex(message);
        out.writeShort(raw.length);
        out.write(raw);
        return HexFormat.of().formatHex(in.readNBytes(in.readUnsignedShort()));
    }

    private static int run(StringWriter out, int port) {
        var line = Exit.prepare(new CommandLine(new CardCommand()));
        return line.setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute("simulate", "--json", "--port", String.valueOf(port));
    }

    @Test
    void aCardIsInTheReaderUntilTheReaderEnds() throws Exception {
        var said = new StringWriter();
        try (var vpcd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ended = CompletableFuture.supplyAsync(() -> run(said, vpcd.getLocalPort()));
            try (var line = vpcd.accept()) {
                line.setSoTimeout(30_000);
                var in = new DataInputStream(line.getInputStream());
                var out = new DataOutputStream(line.getOutputStream());
                assertEquals(NationalCard.ATR.asHex(), answer(in, out, "04"));
                assertEquals("9000", answer(in, out, "00a4040c0ad392f000260100000001"));
                assertEquals("9000", answer(in, out, "00a4020c020018"));
                assertEquals("9000", answer(in, out, "002000800431323334"));
            }
            assertEquals(Exit.OK, ended.get(30, TimeUnit.SECONDS));
        }
        assertTrue(said.toString().contains("\"pin\":\"1234\""), said.toString());
    }

    @Test
    void withoutAReaderTheCommandSaysSo() throws Exception {
        int free;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = taken.getLocalPort();
        }
        var said = new StringWriter();
        assertEquals(Exit.UNREACHABLE, run(said, free));
        assertTrue(said.toString().contains("reader-unreachable"), said.toString());
    }
}
