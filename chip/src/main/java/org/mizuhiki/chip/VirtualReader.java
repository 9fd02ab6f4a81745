package org.mizuhiki.chip;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.HexFormat;
import jdk.net.ExtendedSocketOptions;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Puts a card of the house into the virtual reader of vsmartcard (`vpcd`), a driver of pcscd: every program
/// of the machine then sees it as it sees any card. The card is pulled out by closing this.
///
/// The protocol: each message is preceded by its length in two bytes; one of a single byte is an order (power
/// off, power on, reset, tell the ATR), any other a command for the card. Only ATR and commands are answered.
/// Nothing in it is authenticated: whoever reaches vpcd's port can take the reader's place or the card's.
public final class VirtualReader implements AutoCloseable {
    /// An answer to reset that says T=1 and no more (ISO 7816-3).
    public static final Bytes PLAIN_ATR = Bytes.of(HexFormat.of().parseHex("3b800181"));

    private static final int POWER_OFF = 0;
    private static final int POWER_ON = 1;
    private static final int RESET = 2;
    private static final int ATR = 4;

    private final Socket vpcd;
    private final Bytes atr;
    private final CardChannel card;
    private final Thread thread;

    private VirtualReader(Socket vpcd, Bytes atr, CardChannel card) {
        this.vpcd = vpcd;
        this.atr = atr;
        this.card = card;
        thread = Thread.ofVirtual().name("virtual-reader").unstarted(this::serve);
    }

    /// Inserts a card into the reader that listens there; the card stays the caller's to close.
    ///
    /// @throws Refusal `reader-unreachable`
    public static VirtualReader insert(InetSocketAddress vpcd, Bytes atr, CardChannel card) {
        try {
            // takes the first free place; what is not a vpcd would wait for its first word for ever, as we do
            return insert(new Socket(vpcd.getAddress(), vpcd.getPort()), atr, card);
        } catch (IOException e) {
            throw Refusal.of(
                    "reader-unreachable",
                    "仮想カードリーダー（vpcd）に接続できません",
                    "There is no virtual reader (vpcd) at this address",
                    e);
        }
    }

    /// Inserts a card through a connection that was made elsewhere, and closes it in the end.
    public static VirtualReader insert(Socket vpcd, Bytes atr, CardChannel card) {
        var reader = new VirtualReader(vpcd, atr, card);
        reader.thread.start();
        return reader;
    }

    private void serve() {
        try (vpcd) {
            vpcd.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var in = new DataInputStream(new BufferedInputStream(vpcd.getInputStream()));
            while (true) {
                quicken();
                var message = in.readNBytes(in.readUnsignedShort());
                quicken();
                if (message.length == 1) {
                    order(message[0]);
                } else if (message.length > 1) {
                    answer(card.transmit(message));
                }
            }
        } catch (EOFException e) {
            // pcscd ended
        } catch (IOException | Refusal e) {
            // pulled out, or the card is silent: as with any card, there is none any more
        }
    }

    /// vpcd writes order and question apart and waits for the acknowledgement between them; the system takes
    /// the wish back after each acknowledgement. Without it each command takes 40 ms.
    private void quicken() throws IOException {
        if (vpcd.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
            vpcd.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
    }

    private void order(byte order) throws IOException {
        switch (order) {
            case POWER_OFF, POWER_ON, RESET -> card.reset();
            case ATR -> answer(atr.toArray());
            default -> throw new IOException("vpcd has no order " + order);
        }
    }

    private void answer(byte[] answer) throws IOException {
        var framed = new byte[2 + answer.length];
        framed[0] = (byte) (answer.length >> 8);
        framed[1] = (byte) answer.length;
        System.arraycopy(answer, 0, framed, 2, answer.length);
        vpcd.getOutputStream().write(framed);
    }

    /// Returns when there is no reader any more.
    public void await() throws InterruptedException {
        thread.join();
    }

    /// Pulls the card out; afterwards nobody speaks to it.
    @Override
    public void close() {
        try {
            vpcd.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
