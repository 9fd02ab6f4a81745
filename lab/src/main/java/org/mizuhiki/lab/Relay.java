package org.mizuhiki.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.mizuhiki.ike.NetworkSpace;

/// A door in one network behind which lies another: TCP connections to a loopback port there go on from here,
/// so that a server outside of the lab can be reached from within. Who calls is seen at the address of the
/// network in which the second half begins.
public final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final NetworkSpace behind;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Relay(ServerSocket door, NetworkSpace behind, InetSocketAddress target) {
        this.door = door;
        this.behind = behind;
        this.target = target;
    }

    /// @param port at the loopback of `from`
    /// @param target as it is called from `behind`
    public static Relay open(NetworkSpace from, int port, NetworkSpace behind, InetSocketAddress target)
            throws Exception {
        var door = Inside.call(from, () -> new ServerSocket(port, 100, InetAddress.ofLiteral("127.0.0.1")));
        var relay = new Relay(door, behind, target);
        Thread.ofVirtual().name("relay").start(relay::serve);
        return relay;
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                var caller = door.accept();
                open.add(caller);
                Thread.ofVirtual().start(() -> join(caller));
            } catch (IOException e) {
                // closed, or a caller that went again
            }
        }
    }

    private void join(Socket caller) {
        try (caller;
                var other = Inside.call(behind, () -> connected(target))) {
            open.add(other);
            var back = Thread.ofVirtual().start(() -> copy(other, caller));
            copy(caller, other);
            back.join();
            open.remove(other);
        } catch (Exception e) {
            // nobody there: the caller sees its connection end
        } finally {
            open.remove(caller);
        }
    }

    private static Socket connected(InetSocketAddress target) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(target, 5_000);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            // it is gone
        }
        open.forEach(Relay::close);
    }
}
