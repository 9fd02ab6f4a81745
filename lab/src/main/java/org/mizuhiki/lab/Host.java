package org.mizuhiki.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.mizuhiki.ike.NetworkSpace;

/// A host of a site, with programs that know nothing of tunnels.
public record Host(NetworkSpace space) {
    private static final int SHORT_MS = 400;
    /// Longer than the kernel takes to send a lost first packet a second and a third time.
    private static final int PATIENT_MS = 5_000;

    /// Answers every TCP connection with one byte and every datagram with itself.
    public AutoCloseable echo(int port) throws Exception {
        var tcp = Inside.call(space, () -> new ServerSocket(port));
        var udp = Inside.call(space, () -> new DatagramSocket(port));
        Thread.ofVirtual().start(() -> greet(tcp));
        Thread.ofPlatform().daemon().start(() -> reflect(udp));
        return () -> {
            tcp.close();
            udp.close();
        };
    }

    private static void greet(ServerSocket server) {
        try {
            while (true) {
                try (var caller = server.accept()) {
                    caller.getOutputStream().write(1);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void reflect(DatagramSocket socket) {
        var packet = new DatagramPacket(new byte[1500], 1500);
        try {
            while (true) {
                packet.setLength(1500);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException e) {
            // closed
        }
    }

    /// Whether a TCP connection comes about and brings something. One packet may get lost on a busy machine.
    public boolean reaches(InetAddress to, int port) throws Exception {
        return reaches(to, port, PATIENT_MS);
    }

    /// The same without patience: for what must not come about, and where another try follows.
    public boolean reachesAtOnce(InetAddress to, int port) throws Exception {
        return reaches(to, port, SHORT_MS);
    }

    private boolean reaches(InetAddress to, int port, int withinMs) throws Exception {
        try (Socket socket = Inside.call(space, () -> connected(to, port, withinMs))) {
            return socket.getInputStream().read() == 1;
        } catch (SocketTimeoutException | SocketException e) {
            return false;
        }
    }

    private static Socket connected(InetAddress to, int port, int withinMs) throws IOException {
        var socket = new Socket();
        try {
            socket.setSoTimeout(withinMs);
            socket.connect(new InetSocketAddress(to, port), withinMs);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Sends datagrams to an [#echo] at an even pace until it is closed, and counts those that came back.
    public Stream stream(InetAddress to, int port, Duration pace) throws Exception {
        return new Stream(Inside.call(space, () -> new DatagramSocket()), new InetSocketAddress(to, port), pace);
    }

    /// Numbered datagrams under way.
    public static final class Stream implements AutoCloseable {
        private final DatagramSocket socket;
        private final InetSocketAddress to;
        private final long pace;
        private final BitSet back = new BitSet();
        private final Thread sender;
        private volatile boolean going = true;
        private final AtomicInteger sent = new AtomicInteger();

        private Stream(DatagramSocket socket, InetSocketAddress to, Duration pace) {
            this.socket = socket;
            this.to = to;
            this.pace = pace.toNanos();
            Thread.ofPlatform().daemon().start(this::receive);
            sender = Thread.ofPlatform().daemon().start(this::send);
        }

        private void send() {
            long next = System.nanoTime();
            while (going) {
                try {
                    var number = ByteBuffer.allocate(64)
                            .putInt(sent.getAndIncrement())
                            .array();
                    socket.send(new DatagramPacket(number, number.length, to));
                } catch (IOException e) {
                    // no route at this moment: a packet that was lost
                }
                next += pace;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }

        private void receive() {
            var packet = new DatagramPacket(new byte[64], 64);
            try {
                while (true) {
                    socket.receive(packet);
                    synchronized (back) {
                        back.set(ByteBuffer.wrap(packet.getData()).getInt());
                    }
                }
            } catch (IOException e) {
                // closed
            }
        }

        /// How many have come back so far.
        public int received() {
            synchronized (back) {
                return back.cardinality();
            }
        }

        /// Stops sending, waits for what is under way, and says how many never came back.
        public int lost() throws InterruptedException {
            going = false;
            sender.join();
            Thread.sleep(SHORT_MS);
            return sent() - received();
        }

        public int sent() {
            return sent.get();
        }

        @Override
        public void close() {
            going = false;
            socket.close();
        }
    }
}
