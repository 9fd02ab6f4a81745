package org.mizuhiki.pocket;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.disk.Shared;
import org.mizuhiki.wire.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has arrived at a desk, for the hospital system to take.
public final class HospitalArrivals {
    private static final Logger LOG = LoggerFactory.getLogger(HospitalArrivals.class);
    private static final int PAGE = 100;
    private static final int LARGEST = 1 << 20;
    private static final String REFUSED = ".refused.json";
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})(\\.refused\\.json)?");

    private final Shared shared;
    private final Path bin;

    HospitalArrivals(Shared shared, Path bin) {
        this.shared = shared;
        this.bin = bin;
    }

    /// A letter that arrived, or that did not open.
    ///
    /// @param arrived what was verified; absent when it did not open
    /// @param refused why it did not open
    /// @param attachments in the order of their names
    public record Arrival(
            Digest letter,
            Optional<ArrivedLetter> arrived,
            Optional<HospitalFolder.Refused> refused,
            List<HandedLetter.Upload> attachments) {
        public Arrival {
            attachments = List.copyOf(attachments);
        }
    }

    /// Letters that wait to be taken, in the order of their names.
    ///
    /// @param more whether there are others behind these
    public record Page(List<Arrival> arrivals, boolean more) {
        public Page {
            arrivals = List.copyOf(arrivals);
        }
    }

    /// A file of an arrived letter.
    public enum Part {
        /// The FHIR document, bit for bit as it was signed.
        DOCUMENT("document.json", "application/fhir+json"),
        /// The letter's words as PDF, to read and to print.
        PRINT("letter.pdf", "application/pdf");

        private final String file;
        private final String mediaType;

        Part(String file, String mediaType) {
            this.file = file;
            this.mediaType = mediaType;
        }

        /// Such as `application/pdf`.
        public String mediaType() {
            return mediaType;
        }
    }

    /// At most a hundred.
    ///
    /// @param after the last name of the page before, or nothing
    public Page list(Optional<Digest> after) {
        var found = shared.list("in").stream()
                .map(e -> NAME.matcher(e.name()))
                .filter(m -> m.matches())
                .map(m -> m.group(1))
                .distinct()
                .filter(n -> after.map(a -> n.compareTo(a.hex()) > 0).orElse(true))
                .flatMap(n -> find(new Digest(n)).stream()) // one that was taken meanwhile is gone
                .limit(PAGE + 1L)
                .toList();
        return new Page(found.stream().limit(PAGE).toList(), found.size() > PAGE);
    }

    /// @throws Refusal `arrival-unknown`
    public Arrival get(Digest letter) {
        return find(letter).orElseThrow(HospitalArrivals::unknown);
    }

    private Optional<Arrival> find(Digest letter) {
        var name = letter.hex();
        var arrived = read(ArrivedLetter.class, name, Drop.LETTER);
        if (arrived.isEmpty()) {
            return read(HospitalFolder.Refused.class, name + REFUSED)
                    .map(r -> new Arrival(letter, Optional.empty(), Optional.of(r), List.of()));
        }
        var attachments = shared.list("in", name, "attachments").stream()
                .map(e -> new HandedLetter.Upload(e.name(), e.size(), Optional.empty()))
                .toList();
        return Optional.of(new Arrival(letter, arrived, Optional.empty(), attachments));
    }

    private <T> Optional<T> read(Class<T> type, String name, String... more) {
        var steps = new String[2 + more.length];
        steps[0] = "in";
        steps[1] = name;
        System.arraycopy(more, 0, steps, 2, more.length);
        return shared.read(LARGEST, steps).flatMap(content -> {
            try {
                return Optional.of(Json.read(Bytes.of(content), type));
            } catch (Refusal damaged) {
                // others of the house write here, too: one that they spoilt holds up no other
                LOG.warn("an arrival does not read ({}): {}", damaged.code(), name);
                return Optional.empty();
            }
        });
    }

    /// The caller closes it.
    ///
    /// @throws Refusal `arrival-unknown`
    public InputStream open(Digest letter, Part part) {
        return shared.open("in", letter.hex(), part.file).orElseThrow(HospitalArrivals::unknown);
    }

    /// The caller closes it.
    ///
    /// @throws Refusal `arrival-unknown`
    public InputStream attachment(Digest letter, String name) {
        // by what is there: a name that leads elsewhere is not in the list
        return get(letter).attachments().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .flatMap(a -> shared.open("in", letter.hex(), "attachments", a.name()))
                .orElseThrow(HospitalArrivals::unknown);
    }

    /// The hospital system has it: removes it here. Nothing happens when it is gone already. It stays in the
    /// network, and does not arrive a second time.
    public void taken(Digest letter) {
        shared.remove(bin, "in", letter.hex());
        shared.remove(bin, "in", letter.hex() + REFUSED);
    }

    private static Refusal unknown() {
        return Refusal.of("arrival-unknown", "この文書は届いていないか、受け取り済みです", "No such letter is here; it may have been taken");
    }
}
