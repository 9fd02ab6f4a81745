package org.mizuhiki.vpn;

import java.util.regex.Pattern;

/// Cryptography of a connection, in strongSwan's words; nothing is negotiated.
///
/// @param ike such as `aes256gcm16-prfsha384-x25519`
/// @param esp such as `aes256gcm16-x25519`
public record Proposals(String ike, String esp) {
    private static final Pattern SUITE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+){1,6}");

    public Proposals {
        Words.need(ike.length() <= 80 && SUITE.matcher(ike).matches(), "ike");
        Words.need(esp.length() <= 80 && SUITE.matcher(esp).matches(), "esp");
    }

    /// The house's choice (measured in lab; RFC 8784 keys come on top).
    public static Proposals usual() {
        return new Proposals("aes256gcm16-prfsha384-x25519", "aes256gcm16-x25519");
    }
}
