package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mizuhiki.centre.RemoteRouterDesk;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Engine;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.ike.NetworkSpace;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.router.Around;
import org.mizuhiki.router.Router;
import org.mizuhiki.router.Site;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.RemoteRevocation;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.NetworkTime;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A router at a site, from its tokens and its region file to a router at work.
final class RouterRole {
    private static final Logger LOG = LoggerFactory.getLogger(RouterRole.class);
    private static final Duration LIST_LIMIT = Duration.ofHours(24);
    private static final Duration LIST_PAUSE = Duration.ofSeconds(30);
    private static final Duration CERTIFICATE_PAUSE = Duration.ofMinutes(1);
    private static final Duration TIME_PAUSE = Duration.ofMinutes(4);

    private RouterRole() {}

    /// @throws Refusal `config-invalid`, `ticket-missing`, `token-unreadable`, `engine-missing` and what else
    ///     keeps it from starting
    static RunningRole start(RouterConfig config, Clock clock, SecureRandom die) {
        try {
            Files.createDirectories(config.folder());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + config.folder(), e);
        }
        var region = RegionFile.read(config.region());
        var roots = region.trust().roots();
        var authority = URI.create(region.authority());
        // 1. whom to believe: today's lists, or those of the last run while the authority is away
        var anyone = Peers.connect(authority, () -> Identity.anonymous(roots), Patience.once(), die);
        var published =
                new KeptLists(new RemoteRevocation(anyone), config.folder().resolve("lists"));
        var standing = new RevocationList(published, region.trust(), clock, LIST_LIMIT);
        var lists = new RouterLists(published, standing);
        lists.refresh();
        var validator = new PathValidator(roots, standing);
        // 2. who this is: keys in tokens, certificates for them
        var identity =
                RouterIdentity.of(config, new SlotCertificate.Authority(authority, roots, validator, clock, die));
        identity.enrol();
        // 3. the one clock
        var time = new NetworkTime(config.time().orElse(List.of()), clock, die);
        // 4. rules, engine, centre
        var centre = URI.create(region.centre().orElseThrow(RouterRole::noCentre));
        var desk = new RemoteRouterDesk(Peers.connect(centre, identity::tls, Patience.once(), die));
        var seals = new Seals(die);
        var around = new Around(
                identity.self(),
                identity::certificate,
                Member::of,
                partner -> issuer(lists.cas(), partner),
                () -> OwnAddresses.towards(config.towards().orElse(centre.getHost())),
                new InstitutionCode(config.provider()),
                validator,
                new Declarations(seals.records(), validator, clock)::check,
                standing,
                seals,
                clock,
                die,
                identity::author,
                time::newest);
        var router = Router.start(config.folder(), site(config, lists, identity), desk, around);
        // 5. what keeps it good
        var chores = List.<AutoCloseable>of(
                Chores.every(TIME_PAUSE, "time", time::look),
                Chores.every(LIST_PAUSE, "revocation-lists", () -> refresh(lists, router)),
                Chores.every(CERTIFICATE_PAUSE, "certificates", () -> identity.renewIfDue(standing::isOfRetiredCa)));
        var door = OperatorDoor.open(config.folder(), operations(router, time));
        LOG.info("this is {}", identity.self().identity());
        var all = new ArrayList<AutoCloseable>();
        all.add(door);
        all.addAll(chores);
        all.addAll(List.of(router, standing));
        return Closing.together(config.folder().toUri(), all);
    }

    private static void refresh(RouterLists lists, Router router) {
        lists.refresh();
        router.revocations(lists.revocations());
    }

    private static Site site(RouterConfig config, RouterLists lists, RouterIdentity identity) {
        var token = config.token();
        var esp = Esp.detect(NetworkSpace.OWN);
        var setup = new Charon.Setup(
                config.folder().resolve("engine"),
                NetworkSpace.OWN,
                esp,
                Map.of(RouterIdentity.MODULE, token.library()),
                token.environment().orElse(Map.of()));
        return new Site(setup, config.outside(), engine -> equip(engine, lists, identity));
    }

    private static void equip(Engine engine, RouterLists lists, RouterIdentity identity) {
        engine.loadKey(identity.engineKey());
        lists.cas().forEach(engine::loadCa);
        lists.revocations().forEach(engine::loadRevocations);
    }

    private static Bytes issuer(List<Bytes> cas, X509Certificate partner) {
        return cas.stream()
                .filter(ca ->
                        KeyFiles.certificate(ca).getSubjectX500Principal().equals(partner.getIssuerX500Principal()))
                .findFirst()
                .orElseThrow(() -> Refusal.of(
                        "certificate-untrusted",
                        "相手の証明書の発行者はこの地域のサービス認証局ではありません",
                        "The partner's certificate was not issued by the region's service CA"));
    }

    /// `mizuhiki vpn live`, `table`, `cut` and `hand-in` ask for these.
    private static Map<String, OperatorDoor.Operation> operations(Router router, NetworkTime time) {
        return Map.of(
                "live",
                _ -> RouterAnswers.live(router.live()),
                "state",
                _ -> RouterAnswers.self(router, time.newest()),
                "table",
                _ -> Json.write(router.passing()).asUtf8(),
                "cut",
                asked -> {
                    router.cut(Asked.need(asked, "connection"));
                    return "cut";
                },
                "hand-in",
                asked -> {
                    var lines = Json.readList(Bytes.utf8(Asked.need(asked, "lines")), RouterDesk.LogLine.class);
                    router.handIn(Asked.need(asked, "connection"), lines);
                    return "kept";
                });
    }

    private static Refusal noCentre() {
        return Refusal.of(
                "config-invalid",
                "地域ファイルに接続管理センター（centre）がありません",
                "The region file names no centre; this region has no VPN");
    }
}
