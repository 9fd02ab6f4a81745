package org.mizuhiki.vpn;

/// Cryptography of a connection, in strongSwan's words: one suite, so that nothing is negotiated and nobody
/// in between can talk both ends down to a weaker one. A policy can name only what routers build (room ike);
/// another suite is added here together with there, so that no policy promises what is not built.
///
/// @param ike RFC 8031, 4868: x25519, AES-256-GCM, HMAC-SHA-384; RFC 8784 keys come on top
/// @param esp RFC 4106, with a key exchange of its own at each renewal
public record Proposals(String ike, String esp) {
    private static final String IKE = "aes256gcm16-prfsha384-x25519";
    private static final String ESP = "aes256gcm16-x25519";

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Proposals {
        Words.need(ike.equals(IKE), "ike");
        Words.need(esp.equals(ESP), "esp");
    }

    public static Proposals usual() {
        return new Proposals(IKE, ESP);
    }
}
