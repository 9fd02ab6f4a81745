package org.mizuhiki.trust.issue;

/// What a server's host is written as.
public final class HostForm {
    private HostForm() {}

    /// An IPv4 address, not a name: certificates and protocols have other places for these.
    public static boolean isAddress(String host) {
        return host.matches("[0-9.]+");
    }
}
