package org.mizuhiki.ike.vici;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// Values by name, in order: a whole message, or a part of one. Every `with` is a new section.
public record Section(Map<String, Value> values) implements Value {
    public static final Section EMPTY = new Section(Map.of());

    public Section {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public Section with(String name, Value value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Section(more);
    }

    public Section with(String name, String text) {
        return with(name, new Text(Bytes.utf8(text)));
    }

    public Section with(String name, Bytes bytes) {
        return with(name, new Text(bytes));
    }

    public Section with(String name, List<String> items) {
        return with(name, new Items(items.stream().map(Bytes::utf8).toList()));
    }

    public Section with(String name, Secret secret) {
        return with(name, new Hidden(secret));
    }

    /// The text of that name; empty if there is none, as events leave out what is false.
    public String text(String name) {
        return values.get(name) instanceof Text(var bytes) ? bytes.asUtf8() : "";
    }

    /// The number of that name; 0 if there is none, or it is none.
    public long number(String name) {
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    public List<String> items(String name) {
        return values.get(name) instanceof Items(var items)
                ? items.stream().map(Bytes::asUtf8).toList()
                : List.of();
    }

    public Optional<Section> section(String name) {
        return values.get(name) instanceof Section inner ? Optional.of(inner) : Optional.empty();
    }

    /// Sections directly below, by name.
    public Map<String, Section> sections() {
        var found = new LinkedHashMap<String, Section>();
        values.forEach((name, value) -> {
            if (value instanceof Section inner) {
                found.put(name, inner);
            }
        });
        return found;
    }
}
