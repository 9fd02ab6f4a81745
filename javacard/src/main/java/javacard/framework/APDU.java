package javacard.framework;

import org.mizuhiki.javacard.Exchange;

/// A command as the applet sees it, and the states it goes through: first in, then out, never back.
public final class APDU {
    public static final byte STATE_INITIAL = 0;
    public static final byte STATE_PARTIAL_INCOMING = 1;
    public static final byte STATE_FULL_INCOMING = 2;
    public static final byte STATE_OUTGOING = 3;
    public static final byte STATE_OUTGOING_LENGTH_KNOWN = 4;
    public static final byte STATE_PARTIAL_OUTGOING = 5;
    public static final byte STATE_FULL_OUTGOING = 6;
    public static final byte PROTOCOL_T1 = 1;

    private final Exchange exchange;
    private byte state = STATE_INITIAL;
    private int received;
    private int toSend;

    /// For the card only: an applet's loader does not know [Exchange].
    public APDU(Exchange exchange) {
        this.exchange = exchange;
    }

    public byte[] getBuffer() {
        return exchange.buffer();
    }

    public byte getCurrentState() {
        return state;
    }

    public static byte getProtocol() {
        return PROTOCOL_T1;
    }

    public byte getNAD() {
        return 0;
    }

    public short getOffsetCdata() {
        expectIncoming();
        return offset();
    }

    private short offset() {
        return exchange.extended() ? ISO7816.OFFSET_EXT_CDATA : ISO7816.OFFSET_CDATA;
    }

    public short getIncomingLength() {
        expectIncoming();
        return (short) exchange.lc();
    }

    private void expectIncoming() {
        if (state == STATE_INITIAL || state > STATE_FULL_INCOMING) {
            throw new APDUException(APDUException.ILLEGAL_USE);
        }
    }

    public boolean isISOInterindustryCLA() {
        return exchange.buffer()[ISO7816.OFFSET_CLA] >= 0;
    }

    public boolean isCommandChainingCLA() {
        return isISOInterindustryCLA() && (exchange.buffer()[ISO7816.OFFSET_CLA] & 0x10) != 0;
    }

    public short setIncomingAndReceive() {
        if (state != STATE_INITIAL) {
            throw new APDUException(APDUException.ILLEGAL_USE);
        }
        state = STATE_PARTIAL_INCOMING;
        return receiveBytes(offset());
    }

    public short receiveBytes(short bOff) {
        if (state != STATE_PARTIAL_INCOMING && state != STATE_FULL_INCOMING) {
            throw new APDUException(APDUException.ILLEGAL_USE);
        }
        if (bOff < 0 || bOff > exchange.buffer().length) {
            throw new APDUException(APDUException.BUFFER_BOUNDS);
        }
        int now = exchange.receive(bOff);
        received += now;
        state = received == exchange.lc() ? STATE_FULL_INCOMING : STATE_PARTIAL_INCOMING;
        return (short) now;
    }

    public short setOutgoing() {
        if (state >= STATE_OUTGOING) {
            throw new APDUException(APDUException.ILLEGAL_USE);
        }
        state = STATE_OUTGOING;
        return (short) Math.min(exchange.le(), Short.MAX_VALUE);
    }

    public short setOutgoingNoChaining() {
        return setOutgoing();
    }

    public void setOutgoingLength(short len) {
        if (state != STATE_OUTGOING) {
            throw new APDUException(APDUException.ILLEGAL_USE);
        }
        if (len < 0 || (len > 256 && !exchange.extended())) {
            throw new APDUException(APDUException.BAD_LENGTH);
        }
        toSend = len;
        state = len == 0 ? STATE_FULL_OUTGOING : STATE_OUTGOING_LENGTH_KNOWN;
    }

    public void sendBytes(short bOff, short len) {
        sendBytesLong(exchange.buffer(), bOff, len);
    }

    public void sendBytesLong(byte[] outData, short bOff, short len) {
        if (len == 0) {
            return;
        }
        boolean due = state == STATE_OUTGOING_LENGTH_KNOWN || state == STATE_PARTIAL_OUTGOING;
        if (!due || len < 0 || len > toSend) {
            throw new APDUException(APDUException.ILLEGAL_USE);
        }
        if (bOff < 0 || bOff + len > outData.length) {
            throw new APDUException(APDUException.BUFFER_BOUNDS);
        }
        exchange.send(outData, bOff, len);
        toSend -= len;
        state = toSend == 0 ? STATE_FULL_OUTGOING : STATE_PARTIAL_OUTGOING;
    }

    public void setOutgoingAndSend(short bOff, short len) {
        setOutgoing();
        setOutgoingLength(len);
        sendBytes(bOff, len);
    }
}
