package org.mizuhiki.apps.demo;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.house.Digest;

/// The pocket of a doctor, read and written with ordinary mail programs through the bridge, which is a
/// process of its
/// own on the doctor's machine.
final class BridgeStory {
    private static final Pattern READY = Pattern.compile("\"imap\":(\\d+),\"smtp\":(\\d+)");

    private final Telling telling;
    private final ForeignHospital hospital;
    private final Cast.Player doctor;
    private final Cast.Player patient;
    private final Optional<Digest> letter;
    private final String address;
    private final String token;

    BridgeStory(
            Telling telling,
            ForeignHospital hospital,
            Cast.Player doctor,
            Cast.Player patient,
            Optional<Digest> letter,
            String address,
            String token) {
        this.telling = telling;
        this.hospital = hospital;
        this.doctor = doctor;
        this.patient = patient;
        this.letter = letter;
        this.address = address;
        this.token = token;
    }

    private record Ports(int imap, int smtp) {}

    void tell() throws Exception {
        var errors = doctor.folder().resolve("bridge.log");
        var process = new ProcessBuilder(Again.command(
                        List.of("-Xmx256m"),
                        "mail",
                        "bridge",
                        "--imap",
                        "0",
                        "--smtp",
                        "0",
                        "--json",
                        "--device",
                        doctor.folder().toString(),
                        "--passphrase-file",
                        doctor.folder().resolve("passphrase").toString()))
                .redirectError(errors.toFile())
                .start();
        try {
            var ports = ready(process);
            login(ports);
            reads(ports);
            writes(ports);
            mutt(ports);
        } finally {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Ports ready(Process process) throws Exception {
        return telling.step(
                MailStory.NAME,
                "7-bridge",
                "7. 医師Bの端末で橋（IMAPS・SMTPS）が動く",
                "The bridge runs on doctor B's machine",
                () -> {
                    var line = new String(process.getInputStream().readNBytes(0), StandardCharsets.UTF_8);
                    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
                        line += reader.readLine();
                    }
                    var found = READY.matcher(line);
                    MailStory.expect(found.find(), "the bridge says its ports: " + line);
                    var ports = new Ports(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)));
                    return new Told<>(ports, "imaps " + ports.imap() + ", smtps " + ports.smtp());
                });
    }

    private void login(Ports ports) throws Exception {
        telling.step(
                MailStory.NAME,
                "8-token",
                "8. トークンなしでは何も見えず、パスフレーズは通らない",
                "Without a token nothing is seen; the passphrase is none",
                () -> {
                    var passphrase = Files.readString(doctor.folder().resolve("passphrase"))
                            .strip();
                    var wrong = imap(ports, passphrase, "", "LIST \"\" *");
                    MailStory.expect(wrong.code() == 67, "a wrong token is refused: " + wrong.code());
                    var list = imap(ports, token, "", "LIST \"\" *");
                    MailStory.expect(list.out().contains("INBOX") && list.out().contains("\\Sent"), list.out());
                    return new Told<>("", "INBOX, Sent, Drafts");
                });
    }

    private void reads(Ports ports) throws Exception {
        telling.step(
                MailStory.NAME,
                "9-reads",
                "9. curlが一覧と本文を読む。見出しだけでは封緘文書は開かれず、本文を読むと開封が台帳に残る",
                "curl lists and reads; headers open no sealed letter, a body does, and the ledger has it",
                () -> {
                    var headers = imap(
                            ports,
                            token,
                            "INBOX",
                            "FETCH 1:* (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT X-MIZUHIKI-KIND)])");
                    MailStory.expect(headers.code() == 0 && headers.out().contains("FETCH"), headers.out());
                    int before = openings();
                    var mail = imap(ports, token, "INBOX", "SEARCH HEADER X-Mizuhiki-Signature signed");
                    var number = last(mail.out());
                    var body = imap(ports, token, "INBOX;MAILINDEX=" + number, null);
                    MailStory.expect(body.out().contains("text/plain"), body.out());
                    MailStory.expect(openings() == before, "headers and other mail opened no letter");
                    if (letter.isPresent()) {
                        var sealed = last(imap(ports, token, "INBOX", "SEARCH HEADER X-Mizuhiki-Kind letter")
                                .out());
                        var opened = imap(ports, token, "INBOX;MAILINDEX=" + sealed, null);
                        MailStory.expect(opened.out().contains("letter.json"), opened.out());
                        MailStory.expect(openings() == before + 1, "the opening is in the ledger");
                    }
                    return new Told<>("", "mail " + number + ", openings " + openings());
                });
    }

    private int openings() {
        return letter.map(l -> patient.pocket().trail().openings(l).size()).orElse(0);
    }

    private static String last(String answer) {
        var numbers = answer.strip().split(" ");
        return numbers[numbers.length - 1];
    }

    private void writes(Ports ports) throws Exception {
        telling.step(
                MailStory.NAME,
                "10-writes",
                "10. curlで橋に出したメールが、署名・暗号化されて相手に届く",
                "A mail that curl gives to the bridge reaches the hospital signed and encrypted",
                () -> {
                    var mail = doctor.folder().resolve("plain.eml");
                    Files.writeString(
                            mail,
                            "From: " + address + "\r\nTo: " + ForeignHospital.TARO
                                    + "\r\nSubject: via the bridge\r\n\r\nplain words of the doctor\r\n");
                    var words = new ArrayList<>(List.of("smtps://localhost:" + ports.smtp()));
                    words.addAll(credentials(token));
                    words.addAll(List.of(
                            "--mail-from",
                            address,
                            "--mail-rcpt",
                            ForeignHospital.TARO,
                            "--upload-file",
                            mail.toString()));
                    var ran = hospital.curl(words.toArray(String[]::new));
                    Files.delete(mail);
                    MailStory.expect(ran.code() == 0, ran.out());
                    var opened = hospital.opened(hospital.file("region.pem"));
                    MailStory.expect(
                            opened.contains("plain words of the doctor") && opened.contains("via the bridge"), opened);
                    return new Told<>("", "openssl cms -decrypt, cms -verify");
                });
    }

    private void mutt(Ports ports) throws Exception {
        if (MailStory.isMissing("mutt")) {
            return; // what ordinary programs need was shown with curl
        }
        telling.step(MailStory.NAME, "11-mutt", "11. muttでも読める", "mutt reads it, too", () -> {
            var rc = MailStory.secret(doctor.folder().resolve("muttrc"), """
                    set imap_user = doctor
                    set imap_pass = "%s"
                    set ssl_ca_certificates_file = "%s"
                    unset wait_key
                    set quit = yes
                    set ssl_starttls = no
                    set header_cache = ""
                    set folder = "imaps://localhost:%d/"
                    set spoolfile = "+INBOX"
                    push "<pipe-message>cat>%s<enter><exit>"
                    """.formatted(
                            token,
                            doctor.folder().resolve("mail-bridge.pem"),
                            ports.imap(),
                            doctor.folder().resolve("mutt.out")));
            var process = new ProcessBuilder("script", "-qec", "mutt -F " + rc + " -R", "/dev/null")
                    .redirectErrorStream(true)
                    .redirectOutput(doctor.folder().resolve("mutt.screen").toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            Files.deleteIfExists(rc);
            var read = doctor.folder().resolve("mutt.out");
            MailStory.expect(ended && Files.exists(read) && Files.size(read) > 0, "mutt piped a message");
            return new Told<>("", Files.size(read) + " B");
        });
    }

    private ForeignHospital.Ran imap(
            Ports ports, String token, String path, @org.jspecify.annotations.Nullable String command)
            throws Exception {
        var words = new ArrayList<>(List.of("imaps://localhost:" + ports.imap() + "/" + path));
        words.addAll(credentials(token));
        if (command != null) {
            words.addAll(List.of("--request", command));
        }
        return hospital.curl(words.toArray(String[]::new));
    }

    /// In a file: what stands on a command line, every process may read.
    private List<String> credentials(String token) throws Exception {
        Path netrc = MailStory.secret(
                doctor.folder().resolve("netrc"), "machine localhost login doctor password " + token + "\n");
        return List.of(
                "--cacert", doctor.folder().resolve("mail-bridge.pem").toString(), "--netrc-file", netrc.toString());
    }
}
