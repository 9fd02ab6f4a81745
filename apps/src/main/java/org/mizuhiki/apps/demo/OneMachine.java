package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.apps.role.Founding;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.DurableWitness;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// A whole region on one machine: founded, configured, started, in `folder`:
/// `region.json`, `<server>/` with `config.yaml` and all that belongs to it, `logs/`, `people/`.
final class OneMachine implements AutoCloseable {
    private static final String HOST = "localhost";
    private static final int LEAST_PORT = 20_000;
    private static final int PORTS = 12_000;
    private static final Duration READY_WAIT = Duration.ofMinutes(3);

    /// Two institutions: who refers and who is referred to.
    static final Map<String, Site> SITES = Map.of(
            "gateway-a", new Site("1319900017", "みずひき内科クリニック"),
            "gateway-b", new Site("1319900025", "結び市立あわじ病院"));

    /// Who accredits the others.
    static final Site ACCREDITATION = new Site("1319900033", "みずひき登録認定機構");

    /// Whose VPN it is.
    static final Site PROVIDER = new Site("1319900041", "あわじ結びネットワーク");

    record Site(String code, String name) {}

    /// The non-profit's office, started by who needs it.
    static final String OFFICE = "office";

    /// The mail server, started by the story that needs it.
    static final String EDGE = "edge";

    private final Path folder;
    private final Launcher launcher;
    private final SecureRandom die;
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    private OneMachine(Path folder, Launcher launcher, SecureRandom die) {
        this.folder = folder;
        this.launcher = launcher;
        this.die = die;
    }

    /// Founds the region in an empty folder, or starts the one that is there.
    static OneMachine start(Path folder, Launcher launcher, Clock clock, SecureRandom die) throws Exception {
        var machine = new OneMachine(folder, launcher, die);
        try {
            machine.choosePorts();
            launcher.chosen(Map.copyOf(machine.ports));
            machine.found(clock);
            machine.startAuthority();
            machine.startOthers();
            machine.awaitReady();
            return machine;
        } catch (Exception e) {
            machine.close();
            throw e;
        }
    }

    Place place() {
        return new Place(folder);
    }

    RegionFile region() {
        return place().region();
    }

    Path regionFile() {
        return folder.resolve("region.json");
    }

    /// Where CRL, OCSP and time stamps are served without TLS.
    URI plain() {
        return URI.create("http://" + HOST + ":" + ports.get("plain"));
    }

    URI web() {
        return uri("web");
    }

    /// Where strangers bring mail.
    int smtps() {
        return port("smtps");
    }

    private int port(String name) {
        return java.util.Objects.requireNonNull(ports.get(name));
    }

    /// Starts the mail server.
    ///
    /// @param partners YAML list of whom it brings mail to
    void startEdge(String partners) throws Exception {
        giveTicket(EDGE, Map.of("kind", "server", "role", EDGE, "host", HOST), "ticket");
        launch(
                EDGE,
                "ticket: ticket\nauthority: \"" + uri("authority") + "\"\nedge:\n  smtps: " + port("smtps")
                        + "\n  startTls: " + port("starttls") + "\n  partners: " + partners + "\n");
        awaitAnswer(EDGE);
    }

    /// Starts the office.
    void startOffice() throws Exception {
        giveTicket(OFFICE, Map.of("kind", "server", "role", OFFICE, "host", HOST), "ticket");
        launch(OFFICE, "ticket: ticket\nauthority: \"" + uri("authority") + "\"\n");
        awaitAnswer(OFFICE);
    }

    URI edge() {
        return uri(EDGE);
    }

    /// Where a gateway lets hospital systems in.
    URI hospital(String gateway) {
        return uri(door(gateway));
    }

    private static String door(String gateway) {
        return "hospital-" + gateway;
    }

    /// Folders of all servers, logs included; people's devices are elsewhere.
    List<Path> serverFolders() {
        var folders = new ArrayList<Path>();
        servers().forEach((name, role) -> folders.add(folder.resolve(name)));
        folders.add(folder.resolve("logs"));
        return folders;
    }

    /// Every table of every database, written out; PostgreSQL may keep rows compressed in its own files.
    Path writeOutTables() {
        var dumps = folder.resolve("tables-" + Long.toHexString(die.nextLong()));
        for (var name : List.of("authority", "keys", "store", "centre")) {
            place().operate(
                            name,
                            "backup",
                            Map.of("to", dumps.resolve(name).toAbsolutePath().toString()));
        }
        return dumps;
    }

    @Override
    public void close() {
        launcher.close();
    }

    /// Server name to role, in starting order.
    private static Map<String, String> servers() {
        var servers = new LinkedHashMap<String, String>();
        servers.put("authority", "authority");
        servers.put("witness", "witness");
        servers.put("keys", "keys");
        servers.put("store", "store");
        servers.put("centre", "centre");
        servers.put("gateway-a", "gateway");
        servers.put("gateway-b", "gateway");
        servers.put("web", "web");
        return servers;
    }

    private void choosePorts() throws IOException {
        var open = new ArrayList<ServerSocket>();
        for (var name : servers().keySet()) {
            open.add(freePort());
            ports.put(name, open.getLast().getLocalPort());
        }
        for (var more : List.of("plain", OFFICE, EDGE, "smtps", "starttls", door("gateway-a"), door("gateway-b"))) {
            open.add(freePort());
            ports.put(more, open.getLast().getLocalPort());
        }
        for (var socket : open) {
            socket.close();
        }
    }

    /// Below those that systems give to outgoing connections: one of these could take the port before its
    /// server comes up.
    private ServerSocket freePort() throws IOException {
        for (int attempt = 0; attempt < 200; attempt++) {
            try {
                return new ServerSocket(LEAST_PORT + die.nextInt(PORTS));
            } catch (BindException taken) {
                // the next throw of the die
            }
        }
        return new ServerSocket(0);
    }

    private void found(Clock clock) throws IOException {
        var witness = folder.resolve("witness/witness");
        Files.createDirectories(witness);
        var key = DurableWitness.create(witness, "witness", Founding.origin("demo"), die);
        var servers = new Founding.Addresses(
                uri("authority"),
                uri("keys"),
                uri("store"),
                uri("gateway-a"),
                Optional.of(uri("centre")),
                Optional.of(uri(EDGE)));
        new Founding(folder.resolve("authority"), "demo", plain(), Map.of("witness", key), servers)
                .hold(clock, die)
                .write(regionFile());
        Files.createDirectories(folder.resolve("logs"));
    }

    private void startAuthority() throws Exception {
        launch("authority", """
                plain: {port: %d, base: "http://localhost:%d"}
                witnesses: [{name: witness, uri: "%s"}]
                accreditation: "%s"
                """.formatted(
                        ports.get("plain"), ports.get("plain"), uri("witness"), ACCREDITATION.code()));
        awaitAnswer("authority");
    }

    private void startOthers() throws IOException {
        for (var server : servers().entrySet()) {
            if (!server.getKey().equals("authority")) {
                giveTicket(server.getKey(), Map.of("kind", "server", "role", server.getKey(), "host", HOST), "ticket");
                launch(
                        server.getKey(),
                        "ticket: ticket\nauthority: \"" + uri("authority") + "\"\n" + special(server.getKey()));
            }
        }
    }

    private String special(String name) throws IOException {
        var site = Optional.ofNullable(SITES.get(name));
        if (site.isPresent()) {
            var asked = Map.of(
                    "kind",
                    "institution",
                    "code",
                    site.get().code(),
                    "name",
                    site.get().name());
            giveTicket(name, asked, "institution-ticket");
            return """
                    office: "%s"
                    institution: {code: "%s", name: "%s", ticket: institution-ticket}
                    hospital: {host: 127.0.0.1, port: %d, desks: [{name: referrals, folder: referrals}]}
                    """.formatted(uri(OFFICE), site.get().code(), site.get().name(), port(door(name)));
        }
        return switch (name) {
            case "witness" -> "witness: witness\n";
            // days anywhere else: the story cannot wait that long
            case "keys" -> "recoveryDelay: PT5S\n";
            case "centre" ->
                "provider: \"%s\"%n".formatted(PROVIDER.code())
                        + launcher.time().map("time: [\"%s\"]%n"::formatted).orElse("");
            case "web" -> {
                var watches = new StringBuilder("watches:\n");
                servers().keySet().stream()
                        .filter(n -> !n.equals("web"))
                        .forEach(n -> watches.append("  - {name: %s, uri: \"%s\"}%n".formatted(n, uri(n))));
                yield watches.toString();
            }
            default -> "";
        };
    }

    private void giveTicket(String server, Map<String, String> asked, String file) throws IOException {
        var ticket = place().operate("authority", "ticket", asked);
        var path = Files.createDirectories(folder.resolve(server)).resolve(file);
        Files.writeString(path, ticket);
        Files.setPosixFilePermissions(path, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    }

    private void launch(String name, String special) throws IOException {
        var role = servers().getOrDefault(name, name);
        var config = Files.createDirectories(folder.resolve(name)).resolve("config.yaml");
        Files.writeString(
                config, """
                role: %s
                folder: .
                host: %s
                port: %d
                names: [%s]
                region: ../region.json
                postgres: ../postgres
                """.formatted(role, launcher.host(name), ports.get(name), HOST) + pages(role) + special);
        launcher.launch(name, role, config);
    }

    /// Those servers that the portal's pages reach.
    private String pages(String role) {
        return List.of("authority", "keys", "store", "web").contains(role)
                ? "browserOrigins: [\"%s\"]%n".formatted(uri("web"))
                : "";
    }

    private void awaitReady() throws Exception {
        for (var name : servers().keySet()) {
            awaitAnswer(name);
        }
    }

    private void awaitAnswer(String name) throws InterruptedException {
        Peer peer = Peers.connect(uri(name), this::anyone, Patience.once(), die);
        long end = System.nanoTime() + READY_WAIT.toNanos();
        while (true) {
            try {
                peer.getBytes("/ready");
                return;
            } catch (Refusal notYet) {
                if (System.nanoTime() > end) {
                    throw Refusal.of(
                            "server-not-ready",
                            name + " が時間内に起動しませんでした。" + folder.resolve("logs/" + name + ".log") + " を見てください",
                            name + " did not come up in time; see " + folder.resolve("logs/" + name + ".log"),
                            notYet);
                }
                Thread.sleep(Duration.ofMillis(200));
            }
        }
    }

    private Identity anyone() {
        return Identity.anonymous(region().trust().roots());
    }

    private URI uri(String name) {
        return URI.create("https://" + HOST + ":" + ports.get(name));
    }
}
