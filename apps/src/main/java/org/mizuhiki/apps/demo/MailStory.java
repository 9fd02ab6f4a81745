package org.mizuhiki.apps.demo;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.apps.command.MailSession;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.demo.thief.MarkerSearch;
import org.mizuhiki.bridge.Tokens;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.mail.NewMail;
import org.mizuhiki.mail.ReadMail;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.trust.KeyFiles;

/// Ordinary mail with a hospital of another PKI, played by openssl and curl: in, out, and by the bridge.
final class MailStory {
    static final String NAME = "mail-interop";
    private static final String WORDS = "診断のご相談です。marker-of-the-mail-story";
    private static final String ANSWER = "ご相談ありがとうございます。";

    private final Telling telling;
    private final OneMachine machine;
    private final Cast cast;
    private final Optional<Digest> letter;
    private final Clock clock;
    private final SecureRandom die;
    private final Path folder;

    /// @param letter a sealed letter that doctor B may open
    MailStory(Telling telling, OneMachine machine, Cast cast, Optional<Digest> letter, Clock clock, SecureRandom die) {
        this.telling = telling;
        this.machine = machine;
        this.cast = cast;
        this.letter = letter;
        this.clock = clock;
        this.die = die;
        this.folder = machine.place().folder().resolve("hospital");
    }

    static Optional<String> missing() {
        return Stream.of("openssl", "curl").filter(MailStory::isMissing).findFirst();
    }

    static boolean isMissing(String program) {
        return Stream.of("/usr/bin/", "/bin/", "/usr/local/bin/")
                .noneMatch(place -> Files.isExecutable(Path.of(place + program)));
    }

    void tell() throws Exception {
        telling.chapter("他のPKIとのメール", "Mail with another PKI");
        var doctor = cast.doctorB();
        try (var hospital = new ForeignHospital(folder, die)) {
            setUp(hospital);
            try (var connection = Region.connect(machine.region(), Optional.of(doctor.device()), clock, die);
                    var session =
                            MailSession.open(doctor.device(), connection.region(), machine.region(), clock, die)) {
                var address = opened(session, hospital);
                in(session, hospital, address);
                warned(session, hospital, address);
                out(session, hospital);
                atRest();
                new BridgeStory(telling, hospital, doctor, cast.patient(), letter, address, tokens(doctor)).tell();
            }
        }
    }

    private void setUp(ForeignHospital hospital) throws Exception {
        telling.step(
                NAME,
                "1-foreign-pki",
                "1. 運営者が他院のルートを信頼し、メールサーバーを動かす",
                "The operator trusts the hospital's root; the mail server starts",
                () -> {
                    var roots = machine.region().trust().roots();
                    Files.writeString(folder.resolve("region.pem"), KeyFiles.pem(roots));
                    machine.place()
                            .operate(
                                    "authority",
                                    "trust-root",
                                    Map.of(
                                            "certificate",
                                            hospital.file("ca.pem")
                                                    .toAbsolutePath()
                                                    .toString(),
                                            "purposes",
                                            "mail-signing,mail-encryption",
                                            "domains",
                                            ForeignHospital.DOMAIN,
                                            "hosts",
                                            "localhost",
                                            "until",
                                            "2099-01-01",
                                            "by",
                                            "山田",
                                            "reason",
                                            "連携"));
                    machine.startEdge(hospital.asPartner());
                    return new Told<>("", ForeignHospital.DOMAIN);
                });
    }

    private String opened(MailSession session, ForeignHospital hospital) throws Exception {
        return telling.step(
                NAME,
                "2-mailbox",
                "2. 医師Bがメールボックスを開き、相手は証明書を受け取る",
                "Doctor B opens a mailbox; anybody fetches its certificate",
                () -> {
                    var address = session.mail().open();
                    var fetched = hospital.curl(
                            machine.edge() + "/mail/" + address,
                            "--cacert",
                            folder.resolve("region.pem").toString());
                    expect(fetched.code() == 0 && fetched.out().contains("BEGIN CERTIFICATE"), fetched.out());
                    Files.writeString(folder.resolve("doctor.pem"), fetched.out());
                    return new Told<>(address, address);
                });
    }

    private void in(MailSession session, ForeignHospital hospital, String address) throws Exception {
        telling.step(
                NAME,
                "3-in",
                "3. opensslで署名・暗号化したメールをcurlが届け、署名者を確かめて読む",
                "A mail signed and encrypted by openssl, brought by curl, is read with its signer checked",
                () -> {
                    var mail = hospital.mail("taro", address, WORDS, "doctor.pem");
                    expect(bring(hospital, mail, address) == 0, "the mail was taken");
                    expect(bring(hospital, mail, address) == 0, "a repetition is taken");
                    expect(session.mail().arrived(0).size() == 1, "and kept once");
                    var read = newest(session);
                    expect(read.signature().code().equals("signed"), read.explained());
                    expect(
                            read.text().contains(WORDS) && read.closed().isPresent(),
                            "the words are those that were sent");
                    expect(
                            session.mail().partners().find(ForeignHospital.TARO).isPresent(),
                            "the certificate was learned");
                    return new Told<>(
                            "",
                            read.signature().english() + " / " + read.closed().orElse(""));
                });
    }

    private void warned(MailSession session, ForeignHospital hospital, String address) throws Exception {
        telling.step(
                NAME,
                "4-warned",
                "4. 知らないルート・改ざん・暗号化なし・宛先違いは、そのとおりに告げるか断る",
                "Unknown roots, changes, clear mail and wrong keys are told or refused as what they are",
                () -> {
                    expect(
                            bring(hospital, hospital.mail("impostor", address, WORDS, "doctor.pem"), address) == 0,
                            "taken");
                    var impostor = newest(session).signature();
                    expect(impostor.code().equals("stranger-no-root"), impostor.code());
                    var clear = hospital.mail("taro", address, WORDS);
                    expect(bring(hospital, clear, address) == 0, "taken");
                    expect(newest(session).closed().isEmpty(), "told to have come in the clear");
                    Files.writeString(
                            clear,
                            Files.readString(clear).replace("marker-of-the-mail-story", "marker-of-a-forged-story"));
                    var forged = Files.readString(clear).replace("Message-ID: <", "Message-ID: <forged.");
                    Files.writeString(clear, forged);
                    expect(bring(hospital, clear, address) == 0, "taken");
                    var broken = newest(session).signature();
                    expect(broken.code().equals("signature-broken"), broken.code());
                    expect(bring(hospital, hospital.mail("taro", address, WORDS, "taro.pem"), address) != 0, "refused");
                    expect(bring(hospital, clear, "p-0000-0000-0000@" + domain(address)) != 0, "nobody of that name");
                    return new Told<>("", impostor.code() + ", " + broken.code());
                });
    }

    private void out(MailSession session, ForeignHospital hospital) throws Exception {
        telling.step(
                NAME,
                "5-out",
                "5. 医師Bの返事を相手のサーバーが受け、opensslが復号・検証する",
                "Doctor B's answer reaches the hospital's server; openssl decrypts and verifies it",
                () -> {
                    session.mail()
                            .send(
                                    session.mail().newId(),
                                    ForeignHospital.TARO,
                                    "返事",
                                    NewMail.entity(ANSWER, List.of(), die));
                    var opened = hospital.opened(folder.resolve("region.pem"));
                    var base64 =
                            java.util.Base64.getMimeEncoder().encodeToString(ANSWER.getBytes(StandardCharsets.UTF_8));
                    expect(opened.contains(base64), "openssl reads what the doctor wrote: " + opened);
                    try {
                        session.mail()
                                .send(
                                        session.mail().newId(),
                                        "jiro@" + ForeignHospital.DOMAIN,
                                        "返事",
                                        NewMail.entity(ANSWER, List.of(), die));
                        throw new IllegalStateException("sent without a certificate");
                    } catch (Refusal refusal) {
                        return new Told<>("", "openssl cms -verify; " + refusal.code());
                    }
                });
    }

    /// Also what came in the clear, and headers.
    private void atRest() throws Exception {
        telling.step(
                NAME,
                "6-at-rest",
                "6. メールサーバーの表・ファイル・ログに、本文も件名もない",
                "Neither words nor subjects lie in the mail server's tables, files or logs",
                () -> {
                    var search = new MarkerSearch();
                    search.add("words", "marker-of-the-mail-story");
                    search.add("forged words", "marker-of-a-forged-story");
                    search.add("subject", "consultation");
                    var dump = machine.place().folder().resolve("edge-tables");
                    machine.place()
                            .operate(
                                    OneMachine.EDGE,
                                    "backup",
                                    Map.of("to", dump.toAbsolutePath().toString()));
                    var places = Stream.of(dump, machine.place().folder().resolve(OneMachine.EDGE))
                            .filter(Files::exists)
                            .toList();
                    var findings = search.search(places);
                    expect(findings.found().isEmpty(), findings.found().toString());
                    return new Told<>("", findings.files() + " files");
                });
    }

    /// Made as by `mizuhiki mail token add`.
    private String tokens(Cast.Player doctor) throws Exception {
        try (var token = new Tokens(doctor.folder(), clock, die).add("story")) {
            return token.lend(t -> new String(t, StandardCharsets.US_ASCII));
        }
    }

    private int bring(ForeignHospital hospital, Path mail, String to) throws Exception {
        return hospital.bring(mail, to, machine.smtps(), folder.resolve("region.pem"));
    }

    private static ReadMail newest(MailSession session) {
        return session.mail().read(session.mail().arrived(0).getLast().number());
    }

    private static String domain(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }

    /// What only its owner may read.
    static Path secret(Path file, String content) throws java.io.IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }
}
