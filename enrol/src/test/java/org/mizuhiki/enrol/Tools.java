package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.mizuhiki.trust.Ticket;

/// curl and openssl as any client has them, in a folder of the test.
record Tools(Path folder) {
    private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z-]+)\"");

    /// @param status 0 when the connection was refused
    record Answer(int status, String code) {}

    /// @return its output, both streams
    String openssl(String... arguments) throws Exception {
        var run = run("openssl", arguments);
        assertEquals(0, run.exit(), String.join(" ", arguments) + "\n" + run.output());
        return run.output();
    }

    private record Run(int exit, String output) {}

    private Run run(String program, String... arguments) throws Exception {
        var all = new ArrayList<>(List.of(program));
        all.addAll(List.of(arguments));
        var process = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    /// A key and a request as DER, `<name>.key` and `<name>.der`.
    byte[] request(String name, String... more) throws Exception {
        if (!Files.exists(folder.resolve(name + ".key"))) {
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name + ".key");
        }
        var all = new ArrayList<>(
                List.of("req", "-new", "-utf8", "-key", name + ".key", "-outform", "DER", "-out", name + ".der"));
        all.addAll(List.of(more));
        openssl(all.toArray(String[]::new));
        return Files.readAllBytes(folder.resolve(name + ".der"));
    }

    /// The answer's body lies in `answer` afterwards.
    Answer curl(String url, String... arguments) throws Exception {
        var all = new ArrayList<>(
                List.of("-sS", "--max-time", "30", "--cacert", "root.pem", "-o", "answer", "-w", "%{http_code}"));
        all.addAll(List.of(arguments));
        all.add(url);
        Files.deleteIfExists(folder.resolve("answer"));
        var run = run("curl", all.toArray(String[]::new));
        if (run.exit() != 0) {
            return new Answer(0, run.output());
        }
        int status = Integer.parseInt(run.output());
        var code = CODE.matcher(status == 200 ? "" : body());
        return new Answer(status, code.find() ? code.group(1) : "");
    }

    String body() throws Exception {
        return Files.readString(folder.resolve("answer"), StandardCharsets.UTF_8);
    }

    /// Posts a request with a ticket, which curl reads from a file: a command line is seen by everybody.
    Answer enrol(String url, Ticket ticket, byte[] der) throws Exception {
        var login = ticket.revealed().split("\\.", -1);
        Files.writeString(
                folder.resolve("netrc"), "machine 127.0.0.1 login " + login[0] + " password " + login[1] + "\n");
        return post(url, der, "--netrc-file", "netrc");
    }

    Answer renew(String url, String name, byte[] der) throws Exception {
        return post(url, der, "--cert", name + ".pem", "--key", name + ".key");
    }

    Answer post(String url, byte[] der, String... arguments) throws Exception {
        Files.writeString(folder.resolve("body"), Base64.getMimeEncoder().encodeToString(der));
        var all = new ArrayList<>(List.of("-H", "Content-Type: application/pkcs10", "--data-binary", "@body"));
        all.addAll(List.of(arguments));
        return curl(url, all.toArray(String[]::new));
    }

    /// Unpacks the answer of an enrolment into `<name>.pem`.
    void unpack(String name) throws Exception {
        openssl("base64", "-d", "-in", "answer", "-out", "answer.p7");
        openssl("pkcs7", "-inform", "DER", "-in", "answer.p7", "-print_certs", "-out", name + ".pem");
    }
}
