package org.mizuhiki.chip;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Short commands of ISO 7816-4 in exactly the case each is written in: cards of others insist on it.
record Iso7816(CardChannel channel) {
    private static final int OK = 0x9000;

    /// Without an answer but the status.
    ///
    /// @param header CLA, INS, P1, P2
    Bytes send(int header, Bytes data, IntFunction<Refusal> meaning) {
        return sent(header, data, -1, meaning);
    }

    /// @param length how many bytes of answer are wanted, 1 to 256
    Bytes ask(int header, Bytes data, int length, IntFunction<Refusal> meaning) {
        return sent(header, data, length, meaning);
    }

    /// The status of a command without data.
    int status(int header) {
        return status(transmitted(header, Bytes.of(), -1));
    }

    private Bytes sent(int header, Bytes data, int length, IntFunction<Refusal> meaning) {
        var answer = transmitted(header, data, length);
        int status = status(answer);
        if (status != OK) {
            throw meaning.apply(status);
        }
        return Bytes.of(Arrays.copyOf(answer, answer.length - 2));
    }

    private byte[] transmitted(int header, Bytes data, int length) {
        if (data.size() > 255) {
            throw new IllegalArgumentException("a short command carries 255 bytes");
        }
        var out = new ByteArrayOutputStream();
        out.writeBytes(EKey.number(header, 4).toArray());
        if (data.size() > 0) {
            out.write(data.size());
            out.writeBytes(data.toArray());
        }
        if (length >= 0) {
            out.write(length);
        }
        var raw = out.toByteArray();
        var answer = channel.transmit(raw);
        // a PIN may have been in it
        Arrays.fill(raw, (byte) 0);
        return answer;
    }

    private static int status(byte[] answer) {
        return ((answer[answer.length - 2] & 0xff) << 8) | (answer[answer.length - 1] & 0xff);
    }

    void close() {
        channel.close();
    }
}
