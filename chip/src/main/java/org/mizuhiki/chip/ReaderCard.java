package org.mizuhiki.chip;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.TerminalFactory;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A card in a reader of this machine, through PC/SC. Other programs wait meanwhile: what was shown to a card,
/// a code or a PIN, opens it to whoever speaks.
///
/// The JDK keeps its connection to pcscd for the life of the process: when pcscd was started anew, so must
/// the process be.
public final class ReaderCard implements CardChannel {
    private static final String LIBRARY = "sun.security.smartcardio.library";
    /// Where Debian puts the library; the JDK itself looks in `lib64` and `lib` only.
    private static final List<String> PLACES =
            List.of("/usr/lib/x86_64-linux-gnu/libpcsclite.so.1", "/usr/lib/aarch64-linux-gnu/libpcsclite.so.1");
    private static final int LONGEST_ANSWER = 256 + 2;

    private final CardTerminal terminal;
    /// A card is one thread's alone, or everybody's; so all commands are this thread's.
    private final ExecutorService alone = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("card-reader").factory());
    private volatile Card card;

    private ReaderCard(CardTerminal terminal) throws CardException {
        this.terminal = terminal;
        card = terminal.connect("*");
    }

    private static CardTerminals terminals() {
        if (System.getProperty(LIBRARY) == null) {
            PLACES.stream()
                    .filter(p -> Files.exists(Path.of(p)))
                    .findFirst()
                    .ifPresent(p -> System.setProperty(LIBRARY, p));
        }
        try {
            return TerminalFactory.getInstance("PC/SC", null).terminals();
        } catch (NoSuchAlgorithmException e) {
            throw Refusal.of(
                    "no-pcsc", "カードリーダーのサービス（pcscd）が動いていません", "The card readers' service (pcscd) does not run here", e);
        }
    }

    /// Names of the readers that hold a card now.
    ///
    /// @throws Refusal `no-pcsc`
    public static List<String> readers() {
        try {
            return terminals().list(CardTerminals.State.CARD_PRESENT).stream()
                    .map(CardTerminal::getName)
                    .toList();
        } catch (CardException e) {
            // no reader at all, which PC/SC calls an error
            return List.of();
        }
    }

    /// Speaks to the card in a reader, alone, until closed.
    ///
    /// @throws Refusal `no-pcsc`, `reader-without-card`, `card-in-use`
    public static ReaderCard in(String reader) {
        var terminal = terminals().getTerminal(reader);
        try {
            if (terminal == null || !terminal.isCardPresent()) {
                throw absent();
            }
            var opened = new ReaderCard(terminal);
            opened.take();
            return opened;
        } catch (CardException e) {
            throw absent(e);
        }
    }

    private void take() {
        try {
            on(() -> {
                card.beginExclusive();
                return card;
            });
        } catch (CardException e) {
            alone.shutdown();
            throw Refusal.of("card-in-use", "別の処理がこのカードを使っています", "The card is in use by something else", e);
        }
    }

    private <T> T on(Callable<T> work) throws CardException {
        try {
            return alone.submit(work).get();
        } catch (ExecutionException e) {
            // IllegalStateException: disconnected
            throw new CardException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CardException(e);
        }
    }

    private static Refusal absent() {
        return Refusal.of("reader-without-card", "カードリーダーにカードがありません", "There is no card in this reader");
    }

    private static Refusal absent(CardException cause) {
        return Refusal.of("reader-without-card", "カードリーダーのカードを使えません", "The card in this reader cannot be used", cause);
    }

    /// Answer to reset, by which drivers know a card.
    public Bytes atr() {
        return Bytes.of(card.getATR().getBytes());
    }

    @Override
    public byte[] transmit(byte... command) {
        try {
            return on(() -> {
                var answer = ByteBuffer.allocate(LONGEST_ANSWER);
                int size = card.getBasicChannel().transmit(ByteBuffer.wrap(command), answer);
                return Arrays.copyOf(answer.array(), size);
            });
        } catch (CardException e) {
            throw silent(e);
        }
    }

    @Override
    public void reset() {
        try {
            on(() -> {
                card.disconnect(true);
                card = terminal.connect("*");
                card.beginExclusive();
                return card;
            });
        } catch (CardException e) {
            throw silent(e);
        }
    }

    private static Refusal silent(Exception cause) {
        return Refusal.of(
                "card-silent", "カードが応答しません。カードを入れ直してください", "The card does not answer any more; insert it again", cause);
    }

    @Override
    public void close() {
        try {
            on(() -> {
                // with a reset: what was opened is closed
                card.disconnect(true);
                return card;
            });
        } catch (CardException e) {
            // it is gone already
        } finally {
            alone.shutdown();
        }
    }
}
