package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the operator may ask of a running server, at its own machine only: a Unix socket in the server's
/// folder that only the folder's owner can open, so nothing of it is reachable from the network. One JSON
/// request and one JSON answer a connection.
final class OperatorDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorDoor.class);
    private static final int LARGEST_QUESTION = 1 << 16;
    private static final int LARGEST_ANSWER = 1 << 20;

    private final Path socket;
    private final ServerSocketChannel listening;
    private final Map<String, Operation> operations;

    /// Something the operator can ask for, such as `ticket`.
    @FunctionalInterface
    interface Operation {
        String answer(Map<String, String> asked);
    }

    record Asked(String operation, Map<String, String> arguments) {}

    /// @param refusal the refusal's code, empty when all went well
    record Answered(String text, String refusal, String japanese, String english) {}

    private OperatorDoor(Path socket, ServerSocketChannel listening, Map<String, Operation> operations) {
        this.socket = socket;
        this.listening = listening;
        this.operations = Map.copyOf(operations);
    }

    static OperatorDoor open(Path folder, Map<String, Operation> operations) {
        var socket = socket(folder);
        try {
            // the folder's mode stands before the socket does: there is no moment in which others could connect
            Files.createDirectories(socket.getParent());
            Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwx------"));
            Files.deleteIfExists(socket); // left behind by a crash: the folder has one owner, the one starting now
            var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listening.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            var door = new OperatorDoor(socket, listening, operations);
            Thread.ofVirtual().name("operator-door").start(door::serve);
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the operator's door at " + socket, e);
        }
    }

    /// Asks a running server.
    ///
    /// @throws Refusal `server-not-running`, or what the server refused
    static String ask(Path folder, String operation, Map<String, String> arguments) {
        var socket = socket(folder);
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            send(channel, new Asked(operation, arguments));
            var answer = Json.read(receive(channel, LARGEST_ANSWER), Answered.class);
            if (!answer.refusal().isEmpty()) {
                throw Refusal.of(answer.refusal(), answer.japanese(), answer.english());
            }
            return answer.text();
        } catch (IOException e) {
            throw Refusal.of(
                    "server-not-running",
                    "サーバーが動いていないか、このユーザーには操作が許されていません（" + socket + "）",
                    "The server is not running, or this user may not operate it (" + socket + ")",
                    e);
        }
    }

    /// Whether a running server answers there.
    static boolean isOpen(Path folder) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket(folder)))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void serve() {
        while (listening.isOpen()) {
            try {
                var channel = listening.accept();
                // a long backup must not keep the operator from revoking
                Thread.ofVirtual().name("operator").start(() -> serve(channel));
            } catch (AsynchronousCloseException closed) {
                return;
            } catch (IOException e) {
                LOG.warn("operator door: {}", e.toString());
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            send(channel, answer(Json.read(receive(channel, LARGEST_QUESTION), Asked.class)));
        } catch (IOException | RuntimeException e) {
            LOG.warn("operator request failed: {}", e.toString());
        }
    }

    private static Path socket(Path folder) {
        return folder.resolve("operator").resolve("door.sock");
    }

    private Answered answer(Asked asked) {
        try {
            var operation = operations.get(asked.operation());
            if (operation == null) {
                throw Refusal.of(
                        "operation-unknown",
                        "このサーバーにない操作です。使えるもの: " + operations.keySet(),
                        "This server has no such operation; it has " + operations.keySet());
            }
            return new Answered(operation.answer(asked.arguments()), "", "", "");
        } catch (Refusal r) {
            return new Answered("", r.code(), r.japanese(), r.english());
        } catch (RuntimeException e) {
            LOG.error("operation {} failed", asked.operation(), e);
            return new Answered(
                    "", "operation-failed", "操作に失敗しました。サーバーのログを見てください", "The operation failed; see the server's log");
        }
    }

    private static void send(SocketChannel channel, Object message) throws IOException {
        var bytes = ByteBuffer.wrap(Json.write(message).toArray());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.shutdownOutput();
    }

    private static Bytes receive(SocketChannel channel, int most) throws IOException {
        return Bytes.of(Channels.newInputStream(channel).readNBytes(most));
    }

    @Override
    public void close() {
        try {
            listening.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warn("closing the operator's door: {}", e.toString());
        }
    }
}
