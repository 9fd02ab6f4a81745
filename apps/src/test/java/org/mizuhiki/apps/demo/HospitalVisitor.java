package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.trust.KeyFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A hospital system with nothing but curl and openssl, at the door of one institution.
///
/// @param folder its own, with `NAME.key` and `NAME.pem`
record HospitalVisitor(Path folder, String name, URI door) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// An answer.
    record Answer(int status, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String code() {
            return json().path("code").asString("");
        }
    }

    /// Makes its own key and certificate, as docs/flows/hospital-api.md says.
    static HospitalVisitor make(Path folder, String name, Played played, String gateway) throws Exception {
        Files.createDirectories(folder);
        KeyFiles.writeChain(
                folder.resolve("region.pem"), played.machine.region().trust().roots());
        openssl(
                folder,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -keyout NAME.key -out NAME.pem"
                                .replace("NAME", name)
                        + " -subj /OU=Program/serialNumber="
                        + name);
        return new HospitalVisitor(folder, name, played.machine.hospital(gateway));
    }

    /// Another key, whose certificate this one signs under its own name.
    ///
    /// @param file how its files are called, in the same folder
    HospitalVisitor signing(String file) throws Exception {
        openssl(
                folder,
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout FILE.key -out FILE.csr"
                                .replace("FILE", file)
                        + " -subj /OU=Program/serialNumber="
                        + name);
        openssl(
                folder,
                "x509 -req -in FILE.csr -CA NAME.pem -CAkey NAME.key -set_serial 2 -days 30 -out FILE.pem"
                        .replace("FILE", file)
                        .replace("NAME", name));
        Files.write(
                folder.resolve(file + ".pem"),
                Files.readAllBytes(folder.resolve(name + ".pem")),
                StandardOpenOption.APPEND);
        return new HospitalVisitor(folder, file, door);
    }

    private static void openssl(Path folder, String line) throws Exception {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(line.split(" ")));
        var run = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        assertEquals(
                0, run.redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor());
    }

    HospitalVisitor admitted(Played played, String gateway) {
        played.machine
                .place()
                .operate(
                        gateway,
                        "program-admit",
                        Map.of("certificate", folder.resolve(name + ".pem").toString(), "desks", "referrals"));
        return this;
    }

    Answer get(String path) throws Exception {
        return curl(path);
    }

    Answer put(String path, Path file) throws Exception {
        return curl(path, "-T", file.toString());
    }

    Answer post(String path) throws Exception {
        return curl(path, "-X", "POST");
    }

    Answer delete(String path) throws Exception {
        return curl(path, "-X", "DELETE");
    }

    /// @param path after `/v1/desks/`
    Answer curl(String path, String... more) throws Exception {
        var all = new ArrayList<>(List.of(
                "--cert",
                folder.resolve(name + ".pem").toString(),
                "--key",
                folder.resolve(name + ".key").toString()));
        all.addAll(List.of(more));
        return anybody(path, all);
    }

    /// @return status 0 where no answer came
    Answer anybody(String path, List<String> more) throws Exception {
        return ended(begin(path, more));
    }

    Process begin(String path, List<String> more) throws Exception {
        var all = new ArrayList<>(List.of(
                "curl",
                "-s",
                "--path-as-is",
                "-w",
                "\n%{http_code}",
                "--max-time",
                "60",
                "--cacert",
                folder.resolve("region.pem").toString()));
        all.addAll(more);
        all.add(door + "/v1/desks" + path);
        return new ProcessBuilder(all).redirectError(new File("/dev/null")).start();
    }

    static Answer ended(Process curl) throws Exception {
        var said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!curl.waitFor(90, TimeUnit.SECONDS)) {
            throw new AssertionError("curl never ended");
        }
        int seam = said.lastIndexOf('\n');
        return new Answer(Integer.parseInt(said.substring(seam + 1)), said.substring(0, Math.max(0, seam)));
    }

    /// A file to be uploaded.
    Path file(String name, byte... content) throws Exception {
        return Files.write(folder.resolve(name), content);
    }
}
