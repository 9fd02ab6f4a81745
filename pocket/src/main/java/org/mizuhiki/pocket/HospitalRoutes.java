package org.mizuhiki.pocket;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The operations for hospital systems at a gateway: docs/flows/hospital-api.md.
public final class HospitalRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HospitalRoutes.class);
    private static final String LETTER = "/v1/desks/{desk}/letters/{letter}";
    private static final String ARRIVAL = "/v1/desks/{desk}/arrivals/{arrival}";

    private final Map<String, HospitalDesk> desks;
    private final Function<Caller.Program, Set<String>> allowed;

    /// The caller's desks.
    public record Desks(List<HospitalDesk.Standing> desks) {
        public Desks {
            desks = List.copyOf(desks);
        }
    }

    /// @param desks by name
    /// @param allowed names of the desks that a program may use
    public HospitalRoutes(Map<String, HospitalDesk> desks, Function<Caller.Program, Set<String>> allowed) {
        this.desks = Map.copyOf(desks);
        this.allowed = allowed;
    }

    /// Nothing of it is remembered for repeated requests: a letter's name is its key, on the disk.
    public List<Route> routes() {
        return Stream.of(
                        List.of(Route.get("/v1/desks", "The caller's desks", Access.PROGRAM, Desks.class, this::desks)),
                        out(),
                        in())
                .flatMap(List::stream)
                .toList();
    }

    private List<Route> out() {
        return List.of(
                Route.put(
                                LETTER + "/files/{file}",
                                "Uploads a file of a letter: letter.json, document.json, an attachment by its name",
                                Access.PROGRAM,
                                byte[].class,
                                HandedLetter.Upload.class,
                                this::upload)
                        .upTo(Attachment.MAX_BYTES),
                Route.post(
                                LETTER,
                                "Hands a letter in, once all its files are uploaded; asked again, it tells its state",
                                Access.PROGRAM,
                                Void.class,
                                HandedLetter.class,
                                this::handIn)
                        .upTo(0)
                        .remembersNothing(),
                Route.get(
                        LETTER,
                        "What became of a letter: acknowledgement or refusal",
                        Access.PROGRAM,
                        HandedLetter.class,
                        call -> new Reply.Json(desk(call).state(program(call).name(), call.path("letter")))),
                Route.delete(
                        LETTER,
                        "Clears a letter away that is sent, refused, or not handed in",
                        Access.PROGRAM,
                        this::clear));
    }

    private List<Route> in() {
        return List.of(
                Route.get(
                        "/v1/desks/{desk}/arrivals",
                        "What has arrived and was not taken yet; the page after ?after=LETTER",
                        Access.PROGRAM,
                        HospitalArrivals.Page.class,
                        this::arrivals),
                Route.get(
                        ARRIVAL,
                        "What was verified of a letter that arrived",
                        Access.PROGRAM,
                        HospitalArrivals.Arrival.class,
                        call -> new Reply.Json(desk(call).arrivals().get(arrival(call)))),
                Route.get(
                        ARRIVAL + "/document",
                        "The FHIR document bit for bit as it was signed",
                        Access.PROGRAM,
                        byte[].class,
                        call -> part(call, HospitalArrivals.Part.DOCUMENT)),
                Route.get(
                        ARRIVAL + "/print",
                        "The letter as PDF, with the code that proves it",
                        Access.PROGRAM,
                        byte[].class,
                        call -> part(call, HospitalArrivals.Part.PRINT)),
                Route.get(
                        ARRIVAL + "/attachments/{file}",
                        "An attachment bit for bit",
                        Access.PROGRAM,
                        byte[].class,
                        this::attachment),
                Route.delete(ARRIVAL, "The caller has it: removes it here", Access.PROGRAM, this::taken));
    }

    private Reply desks(Call call) {
        var mine = allowed.apply(program(call));
        return new Reply.Json(new Desks(desks.entrySet().stream()
                .filter(d -> mine.contains(d.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .map(d -> d.getValue().standing(d.getKey()))
                .toList()));
    }

    private Reply upload(Call call) {
        return new Reply.Json(
                desk(call).upload(program(call).name(), call.path("letter"), call.path("file"), call.stream()));
    }

    private Reply handIn(Call call) {
        var handed = desk(call).handIn(program(call).name(), call.path("letter"));
        handed.drop().ifPresent(drop -> told("letter-handed-in", call, drop));
        return new Reply.Json(handed);
    }

    private Reply clear(Call call) {
        desk(call).clear(program(call).name(), call.path("letter"));
        return new Reply.Done();
    }

    private Reply arrivals(Call call) {
        return new Reply.Json(desk(call).arrivals().list(call.query("after").map(Digest::new)));
    }

    private Reply part(Call call, HospitalArrivals.Part part) throws IOException {
        var arrivals = desk(call).arrivals();
        var letter = arrival(call);
        return stream(part.mediaType(), () -> arrivals.open(letter, part), () -> told("arrival-fetched", call, letter));
    }

    private Reply attachment(Call call) throws IOException {
        var arrivals = desk(call).arrivals();
        var letter = arrival(call);
        var file = call.path("file");
        return stream(
                "application/octet-stream",
                () -> arrivals.attachment(letter, file),
                () -> told("arrival-fetched", call, letter));
    }

    private Reply taken(Call call) {
        var letter = arrival(call);
        desk(call).arrivals().taken(letter);
        told("arrival-taken", call, letter);
        return new Reply.Done();
    }

    /// Opened once to refuse what is not there, and again for whoever reads it: HEAD does not.
    private static Reply stream(String mediaType, Supplier<InputStream> content, Runnable fetched) throws IOException {
        content.get().close();
        return new Reply.Stream(mediaType, out -> {
            try (var in = content.get()) {
                fetched.run();
                in.transferTo(out);
            }
        });
    }

    /// Who did it with which letter, for whoever looks into it later: digests and names of machines only.
    private static void told(String event, Call call, Digest letter) {
        LOG.info("{} program={} desk={} letter={}", event, program(call).name(), call.path("desk"), letter.hex());
    }

    private static Digest arrival(Call call) {
        return new Digest(call.path("arrival"));
    }

    /// One that the caller may not use answers as one that is not there.
    private HospitalDesk desk(Call call) {
        var name = call.path("desk");
        return Optional.of(name)
                .filter(allowed.apply(program(call))::contains)
                .flatMap(n -> Optional.ofNullable(desks.get(n)))
                .orElseThrow(() -> Refusal.of("desk-unknown", "この受付窓口はありません", "There is no such desk for you"));
    }

    private static Caller.Program program(Call call) {
        if (call.caller() instanceof Caller.Program program) {
            return program;
        }
        throw new IllegalStateException("the routes let nobody else in");
    }
}
