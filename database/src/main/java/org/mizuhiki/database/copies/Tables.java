package org.mizuhiki.database.copies;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/// What there is to copy, as the database's own catalogue says.
final class Tables {
    private static final String OURS =
            "n.nspname = 'public' and c.relkind = 'r' and c.relname not in ('flyway_schema_history', 'schema_mark')";
    private final Handle rows;

    Tables(Handle rows) {
        this.rows = rows;
    }

    /// All tables, those that others refer to first.
    List<String> inOrder() {
        var all = rows.createQuery(
                        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where " + OURS
                                + " order by c.relname")
                .mapTo(String.class)
                .list();
        var needs = new HashMap<String, Set<String>>();
        rows.createQuery("select c.relname as owner, f.relname as target from pg_constraint k"
                        + " join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid"
                        + " where k.contype = 'f' and c.oid <> f.oid")
                .mapToMap()
                .forEach(r -> needs.computeIfAbsent((String) r.get("owner"), t -> new HashSet<>())
                        .add((String) r.get("target")));
        var ordered = new ArrayList<String>();
        while (ordered.size() < all.size()) {
            var next = all.stream()
                    .filter(t -> !ordered.contains(t) && ordered.containsAll(needs.getOrDefault(t, Set.of())))
                    .toList();
            if (next.isEmpty()) {
                throw new IllegalStateException("tables refer to each other in a circle");
            }
            ordered.addAll(next);
        }
        return ordered;
    }

    /// Last values of all sequences that were used.
    Map<String, Long> sequences() {
        var found = new TreeMap<String, Long>();
        rows.createQuery("select sequencename as name, last_value as value from pg_sequences"
                        + " where schemaname = 'public' and last_value is not null")
                .mapToMap()
                .forEach(r -> found.put((String) r.get("name"), (Long) r.get("value")));
        return found;
    }

    List<String> allSequences() {
        return rows.createQuery("select sequencename from pg_sequences where schemaname = 'public'")
                .mapTo(String.class)
                .list();
    }

    void moveSequence(String name, long value) {
        rows.createQuery("select setval(format('%I.%I', 'public', cast(:name as text))::regclass, :value)")
                .bind("name", name)
                .bind("value", value)
                .mapTo(Long.class)
                .one();
    }

    boolean isEmpty(String table) {
        return rows.createQuery("select not exists (select 1 from " + quoted(table) + ")")
                .mapTo(Boolean.class)
                .one();
    }

    /// The version of the tables, as Flyway counts it.
    String version() {
        return rows.createQuery("select coalesce(max(version), '0') from flyway_schema_history where success"
                        + " and installed_rank = (select max(installed_rank) from flyway_schema_history)")
                .mapTo(String.class)
                .one();
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
