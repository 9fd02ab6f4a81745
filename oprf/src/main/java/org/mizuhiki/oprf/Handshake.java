package org.mizuhiki.oprf;

import java.util.Arrays;

/// The key schedule of OPAQUE-3DH (RFC 9807, 6.4.2), the same on both sides.
final class Handshake implements AutoCloseable {
    private static final byte[] VERSION = Suite.ascii("OPAQUEv1-");
    private static final byte[] NOTHING = new byte[0];

    private final byte[] serverMac;
    private final byte[] clientMac;
    private final byte[] sessionKey;

    /// @param preamble of [#preamble]
    /// @param secrets the three Diffie-Hellman values in a row; wiped here
    Handshake(byte[] preamble, byte[] secrets) {
        var transcript = Hashes.sha512(preamble);
        var key = Hashes.extract(secrets);
        var handshakeSecret = derive(key, "HandshakeSecret", transcript);
        sessionKey = derive(key, "SessionKey", transcript);
        var serverKey = derive(handshakeSecret, "ServerMAC", NOTHING);
        var clientKey = derive(handshakeSecret, "ClientMAC", NOTHING);
        serverMac = Hashes.mac(serverKey, transcript);
        clientMac = Hashes.mac(clientKey, Hashes.sha512(preamble, serverMac));
        for (var secret : new byte[][] {secrets, key, handshakeSecret, serverKey, clientKey}) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /// Everything that was said and agreed, up to the server's key share.
    ///
    /// @param answer KE2 without its MAC
    static byte[] preamble(byte[] context, byte[] client, byte[] ke1, byte[] server, byte[] answer) {
        return Suite.joined(
                VERSION, Suite.prefixed(context), Suite.prefixed(client), ke1, Suite.prefixed(server), answer);
    }

    /// Derive-Secret of RFC 9807, 6.4.2.
    private static byte[] derive(byte[] key, String name, byte[] transcript) {
        var label = Suite.ascii("OPAQUE-" + name);
        var info = Suite.joined(
                new byte[] {0, Hashes.SIZE, (byte) label.length},
                label,
                new byte[] {(byte) transcript.length},
                transcript);
        return Hashes.expand(key, info, Hashes.SIZE);
    }

    byte[] serverMac() {
        return serverMac;
    }

    byte[] clientMac() {
        return clientMac;
    }

    byte[] sessionKey() {
        return sessionKey;
    }

    @Override
    public void close() {
        Arrays.fill(sessionKey, (byte) 0);
        Arrays.fill(clientMac, (byte) 0);
    }
}
