package org.mizuhiki.chip.tpm;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mizuhiki.house.Refusal;

/// A line to a TPM: the kernel's device (`/dev/tpmrm0`), or the socket of an emulator. One command, one answer.
public final class Line implements AutoCloseable {
    private static final int HEADER = 10;
    private static final int LARGEST = 4096;
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final ByteChannel channel;

    private Line(ByteChannel channel) {
        this.channel = channel;
    }

    /// @throws Refusal `tpm-unreachable`
    public static Line to(Path place) {
        try {
            int mode = (int) Files.getAttribute(place, "unix:mode");
            return new Line(
                    (mode & FILE_TYPE) == SOCKET
                            ? SocketChannel.open(UnixDomainSocketAddress.of(place))
                            : FileChannel.open(place, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /// The kernel wants a command in one write and gives an answer in one read; a socket may give it in pieces.
    synchronized byte[] ask(byte... command) {
        try {
            var out = ByteBuffer.wrap(command);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            var in = ByteBuffer.allocate(LARGEST);
            while (in.position() < HEADER || in.position() < size(in)) {
                if (channel.read(in) < 0) {
                    throw new EOFException("the line ended");
                }
            }
            return java.util.Arrays.copyOf(in.array(), in.position());
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private static int size(ByteBuffer in) throws IOException {
        int size = in.getInt(2);
        if (size < HEADER || size > LARGEST) {
            throw new IOException("an answer of " + size + " bytes");
        }
        return size;
    }

    private static Refusal unreachable(IOException e) {
        return Refusal.of(
                "tpm-unreachable",
                "TPMに接続できません。装置のパスと権限を確認してください",
                "The TPM cannot be reached; check the device's path and permissions",
                e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }
}
