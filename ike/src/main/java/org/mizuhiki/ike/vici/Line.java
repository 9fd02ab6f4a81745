package org.mizuhiki.ike.vici;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One connection to the engine: commands one after the other, events as they come. A line on which an
/// answer is late or malformed is closed: what came after it could be taken for another command's answer.
public final class Line implements AutoCloseable {
    private static final int MOST_STREAMED = 20_000;
    private static final int CONNECT_TRIES = 100;
    private static final long CONNECT_PAUSE_MS = 20;

    private final SocketChannel channel;
    private final Duration patience;
    private final BlockingQueue<Packet> answers = new ArrayBlockingQueue<>(1);
    private final Map<String, Consumer<Section>> listeners = new ConcurrentHashMap<>();
    private final Runnable gone;
    private volatile boolean open = true;

    private Line(SocketChannel channel, Duration patience, Runnable gone) {
        this.channel = channel;
        this.patience = patience;
        this.gone = gone;
    }

    /// @param patience how long an answer may take
    /// @param gone runs once, when there is no line any more
    public static Line to(Path socket, Duration patience, Runnable gone) throws IOException {
        var line = new Line(connected(socket), patience, gone);
        Thread.ofVirtual().name("vici").start(line::readOn);
        return line;
    }

    /// The engine's queue of callers is short: in a burst the system answers EAGAIN.
    private static SocketChannel connected(Path socket) throws IOException {
        for (int left = CONNECT_TRIES; ; left--) {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException e) {
                channel.close();
                if (left == 0) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(CONNECT_PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /// Asks and waits for the answer.
    ///
    /// @throws IOException when there is no line any more, or the engine does not know the command
    public synchronized Section ask(String command, Section message) throws IOException {
        return switch (exchanged(Packet.COMMAND, command, message)) {
            case Packet.Answer(var answer) -> answer;
            case Packet.NoSuchCommand() -> throw new IOException("the engine has no command " + command);
            default -> throw outOfStep();
        };
    }

    /// Asks for something that comes as events of that name before the answer.
    public synchronized List<Section> stream(String command, String event, Section message) throws IOException {
        var all = new ArrayList<Section>();
        listen(event, part -> {
            if (all.size() < MOST_STREAMED) {
                all.add(part);
            }
        });
        ask(command, message);
        register(Packet.UNREGISTER, event);
        listeners.remove(event);
        if (all.size() == MOST_STREAMED) {
            throw new IOException("the engine streams more than " + MOST_STREAMED + " of " + event);
        }
        return List.copyOf(all);
    }

    /// From now on the listener hears these events, on the line's own thread: it must not ask anything
    /// here.
    public synchronized void listen(String event, Consumer<Section> listener) throws IOException {
        listeners.put(event, listener);
        register(Packet.REGISTER, event);
    }

    private void register(int type, String event) throws IOException {
        switch (exchanged(type, event, Section.EMPTY)) {
            case Packet.Registered() -> {}
            case Packet.NoSuchEvent() -> throw new IOException("the engine has no event " + event);
            default -> throw outOfStep();
        }
    }

    private Packet exchanged(int type, String name, Section message) throws IOException {
        try {
            send(Packet.written(type, name, message));
            var answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null || !open) {
                close();
                throw new IOException("the engine does not answer " + name);
            }
            return answer;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private void send(byte[] packet) throws IOException {
        if (packet.length > Packet.LONGEST) {
            throw new IllegalArgumentException("a packet of vici has at most 512 KiB");
        }
        var framed = ByteBuffer.allocate(4 + packet.length)
                .putInt(packet.length)
                .put(packet)
                .flip();
        try {
            while (framed.hasRemaining()) {
                channel.write(framed);
            }
        } finally {
            Arrays.fill(packet, (byte) 0); // it may have held a key
            Arrays.fill(framed.array(), (byte) 0);
        }
    }

    private IOException outOfStep() {
        close();
        return new Malformed("an answer to something else");
    }

    private void readOn() {
        try {
            while (true) {
                int length = read(4).getInt();
                if (length <= 0 || length > Packet.LONGEST) {
                    throw new Malformed("a packet of " + length + " bytes");
                }
                switch (Packet.read(read(length).array())) {
                    case Packet.Event(var name, var message) ->
                        listeners.getOrDefault(name, none -> {}).accept(message);
                    case Packet answer -> answers.put(answer);
                }
            }
        } catch (IOException e) {
            // closed by us, by the engine, or by its nonsense
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
            answers.offer(new Packet.NoSuchEvent()); // wakes who waits; it sees that the line is closed
            gone.run();
        }
    }

    private ByteBuffer read(int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the engine closed the line");
            }
        }
        return buffer.flip();
    }

    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        try {
            channel.close();
        } catch (IOException e) {
            // there is nothing left to close
        }
    }
}
