package org.mizuhiki.ike;

import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.house.Refusal;

/// Who encrypts the packets.
public enum Esp {
    /// The kernel, by its XFRM states: fast, the rule.
    KERNEL,
    /// strongSwan's `kernel-libipsec` behind a TUN device `ipsec0`: many containers and small machines have
    /// kernels without ESP.
    USERSPACE;

    /// Asks the kernel for a state of ESP and takes it back; that also loads its module where it is one.
    public static Esp detect(NetworkSpace space) {
        String[] state = {"src", "127.0.0.1", "dst", "127.0.0.1", "proto", "esp", "spi", "0x4d5a4b31"};
        try {
            space.run(
                    words("add", state, "mode", "tunnel", "aead", "rfc4106(gcm(aes))", "0x" + "00".repeat(36), "128"));
            space.run(words("delete", state));
            return KERNEL;
        } catch (Refusal e) {
            return USERSPACE;
        }
    }

    private static String[] words(String act, String[] state, String... more) {
        var all = new ArrayList<>(List.of("ip", "xfrm", "state", act));
        all.addAll(List.of(state));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /// The plugins of strongSwan for this, in their order: the first that offers ESP has it.
    String plugins() {
        return switch (this) {
            case KERNEL -> "kernel-netlink";
            case USERSPACE -> "kernel-libipsec kernel-netlink";
        };
    }

    /// How those plugins are to behave (`strongswan.conf(5)`).
    String settings() {
        return switch (this) {
            case KERNEL -> "";
            // the engine's own ways lead nobody
            case USERSPACE ->
                "kernel-libipsec { allow_peer_ts = yes }\n        kernel-netlink { fwmark = " + Ways.NO_PACKETS + " }";
        };
    }

    /// Matches packets that came out of a tunnel (nftables).
    String out() {
        return switch (this) {
            case KERNEL -> "meta ipsec exists";
            case USERSPACE -> "iifname \"ipsec*\"";
        };
    }

    /// Matches packets that will go into a tunnel.
    String in() {
        return switch (this) {
            case KERNEL -> "rt ipsec exists";
            case USERSPACE -> "oifname \"ipsec*\"";
        };
    }
}
