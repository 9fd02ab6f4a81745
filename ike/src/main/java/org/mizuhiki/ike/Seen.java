package org.mizuhiki.ike;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.mizuhiki.ike.vici.Section;

/// Reads the engine's `list-sa` events: each holds the association of one connection, by its name.
final class Seen {
    private static final Set<String> LIVE = Set.of("INSTALLED", "REKEYING", "REKEYED", "UPDATING");
    private static final Set<String> STARTING = Set.of("CREATED", "CONNECTING");

    private Seen() {}

    static List<State> states(List<Section> events) {
        return events.stream().flatMap(Seen::associations).map(Seen::state).toList();
    }

    private static Stream<Map.Entry<String, Section>> associations(Section event) {
        return event.sections().entrySet().stream();
    }

    private static State state(Map.Entry<String, Section> named) {
        var association = named.getValue();
        var children = association
                .section("child-sas")
                .orElse(Section.EMPTY)
                .sections()
                .values();
        return new State(
                named.getKey(),
                phase(association.text("state"), children),
                association.text("remote-host"),
                association.text("ppk").equals("yes"),
                children.stream()
                        .flatMap(c -> c.items("local-ts").stream())
                        .distinct()
                        .toList(),
                sum(children, "bytes-in"),
                sum(children, "bytes-out"),
                Duration.ofSeconds(association.number("established")),
                association.number("uniqueid"),
                children.stream().mapToLong(c -> c.number("reqid")).max().orElse(0));
    }

    private static State.Phase phase(String state, Collection<Section> children) {
        if (STARTING.contains(state)) {
            return State.Phase.CONNECTING;
        }
        if (state.equals("DELETING") || state.equals("DESTROYING")) {
            return State.Phase.ENDING;
        }
        return children.stream().anyMatch(c -> LIVE.contains(c.text("state"))) ? State.Phase.UP : State.Phase.ENDING;
    }

    private static long sum(Collection<Section> children, String name) {
        return children.stream().mapToLong(c -> c.number(name)).sum();
    }
}
