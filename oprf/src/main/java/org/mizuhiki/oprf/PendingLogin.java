package org.mizuhiki.oprf;

import java.security.MessageDigest;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A log-in that the server answered and the client has still to prove. Good for one attempt; wiped on
/// close.
public final class PendingLogin implements AutoCloseable {
    private final Bytes ke2;
    private final Secret clientMac;
    private final Secret sessionKey;

    PendingLogin(Bytes ke2, Handshake handshake) {
        this.ke2 = ke2;
        this.clientMac = Secret.taking(handshake.clientMac().clone());
        this.sessionKey = Secret.taking(handshake.sessionKey().clone());
    }

    /// For the client, 320 bytes.
    public Bytes ke2() {
        return ke2;
    }

    /// ServerFinish (RFC 9807, 6.2.4).
    ///
    /// @param ke3 64 bytes of the client
    /// @return the session's key, 64 bytes, the caller's to close
    /// @throws Refusal `login-failed`, `message-malformed`
    public Secret finish(Bytes ke3) {
        var proof = Messages.fields(ke3, Messages.MAC).getFirst();
        if (!clientMac.lend(expected -> MessageDigest.isEqual(expected, proof))) {
            throw Messages.failed();
        }
        return sessionKey.lend(key -> Secret.taking(Arrays.copyOf(key, key.length)));
    }

    @Override
    public void close() {
        clientMac.close();
        sessionKey.close();
    }

    @Override
    public String toString() {
        return "PendingLogin[redacted]";
    }
}
