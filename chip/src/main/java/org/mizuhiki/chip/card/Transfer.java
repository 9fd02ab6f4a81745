package org.mizuhiki.chip.card;

import java.io.ByteArrayOutputStream;
import javacard.framework.APDUException;
import org.mizuhiki.javacard.Exchange;

/// One command on its way in and its answer on its way out.
final class Transfer implements Exchange {
    private final CommandApdu command;
    private final byte[] buffer;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream(64);
    private int read;

    Transfer(CommandApdu command, byte[] buffer) {
        this.command = command;
        this.buffer = buffer;
        // what the command before left there is nobody's business
        java.util.Arrays.fill(buffer, (byte) 0);
        buffer[0] = (byte) command.cla();
        buffer[1] = (byte) command.ins();
        buffer[2] = (byte) command.p1();
        buffer[3] = (byte) command.p2();
        if (command.extended()) {
            buffer[5] = (byte) (lc() >> 8);
            buffer[6] = (byte) lc();
        } else {
            buffer[4] = (byte) (lc() > 0 ? lc() : le());
        }
    }

    @Override
    public byte[] buffer() {
        return buffer;
    }

    @Override
    public int lc() {
        return command.data().bytes().length;
    }

    @Override
    public int le() {
        return command.le();
    }

    @Override
    public boolean extended() {
        return command.extended();
    }

    @Override
    public int receive(int offset) {
        int now = Math.min(lc() - read, buffer.length - offset);
        System.arraycopy(command.data().bytes(), read, buffer, offset, now);
        read += now;
        return now;
    }

    @Override
    public void send(byte[] source, int offset, int length) {
        if (answer.size() + length > 65_536) {
            throw new APDUException(APDUException.BAD_LENGTH);
        }
        answer.write(source, offset, length);
    }

    byte[] answer(int status) {
        boolean withData = status == 0x9000 || status >> 8 == 0x61 || status >> 8 == 0x62 || status >> 8 == 0x63;
        if (!withData) {
            answer.reset();
        }
        answer.write(status >> 8);
        answer.write(status);
        return answer.toByteArray();
    }
}
