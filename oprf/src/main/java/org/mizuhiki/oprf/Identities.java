package org.mizuhiki.oprf;

import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// What client and server agree to be called, and where the log-in belongs (RFC 9807, 4 and 6): bound into
/// the envelope and every log-in, never sent.
///
/// @param client absent: the client's public key
/// @param server absent: the server's public key
/// @param context up to 65535 bytes; empty for the stock clients, which cannot set it
public record Identities(Optional<Bytes> client, Optional<Bytes> server, Bytes context) {
    /// What clients use that are told nothing else.
    public static final Identities STOCK = new Identities(Optional.empty(), Optional.empty(), Bytes.of());

    byte[] client(byte[] publicKey) {
        return client.map(Bytes::toArray).orElse(publicKey);
    }

    byte[] server(byte[] publicKey) {
        return server.map(Bytes::toArray).orElse(publicKey);
    }
}
