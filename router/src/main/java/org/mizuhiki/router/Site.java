package org.mizuhiki.router;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Conversation;
import org.mizuhiki.ike.Engine;
import org.mizuhiki.ike.PacketPolicy;
import org.mizuhiki.ike.Passage;

/// The machine that a router is.
///
/// @param engine  how the engine is to run, and in which network
/// @param outside interfaces towards the Internet
/// @param equip   loads key, CAs and revocation lists into an engine that has just come up
public record Site(Charon.Setup engine, Set<String> outside, Consumer<Engine> equip) {
    public Site {
        outside = Set.copyOf(outside);
    }

    PacketPolicy enforce(Collection<Passage> passages) {
        Conversation.count(engine.space());
        return PacketPolicy.enforce(engine.space(), engine.esp(), outside, passages);
    }

    /// What is spoken through this machine now.
    List<Conversation> conversations() {
        return Conversation.of(engine.space());
    }

    /// Adopts the engine that lives, or starts one.
    Engine start() {
        var started = Charon.run(engine).engine();
        equip.accept(started);
        return started;
    }
}
