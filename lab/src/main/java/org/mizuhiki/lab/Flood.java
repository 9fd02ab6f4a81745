package org.mizuhiki.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Engine;

/// Pretended beginnings of IKE from many addresses to one router, as an attacker sends them who sees no answers
/// (RFC 7296, 2.6).
public final class Flood implements AutoCloseable {
    private static final int IKE = 500;
    private static final int SOURCES = 50;
    private static final int LONGEST = 4000;
    private static final int PATIENCE_MS = 5_000;
    private static final Duration SHORT = Duration.ofMillis(500);

    private final List<DatagramSocket> sources = new ArrayList<>();
    private final Bytes beginning;
    private final InetAddress target;
    private final long pace;
    private final SecureRandom die;
    private final AtomicLong sent = new AtomicLong();
    private final Thread sender;
    private volatile boolean going = true;

    private Flood(Lab lab, Bytes beginning, InetAddress target, int perSecond, SecureRandom die) throws Exception {
        this.beginning = beginning;
        this.target = target;
        this.pace = Duration.ofSeconds(1).toNanos() / perSecond;
        this.die = die;
        for (int i = 0; i < SOURCES; i++) {
            var address = "203.0.113." + (150 + i);
            lab.internet().run("ip", "addr", "replace", address + "/32", "dev", "br2");
            sources.add(Inside.call(lab.internet(), () -> new DatagramSocket(new InetSocketAddress(address, 0))));
        }
        sender = Thread.ofPlatform().daemon().start(this::send);
    }

    /// Begins, and goes on until it is closed.
    ///
    /// @param beginning as [#beginning] has recorded it
    public static Flood of(Lab lab, Bytes beginning, InetAddress target, int perSecond, SecureRandom die)
            throws Exception {
        return new Flood(lab, beginning, target, perSecond, die);
    }

    /// The first packet of a router that asks for this partner, caught where nobody answers: at the centre.
    public static Bytes beginning(Lab lab, LabRouter from, LabRouter partner, LabAuthority authority) throws Exception {
        var name = "caught";
        from.engine().load(from.tunnel(name, partner, authority, Optional.of(lab.centreAddress()), Optional.empty()));
        try (var catching = Inside.call(lab.centre(), () -> new DatagramSocket(IKE))) {
            catching.setSoTimeout(PATIENCE_MS);
            Thread.ofVirtual().start(() -> initiate(from.engine(), name));
            var packet = new DatagramPacket(new byte[LONGEST], LONGEST);
            catching.receive(packet);
            return Bytes.of(Arrays.copyOf(packet.getData(), packet.getLength()));
        } catch (SocketTimeoutException e) {
            throw new IllegalStateException("the engine begins nothing", e);
        } finally {
            from.engine().remove(name, Optional.empty());
        }
    }

    private static void initiate(Engine engine, String name) {
        try {
            engine.initiate(name, SHORT);
        } catch (Refusal nobody) {
            // as it must be
        }
    }

    private void send() {
        long next = System.nanoTime();
        try {
            while (going) {
                var another = beginning.toArray();
                ByteBuffer.wrap(another).putLong(die.nextLong()); // the initiator's SPI
                var from = sources.get((int) (sent.getAndIncrement() % SOURCES));
                from.send(new DatagramPacket(another, another.length, target, IKE));
                next += pace;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException e) {
            // closed
        }
    }

    public long sent() {
        return sent.get();
    }

    @Override
    public void close() {
        going = false;
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sources.forEach(DatagramSocket::close);
    }
}
