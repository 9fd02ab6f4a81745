package org.mizuhiki.ike;

/// What the engine tells by itself. A listener that was away asks [Engine#states] first.
public sealed interface Happening {
    /// Packets pass from now on.
    record Up(String tunnel) implements Happening {}

    /// Nothing passes any more, whoever ended it.
    record Down(String tunnel) implements Happening {}

    /// New traffic keys; nothing was lost.
    record Renewed(String tunnel) implements Happening {}

    /// The partner has another address (MOBIKE, RFC 4555), or its NAT another port.
    record Moved(String tunnel, String partner) implements Happening {}

    /// The engine does not speak to us any more: it has ended, or its line broke. Tunnels may live on.
    record EngineAway() implements Happening {}
}
