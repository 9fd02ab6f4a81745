package org.mizuhiki.apps.demo;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mizuhiki.apps.boot.FirstBootLink;
import org.mizuhiki.apps.demo.Staff.Office;
import org.mizuhiki.apps.qr.QrCode;
import org.mizuhiki.apps.qr.QrReader;
import org.mizuhiki.centre.RemoteSessionDesk;
import org.mizuhiki.centre.RemoteSubscriberDesk;
import org.mizuhiki.centre.SessionDesk;
import org.mizuhiki.centre.SubscriberDesk;
import org.mizuhiki.chip.Pkcs11Element;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.lab.Host;
import org.mizuhiki.lab.Site;
import org.mizuhiki.lab.SoftTokens;
import org.mizuhiki.registration.ElementChip;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// The five sites of the demo's VPN: an institution, tokens with keys, a router as a process of its own, a
/// host. Routers' folders are `routers/<site>`, their tokens `routers/tokens`.
final class Sites {
    /// Of the hosts' programs.
    static final int PORT = 5000;

    /// Its router knows nothing at first but a QR code.
    static final String BY_QR = "a";

    private static final String FIRST_BOOT = "first-boot.txt";

    /// What packaging/mizuhiki-router.service leaves a router: rules, routes and TUN, IKE's ports.
    static final List<String> CONFINED =
            List.of("setpriv", "--no-new-privs", "--bounding-set", "-all,+net_admin,+net_bind_service");

    private static final Map<String, OneMachine.Site> INSTITUTIONS = Map.of(
            "b", new OneMachine.Site("1319900108", "淡路圏域中核病院"),
            "a", new OneMachine.Site("1319900116", "あおい診療所"),
            "c", new OneMachine.Site("1319900124", "千草医療機器サービス"),
            "d", new OneMachine.Site("1319900132", "大和田医院"),
            "e", new OneMachine.Site("1319900140", "えびす診療所"));

    final Country country;
    final Processes processes;
    final Place place;
    final Clock clock;
    final SecureRandom die;
    private final Staff staff;
    private final RegistrationStory.Parties parties;
    private final Map<String, Office> offices = new HashMap<>();
    private final Map<Office, Peer> peers = new ConcurrentHashMap<>();

    Sites(
            Country country,
            Processes processes,
            OneMachine machine,
            Staff staff,
            RegistrationStory.Parties parties,
            Clock clock,
            SecureRandom die) {
        this.country = country;
        this.processes = processes;
        this.place = machine.place();
        this.staff = staff;
        this.parties = parties;
        this.clock = clock;
        this.die = die;
    }

    List<String> names() {
        return country.lab().sites().stream().map(Site::name).toList();
    }

    Office provider() {
        return parties.provider();
    }

    Office office(String site) {
        return Objects.requireNonNull(offices.get(site));
    }

    private Path folder() {
        return place.folder().resolve("routers");
    }

    Path folder(String site) {
        return folder().resolve(site);
    }

    Member.Service router(String site) {
        return new Member.Service(code(site), Procedure.SERVICE, device(site));
    }

    private static String code(String site) {
        return Objects.requireNonNull(INSTITUTIONS.get(site)).code();
    }

    private static Member.Device device(String site) {
        return new Member.Device(RegistrationStory.VENDOR_CODE, "R-1", "10" + site);
    }

    Host host(String site) {
        var lab = country.lab();
        return new Host(lab.host(lab.site(site)));
    }

    InetAddress address(String site) {
        return country.lab().site(site).network().host(2);
    }

    /// The whole procedure for every site's router; keys are made in its tokens.
    void register() throws Exception {
        var tokens = SoftTokens.make(folder().resolve("tokens"), 2 * names().size(), die);
        tokens.intoEnvironment();
        for (var site : names()) {
            offices.put(
                    site, staff.office("site-" + site, Objects.requireNonNull(INSTITUTIONS.get(site)), "管理者 " + site));
            int first = 2 * names().indexOf(site);
            var element = Pkcs11Element.open(tokens.library(), tokens.slots().subList(first, first + 2));
            var chip =
                    new ElementChip(element.slot(0, pin(tokens, first)), () -> element.slot(1, pin(tokens, first + 1)));
            new Procedure(
                            parties,
                            office(site).person(),
                            device(site),
                            chip,
                            (step, japanese, english, act) -> act.act())
                    .play();
            configure(site, tokens, first);
        }
    }

    private static Secret pin(SoftTokens tokens, int number) {
        try {
            return Secret.taking(Files.readString(tokens.pins().get(number))
                    .strip()
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void configure(String site, SoftTokens tokens, int first) throws Exception {
        var token = """
                token:
                  library: %s
                  device: %d
                  service: %d
                  devicePin: %s
                  servicePin: %s
                  environment: {%s: %s}
                """.formatted(
                        tokens.library(),
                        tokens.slots().get(first),
                        tokens.slots().get(first + 1),
                        tokens.pins().get(first),
                        tokens.pins().get(first + 1),
                        SoftTokens.VARIABLE,
                        tokens.configuration());
        var folder = Files.createDirectories(folder(site));
        if (site.equals(BY_QR)) {
            Files.writeString(folder.resolve("machine.yaml"), "outside: [eth0]\n" + token);
            return;
        }
        var time = country.time().map("time: [\"%s\"]\n"::formatted).orElse("");
        Files.writeString(
                folder.resolve("config.yaml"),
                """
                role: router
                folder: .
                region: ../../region.json
                provider: "%s"
                outside: [eth0]
                towards: "%s"
                """.formatted(
                                        OneMachine.PROVIDER.code(),
                                        country.lab().centreAddress().getHostAddress())
                        + token
                        + time);
    }

    /// The provider's QR code for a router that nobody has configured: its link, as a scanner types it.
    ///
    /// @return its length in characters
    int firstBoot() throws Exception {
        var wish = new Wish(
                router(BY_QR).identity(),
                Optional.of(country.lab().centreAddress().getHostAddress()),
                country.time().stream().toList());
        var answer = place.operate(
                "centre", "first-boot", Map.of("terms", Json.write(wish).asUtf8()));
        var published = Json.read(Bytes.utf8(answer), Published.class);
        // the registration loaded its certificates into its chip: no tickets
        var link = new FirstBootLink(
                published.terms().sha256(), Optional.empty(), until(), URI.create(published.address()));
        var png = Files.write(
                folder(BY_QR).resolve("first-boot.png"),
                QrCode.of(link.revealed()).png().toArray());
        Files.writeString(folder(BY_QR).resolve(FIRST_BOOT), QrReader.read(png) + "\n");
        return link.revealed().length();
    }

    /// What the centre's operator is asked for a first-boot document, and what it answers.
    record Wish(String router, Optional<String> towards, List<String> time) {}

    record Published(String address, Bytes terms) {}

    void start(String site) {
        var lab = country.lab();
        var config = folder(site).resolve("config.yaml").toString();
        var words = new ArrayList<>(List.of("router", "--config", config, "--with-parent"));
        if (site.equals(BY_QR)) {
            words.addAll(
                    List.of("--first-boot", folder(site).resolve(FIRST_BOOT).toString()));
        }
        var command = Processes.router(lab.router(lab.site(site)), CONFINED, words.toArray(String[]::new));
        command.environment()
                .put(
                        SoftTokens.VARIABLE,
                        folder().resolve("tokens/softhsm2.conf").toString());
        processes.start("router-" + site, place.folder().resolve("logs/router-" + site + ".log"), command);
    }

    /// The centre as an institution sees it, over a connection that stays.
    SubscriberDesk desk(Office office) {
        return new RemoteSubscriberDesk(centre(office));
    }

    /// Consultations of several sites, as an institution sees them.
    SessionDesk sessions(Office office) {
        return new RemoteSessionDesk(centre(office));
    }

    private Peer centre(Office office) {
        return peers.computeIfAbsent(office, this::connected);
    }

    private Peer connected(Office office) {
        var roots = office.region().trust().roots();
        var identity = new Identity(office.own().key(), office.own().chain(), roots);
        return Peers.connect(URI.create(place.region().centre().orElseThrow()), identity, die);
    }

    void declare(Office office, Declaration declaration) {
        declare(office, declaration, office.own());
    }

    void declare(Office office, Declaration declaration, Author author) {
        var region = office.region();
        var signed = new Declarations(new Seals(die).records(), region.validator(), clock)
                .sign(declaration, author, region.stamps());
        desk(office).declare(signed);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    Instant until() {
        return now().plus(Duration.ofDays(300));
    }

    String nonce() {
        return Declaration.nonce(die);
    }
}
