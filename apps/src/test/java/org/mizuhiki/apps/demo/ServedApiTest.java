package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.role.RoleConfig;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.OpenApi;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Every server serves exactly what `docs/openapi/` tells of it, so that no operation changes unseen. After
/// a change that is meant, copy `target/openapi/` there.
class ServedApiTest {
    private static final String DOOR = "hospital";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    @Test
    void everyServerServesWhatItsDocumentTells(@TempDir Path folder) throws Exception {
        var wrong = new TreeMap<String, List<String>>();
        var asked = new HashSet<String>();
        var region = Files.createDirectory(folder.resolve("region"));
        try (var played = Played.inProcess(region)) {
            played.machine.startEdge("[]");
            played.machine.startOffice();
            var roots = played.machine.region().trust().roots();
            for (var server : servers(played, region)) {
                var role = server.getKey();
                var peer =
                        Peers.connect(server.getValue(), () -> Identity.anonymous(roots), Patience.once(), Played.DIE);
                asked.add(role);
                var served = peer.getBytes("/openapi.json");
                var found = new ArrayList<>(OpenApi.differences(told(role, served), served));
                found.addAll(unanswered(peer, JSON.readTree(served.toArray())));
                if (!found.isEmpty()) {
                    wrong.put(role, found);
                }
            }
        }
        assertEquals(Map.of(), wrong);
        assertEquals(documented(), asked);
    }

    @Test
    void everyRoleHasADocument() {
        for (var role : documented()) {
            assertTrue(Files.exists(document(role)), role);
        }
    }

    /// Every role, and the gateway's door for hospital systems.
    private static Set<String> documented() {
        var all = new HashSet<>(Roles.NAMES);
        all.add(DOOR);
        return all;
    }

    private static List<Map.Entry<String, URI>> servers(Played played, Path region) throws Exception {
        var all = new ArrayList<Map.Entry<String, URI>>();
        try (var folders = Files.list(region)) {
            folders.map(f -> f.resolve("config.yaml"))
                    .filter(Files::exists)
                    .map(RoleConfig::read)
                    .forEach(c -> all.add(Map.entry(c.role(), URI.create("https://localhost:" + c.port()))));
        }
        all.add(Map.entry(DOOR, played.machine.hospital("gateway-a")));
        return all;
    }

    private static Bytes told(String role, Bytes served) throws Exception {
        var made = Files.createDirectories(Path.of("target/openapi")).resolve(role + ".json");
        var sorted = JSON.treeToValue(JSON.readTree(served.toArray()), TreeMap.class);
        Files.writeString(made, JSON.writeValueAsString(sorted) + "\n");
        return Files.exists(document(role)) ? Bytes.of(Files.readAllBytes(document(role))) : Bytes.utf8("{}");
    }

    private static Path document(String role) {
        return Path.of("../docs/openapi").resolve(role + ".json");
    }

    /// Operations that the server does not know when they are asked for. Without a certificate most are
    /// refused, but for another reason.
    private static List<String> unanswered(Peer peer, JsonNode served) {
        var found = new ArrayList<String>();
        served.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    try {
                        ask(peer, operation.getKey(), path.getKey().replaceAll("\\{[^}]*}", "x"));
                    } catch (Refusal refusal) {
                        if (List.of("path-unknown", "method-not-allowed").contains(refusal.code())) {
                            found.add(operation.getKey() + " " + path.getKey() + " is described but answers "
                                    + refusal.code());
                        }
                    }
                }));
        return found;
    }

    private static void ask(Peer peer, String method, String path) {
        switch (method) {
            case "get", "head" -> peer.getBytes(path); // our peer speaks no HEAD, which shares its path with a GET
            case "post" -> peer.postBytes(path, "application/octet-stream", Bytes.of());
            case "put" -> peer.putBytes(path, "application/octet-stream", Bytes.of());
            case "delete" -> peer.delete(path);
            default -> throw new IllegalStateException("an operation of another method: " + method);
        }
    }
}
