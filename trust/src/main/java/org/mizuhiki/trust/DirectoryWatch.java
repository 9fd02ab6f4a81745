package org.mizuhiki.trust;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.LogFollower;
import org.mizuhiki.ledger.LogPosition;
import org.mizuhiki.trust.WatchMemory.Seen;
import org.mizuhiki.wire.Temporary;

/// A monitor that anybody can run: it reads the whole public ledger, so that no entry of keys for a watched
/// ID escapes it, and holds the directory's answers against that. What it notices and what not is written
/// in docs/flows/directory.md.
///
/// @param directory absent for a monitor without a certificate: then the ledger alone is watched
/// @param ledger for proofs of what the directory hides
public record DirectoryWatch(Optional<Directory> directory, DirectoryCheck check, LogFollower log, Ledger ledger) {
    /// Refusals that say that a key's life is over, not that anybody cheated.
    private static final Set<String> ENDED =
            Set.of("certificate-expired", "certificate-revoked", "certificate-not-yet-valid");

    /// Refusals that say that the ledger's newest checkpoint or its entries are not what they should be.
    private static final Set<String> UNPROVEN = Set.of(
            "checkpoint-forged",
            "witness-missing",
            "stamp-broken",
            "stamp-untrusted",
            "ledger-damaged",
            "record-not-canonical",
            "record-field-missing");

    /// Whose device runs the monitor.
    ///
    /// @param keys SHA-256 of every signing key (SubjectPublicKeyInfo) that was made on it
    public record Own(PersonId id, Set<Digest> keys) {
        public Own {
            keys = Set.copyOf(keys);
        }
    }

    /// An entry of keys that was not there at the last look.
    ///
    /// @param first whether this ID had none before
    public record News(PersonId id, long index, Digest record, boolean first) {}

    /// @param memory for the next look; as it was when the ledger itself is not to be believed
    public record Round(WatchMemory memory, List<News> news, List<WatchAlarm> alarms) {
        public Round {
            news = List.copyOf(news);
            alarms = List.copyOf(alarms);
        }
    }

    /// 1. The ledger, up to now. 2. The directory's answers, each held against the ledger. 3. One's own
    /// keys.
    ///
    /// @throws Refusal when it merely cannot be said now, and those of [LogFollower#follow]
    public Round look(WatchMemory memory, Set<PersonId> ids, Optional<Own> own) {
        return switch (read(memory, ids)) {
            case Reading.Broken broken -> broken.round(memory);
            case Reading.Whole first -> {
                // what the ledger holds by now, the directory must show
                var answers = answers(ids);
                // what it shows, the ledger must hold: by now, as it may have been entered in between
                yield switch (lacks(first, answers) ? read(first.memory(memory), ids) : first) {
                    case Reading.Broken broken -> broken.round(memory);
                    case Reading.Whole reading ->
                        new Round(
                                reading.memory(memory),
                                news(memory, reading, ids),
                                alarms(answers, first, reading, own, memory));
                };
            }
        };
    }

    private static boolean lacks(Reading.Whole reading, Map<PersonId, Answered> answers) {
        return answers.entrySet().stream()
                .anyMatch(a -> !reading.records(a.getKey())
                        .containsAll(records(a.getValue().all())));
    }

    private List<WatchAlarm> alarms(
            Map<PersonId, Answered> answers,
            Reading.Whole before,
            Reading.Whole after,
            Optional<Own> own,
            WatchMemory memory) {
        var alarms = new ArrayList<WatchAlarm>();
        answers.forEach((id, answered) -> {
            forged(id, answered).ifPresent(alarms::add);
            unlogged(id, answered, after).ifPresent(alarms::add);
            hidden(id, answered, before).ifPresent(alarms::add);
            own.filter(o -> o.id().equals(id))
                    .flatMap(o -> strange(o, answered, memory))
                    .ifPresent(alarms::add);
        });
        return alarms;
    }

    /// Whether two monitors saw one ledger and the same keys in it.
    ///
    /// @throws Refusal as [LogFollower#compare]
    public List<WatchAlarm> compare(WatchMemory mine, WatchMemory theirs) {
        var contradiction = log.compare(mine.position(), theirs.position());
        if (contradiction.isPresent()) {
            return List.of(WatchAlarm.of(contradiction.get()));
        }
        long both = Math.min(mine.size(), theirs.size());
        return mine.entries().keySet().stream()
                .filter(theirs.entries()::containsKey)
                .map(PersonId::new)
                .filter(id -> !until(both, mine.of(id)).equals(until(both, theirs.of(id))))
                .map(WatchAlarm::memoriesDiffer)
                .toList();
    }

    private static List<Seen> until(long size, List<Seen> seen) {
        return seen.stream().filter(s -> s.index() < size).toList();
    }

    private sealed interface Reading {
        record Whole(LogPosition position, Map<String, List<Seen>> entries) implements Reading {
            List<Seen> of(PersonId id) {
                return entries.getOrDefault(id.value(), List.of());
            }

            Set<Digest> records(PersonId id) {
                return of(id).stream().map(Seen::record).collect(Collectors.toSet());
            }

            WatchMemory memory(WatchMemory before) {
                return WatchMemory.of(position, entries, before.accepted());
            }
        }

        record Broken(WatchAlarm alarm) implements Reading {
            Round round(WatchMemory memory) {
                return new Round(memory, List.of(), List.of(alarm));
            }
        }
    }

    /// From where it was left; from the beginning for an ID that was not watched so far.
    private Reading read(WatchMemory memory, Set<PersonId> ids) {
        try {
            return readOn(memory, ids);
        } catch (Refusal refusal) {
            if (UNPROVEN.contains(refusal.code())) {
                return new Reading.Broken(WatchAlarm.of(refusal));
            }
            throw refusal;
        }
    }

    private Reading readOn(WatchMemory memory, Set<PersonId> ids) {
        boolean anew = !memory.knows(ids);
        var entries = new HashMap<String, List<Seen>>();
        memory.entries().forEach((id, seen) -> entries.put(id, new ArrayList<>(anew ? List.of() : seen)));
        ids.forEach(id -> entries.computeIfAbsent(id.value(), _ -> new ArrayList<>()));
        var from = anew ? LogPosition.START : memory.position();
        var watched = new HashMap<PersonId, List<Seen>>();
        entries.forEach((id, seen) -> watched.put(new PersonId(id), seen));
        var followed = log.follow(
                from,
                (entry, index) -> watched.forEach((id, seen) -> {
                    if (Directory.isOf(id, entry)) {
                        seen.add(new Seen(index, entry.record()));
                    }
                }));
        return switch (followed) {
            case LogFollower.Read.Broken(var contradiction) -> new Reading.Broken(WatchAlarm.of(contradiction));
            case LogFollower.Read.Further(var position) ->
                // read anew, it must still be the ledger that was read before
                Optional.of(position)
                        .filter(_ -> anew)
                        .flatMap(now -> log.compare(memory.position(), now))
                        .<Reading>map(contradiction -> new Reading.Broken(WatchAlarm.of(contradiction)))
                        .orElseGet(() -> new Reading.Whole(position, entries));
        };
    }

    /// @param current first, if there is one
    private record Answered(boolean current, List<Directory.Listing> all) {}

    private Map<PersonId, Answered> answers(Set<PersonId> ids) {
        var answers = new LinkedHashMap<PersonId, Answered>();
        directory.ifPresent(d -> ids.forEach(id -> answers.put(id, answers(d, id))));
        return answers;
    }

    private static Answered answers(Directory directory, PersonId id) {
        var all = new ArrayList<Directory.Listing>();
        boolean current = true;
        try {
            all.add(directory.find(id));
        } catch (Refusal refusal) {
            if (!refusal.code().equals("person-unknown")) {
                throw refusal;
            }
            current = false; // revoked, or never enrolled; the past is shown all the same
        }
        all.addAll(directory.past(id));
        return new Answered(current, all);
    }

    private Optional<WatchAlarm> forged(PersonId id, Answered answered) {
        try {
            check.history(id, answered.all());
            if (answered.current()) {
                check.check(id, answered.all().getFirst());
            }
            return Optional.empty();
        } catch (Refusal refusal) {
            if (Temporary.is(refusal)) {
                throw refusal;
            }
            return ENDED.contains(refusal.code())
                    ? Optional.empty()
                    : Optional.of(WatchAlarm.listing(refusal, id, answered.all()));
        }
    }

    private static Optional<WatchAlarm> unlogged(PersonId id, Answered answered, Reading.Whole reading) {
        var logged = reading.records(id);
        var unlogged = answered.all().stream()
                .filter(l -> !logged.contains(l.record().digest()))
                .toList();
        return unlogged.isEmpty() ? Optional.empty() : Optional.of(WatchAlarm.unlogged(id, unlogged));
    }

    private Optional<WatchAlarm> hidden(PersonId id, Answered answered, Reading.Whole reading) {
        var shown = records(answered.all());
        // a directory shows so many of the past and no more; the oldest shown is then where it begins
        long from = answered.all().size() < Directory.MOST_PAST
                ? 0
                : reading.of(id).stream()
                        .filter(s -> shown.contains(s.record()))
                        .mapToLong(Seen::index)
                        .min()
                        .orElse(0);
        var hidden = reading.of(id).stream()
                .filter(s -> s.index() >= from && !shown.contains(s.record()))
                .map(s -> proof(id, s.record()))
                .toList();
        return hidden.isEmpty() ? Optional.empty() : Optional.of(WatchAlarm.hidden(id, answered.all(), hidden));
    }

    private Evidence proof(PersonId id, Digest record) {
        return ledger.evidence(Directory.entry(id, record).leaf());
    }

    private static Optional<WatchAlarm> strange(Own own, Answered answered, WatchMemory memory) {
        var strange = answered.all().stream()
                .filter(l -> !own.keys().contains(fingerprint(l)))
                .filter(l -> !memory.accepted().contains(l.record().digest()))
                .toList();
        return strange.isEmpty() ? Optional.empty() : Optional.of(WatchAlarm.foreignKey(own.id(), strange));
    }

    /// SHA-256 of a listing's signing key, as in [Own#keys].
    private static Digest fingerprint(Directory.Listing listing) {
        return Bytes.of(listing.signing().getFirst().getPublicKey().getEncoded())
                .sha256();
    }

    private static Set<Digest> records(List<Directory.Listing> listings) {
        return listings.stream().map(l -> l.record().digest()).collect(Collectors.toSet());
    }

    private static List<News> news(WatchMemory before, Reading.Whole reading, Set<PersonId> ids) {
        var news = new TreeMap<Long, News>();
        for (var id : ids) {
            var known = before.of(id);
            var now = reading.of(id);
            for (var seen : now.subList(Math.min(known.size(), now.size()), now.size())) {
                news.put(seen.index(), new News(id, seen.index(), seen.record(), known.isEmpty()));
            }
        }
        return List.copyOf(news.values());
    }
}
