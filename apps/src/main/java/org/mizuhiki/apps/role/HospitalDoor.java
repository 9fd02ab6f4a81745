package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.HospitalDesk;
import org.mizuhiki.pocket.HospitalRoutes;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway's door for hospital systems, on a port of its own: it believes no certificate of the region, only
/// those that the operator let in. docs/flows/hospital-api.md.
final class HospitalDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HospitalDoor.class);
    private static final String NAME = "hospital";

    private final HospitalPrograms programs;
    private final Map<String, HospitalDesk> desks;
    private final HttpServer server;
    private final OwnIdentity identity;
    private final List<Chores> tidying;

    private HospitalDoor(
            HospitalPrograms programs, Map<String, HospitalDesk> desks, HttpServer server, OwnIdentity identity) {
        this.programs = programs;
        this.desks = desks;
        this.server = server;
        this.identity = identity;
        this.tidying = desks.entrySet().stream() // each for itself: one with a failing disk holds up no other
                .map(d -> Chores.every(Duration.ofHours(6), "tidy-" + d.getKey(), d.getValue()::tidy))
                .toList();
    }

    static HospitalDoor open(Footing on, RoleConfig.HospitalPlace place) {
        var programs = new HospitalPrograms(on.config().folder().resolve("programs"), on.clock());
        var desks = desks(on, place);
        try {
            var server = HttpServer.start(
                    ServerConfig.of(NAME, place.host(), place.port()),
                    shown(on.identity(), programs),
                    programs,
                    new HospitalRoutes(desks, programs::desks).routes(),
                    Surroundings.of(on.clock(), on.die()));
            var door = new HospitalDoor(programs, desks, server, on.identity());
            on.identity().telling(_ -> door.renew());
            return door;
        } catch (RuntimeException e) {
            Closing.all(List.copyOf(desks.values()));
            throw e;
        }
    }

    private static Map<String, HospitalDesk> desks(Footing on, RoleConfig.HospitalPlace place) {
        var desks = new LinkedHashMap<String, HospitalDesk>();
        try {
            for (var desk : place.desks()) {
                if (!desk.name().matches("[a-z][a-z0-9-]{0,30}") || desks.containsKey(desk.name())) {
                    throw Refusal.of(
                            "config-invalid",
                            "設定 hospital.desks の name は英小文字で始まる31文字までで、重複できません",
                            "A name in hospital.desks is at most 31 small letters, digits, hyphens, each once");
                }
                desks.put(desk.name(), HospitalDesk.open(desk.folder(), on.clock()));
            }
        } catch (RuntimeException e) {
            Closing.all(List.copyOf(desks.values()));
            throw e;
        }
        return Map.copyOf(desks);
    }

    /// The gateway's own certificate towards hospital systems; of theirs, only those that were let in. TLS wants
    /// at least one to believe: while nobody is let in it is the gateway's own, which [HospitalPrograms] refuses.
    private static Identity shown(OwnIdentity own, HospitalPrograms programs) {
        var identity = own.get();
        var believed = new ArrayList<X509Certificate>(programs.certificates());
        if (believed.isEmpty()) {
            believed.add(identity.chain().getFirst());
        }
        return new Identity(identity.key(), identity.chain(), believed);
    }

    /// One at a time: the list that was read first must not be put in place last.
    private synchronized void renew() {
        server.renew(shown(identity, programs));
    }

    /// `program-admit certificate=/absolute.pem desks=a,b` · `programs` · `program-end program= | certificate=SHA-256`.
    Map<String, OperatorDoor.Operation> operations() {
        return Map.of(
                "program-admit", this::admit,
                "programs", _ -> Json.write(programs.list()).asUtf8(),
                "program-end", this::end);
    }

    private String admit(Map<String, String> asked) {
        var named = List.of(Asked.need(asked, "desks").split(",", -1));
        if (!desks.keySet().containsAll(named)) {
            throw Refusal.of(
                    "desk-unknown",
                    "desks は設定 hospital.desks にある名前をコンマで区切ったものです: " + desks.keySet(),
                    "desks are names of hospital.desks in the configuration, with commas between: " + desks.keySet());
        }
        var certificate = Path.of(Asked.need(asked, "certificate"));
        if (!certificate.isAbsolute()) {
            throw Refusal.of("argument-malformed", "certificate は絶対パスです", "certificate is an absolute path");
        }
        var admitted = programs.admit(certificate, named);
        renew();
        LOG.info("program-admitted program={} desks={} sha256={}", admitted.program(), named, admitted.sha256());
        return Json.write(admitted).asUtf8();
    }

    private String end(Map<String, String> asked) {
        var ended = programs.end(
                Optional.ofNullable(asked.get("program")),
                Optional.ofNullable(asked.get("certificate")).map(Digest::new));
        renew();
        ended.forEach(e -> LOG.info("program-ended program={} sha256={}", e.program(), e.sha256()));
        return ended.size() + " ended";
    }

    @Override
    public void close() {
        var all = new ArrayList<AutoCloseable>();
        all.add(server);
        all.addAll(tidying);
        all.addAll(desks.values());
        Closing.all(all);
    }
}
