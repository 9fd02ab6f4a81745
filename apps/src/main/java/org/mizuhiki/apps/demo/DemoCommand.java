package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.browser.Chromium;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.role.Folders;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterCheck;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.records.ProfileValidator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mizuhiki demo`: a region, its stories, the proof of what they claim; then it stays up to be tried.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "一つの機械に地域を丸ごと立ち上げ、紹介の一部始終、VPN機器の登録、機器のチップを実演します。",
            "Brings up a whole region on this machine, plays a referral from start to end, registers a VPN device, and shows what its chip does."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final String MARK = ".mizuhiki-demo";

    @Option(names = "--once", description = "実演と証明だけして終わる / stop after the stories; exit 0 only if every step held")
    boolean once;

    @Option(names = "--json", paramLabel = "FILE", description = "1手順1行のJSONを書く / one JSON object a step")
    @Nullable
    Path json;

    @Option(names = "--letter", paramLabel = "FILE", description = "自分の紹介状（FHIR R4 JSON）を使う / send your own letter")
    @Nullable
    Path letter;

    @Option(
            names = "--fhir-packages",
            paramLabel = "DIR",
            description = "国のFHIRプロファイルで検証する / validate against the national profiles in DIR")
    @Nullable
    Path fhirPackages;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description =
                    "作業フォルダー（既定は MIZUHIKI_RUN か run、--once では一時フォルダー） / where everything lies (default: MIZUHIKI_RUN or run; with --once a temporary one)")
    @Nullable
    Path folder;

    @Option(names = "--without-vpn", description = "VPNなしで / without the VPN: no routers, no tunnels")
    boolean withoutVpn;

    private @Nullable FileChannel held;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom die = new SecureRandom();

    @Override
    public Integer call() throws Exception {
        Crypto.choose();
        var form = form();
        checkLetter(form);
        var place = place();
        var telling = new Telling(System.out, Optional.ofNullable(json));
        var processes = new Processes();
        var country = country(place);
        var stopping = new CountDownLatch(1);
        var broken = new AtomicBoolean();
        var hook = Thread.ofPlatform().unstarted(() -> {
            stopping.countDown();
            processes.close();
            country.ifPresent(Country::close);
            if (once && folder == null && telling.allHeld() && !broken.get()) {
                clear(place); // what failed is left to be looked at
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            play(telling, place, processes, country, form);
        } catch (Exception e) {
            broken.set(true);
            complain(place, e);
            return 1;
        }
        if (!once) {
            stopping.await();
        }
        return telling.allHeld() ? 0 : 1;
    }

    /// Absent where there can be no tunnels, or is to be none.
    private Optional<Country> country(Path place) {
        return withoutVpn || Country.missing().isPresent()
                ? Optional.empty()
                : Optional.of(Country.up(place.resolve("lab"), die));
    }

    private void play(Telling telling, Path place, Processes processes, Optional<Country> country, LetterForm form)
            throws Exception {
        telling.chapter("地域を立ち上げる", "The region comes up");
        var machine = telling.step("region", "up", "サーバーを起動する", "The servers start", () -> {
            var launcher = new ProcessLauncher(processes, place.resolve("logs"), country);
            var up = OneMachine.start(place, launcher, clock, die);
            return new Told<>(up, up.web().toString());
        });
        try (var casting = new Casting(machine.place(), clock, die);
                var staff = new Staff(machine.place(), casting, clock, die)) {
            var cast = telling.step(
                    "region",
                    "enrolment",
                    "医師3名と患者2名が登録する（鍵は各自の端末で作る）",
                    "Three doctors and two patients enrol; keys are made on their devices",
                    () -> {
                        var all = casting.all();
                        return new Told<>(all, all.all().size() + " people");
                    });
            new EnrolmentByQr(telling, machine.place(), clock, die).tell();
            var papers =
                    SamplePapers.in(cast.doctorA().folder().resolve("papers"), Optional.ofNullable(letter), clock, die);
            var sent = new ReferralCase1(telling, cast, papers.papers(), form).tell();
            new ReferralCase2(telling, machine.place(), cast, casting.supervisor(), papers.papers(), form, clock, die)
                    .tell();
            new NothingLeft(telling, machine, cast).prove(papers.papers(), papers.words());
            new RecoveryStory(telling, machine.place(), cast, casting, clock, die).tell(papers.papers(), form);
            var registered = new RegistrationStory(telling, machine.place(), cast, clock, die).tell(staff);
            new ChipStory(telling, machine.place(), clock, die).tell();
            // the last proof took the grant back; mail programs, and whoever tries by hand, have something to open
            cast.doctorA().pocket().grants().give(sent, cast.doctorB().id(), Duration.ofDays(90), "referral");
            if (MailStory.missing().isEmpty()) {
                new MailStory(telling, machine, cast, Optional.of(sent), clock, die).tell();
            } else {
                telling.cannot(MailStory.NAME, MailStory.missing().orElse(""));
            }
            if (country.isPresent()) {
                var sites = new Sites(country.get(), processes, machine, staff, registered.parties(), clock, die);
                new VpnStory(telling, sites).tell();
                new MaintenanceStory(telling, sites).tell();
                new SessionStory(telling, sites).tell();
            } else if (!withoutVpn) {
                for (var story : List.of(VpnStory.NAME, MaintenanceStory.NAME, SessionStory.NAME)) {
                    telling.cannot(story, Country.missing().orElse(""));
                }
            }
            cost(telling, processes);
            new BlindnessStory(telling, machine.place(), processes, cast, casting, clock, die).tell(papers, form);
            var portal = PortalDoor.tell(telling, machine, cast.patient(), clock, die);
            if (Chromium.missing().isEmpty()) {
                PortalStory.Doors doors = person -> PortalDoor.open(machine, person, clock, die);
                new PortalStory(telling, doors, cast, papers.papers(), portal).tell();
            } else {
                telling.cannot(PortalDoor.NAME, Chromium.missing().orElse(""));
            }
            if (!once) {
                invite(machine, registered.file(), portal);
            }
        }
    }

    private static void cost(Telling telling, Processes processes) throws Exception {
        telling.step("region", "cost", "この地域全体が使うメモリー", "Memory of the whole region", () -> {
            var largest =
                    processes.handles().stream().mapToLong(Memory::of).max().orElse(0);
            return new Told<>(
                    "",
                    Memory.ofAll(processes.handles()) + " MiB in all, databases included; largest server " + largest
                            + " MiB");
        });
    }

    private LetterForm form() {
        return fhirPackages == null ? new DocumentRules() : ProfileValidator.over(fhirPackages);
    }

    /// Before anything is started: a letter that nobody may send would end the demo a minute later.
    private void checkLetter(LetterForm form) throws IOException {
        if (letter == null) {
            return;
        }
        if (!Files.isReadable(letter)) {
            throw Refusal.of("letter-unreadable", letter + " を読めません", letter + " cannot be read");
        }
        var check = form.check(Bytes.of(Files.readAllBytes(letter)));
        if (!(check instanceof LetterCheck.Accepted)) {
            check.findings().forEach(f -> System.err.println(f.path() + ": " + f.japanese() + " / " + f.english()));
            throw Refusal.of(
                    "letter-not-fit",
                    letter + " は紹介状として送れません（理由は上のとおり）",
                    letter + " cannot be sent; the reasons are above");
        }
    }

    private static void invite(OneMachine machine, Digest registered, PortalDoor portal) {
        var people = machine.place().folder().resolve("people");
        System.out.printf(
                """

                ■ このまま動いています（Ctrl-C で終了） / The region stays up (Ctrl-C ends it)
                  患者さんの画面 / the patient's pages:  %s
                    ID %s   パスワード / password %s
                    （この地域の証明書を知らないブラウザーは警告を出します / a browser that does not know this region's root warns）
                  状態のページ / status page:  %s
                  医師Bの受信箱 / doctor B's inbox:
                    ./mizuhiki letter list --device %s --passphrase-file %s
                  誰が開いたか / who opened it, as the patient sees it:
                    ./mizuhiki letter disclosures --device %s --passphrase-file %s
                  機器の登録の全記録 / all acts of the registration:
                    ./mizuhiki register show %s --device %s --passphrase-file %s
                """,
                portal.page(),
                portal.person(),
                portal.password(),
                machine.web(),
                people.resolve("doctor-b"),
                people.resolve("doctor-b/passphrase"),
                people.resolve("patient"),
                people.resolve("patient/passphrase"),
                registered,
                people.resolve("provider"),
                people.resolve("provider/passphrase"));
    }

    private static void complain(Path place, Exception e) {
        var reason = e instanceof Refusal r ? r.japanese() + " / " + r.english() + " (" + r.code() + ")" : e.toString();
        System.err.println("実演を続けられません / the demo cannot go on: " + reason);
        System.err.println("ログ / logs: " + place.resolve("logs"));
    }

    /// A temporary folder for one run, else `run`; what an earlier demo left there is cleared, anything
    /// else is not touched.
    private Path place() throws IOException {
        if (once && folder == null) {
            return mark(Files.createTempDirectory("mizuhiki-"));
        }
        var place = (folder != null ? folder : Path.of(System.getenv().getOrDefault("MIZUHIKI_RUN", "run")))
                .toAbsolutePath()
                .normalize();
        if (Files.exists(place.resolve(MARK))) {
            hold(place); // another demo may live there
            clear(place);
        } else if (Files.exists(place)) {
            throw Refusal.of(
                    "folder-not-empty",
                    place + " は実演のフォルダーではありません。--folder で別の場所を指定してください",
                    place + " is not a demo's folder; name another with --folder");
        }
        return mark(Files.createDirectories(place));
    }

    private Path mark(Path place) throws IOException {
        Files.setPosixFilePermissions(place, java.nio.file.attribute.PosixFilePermissions.fromString("rwx--x--x"));
        Files.createFile(place.resolve(MARK));
        return hold(place);
    }

    /// Until this process ends.
    private Path hold(Path place) throws IOException {
        if (held != null) {
            held.close();
        }
        held = FileChannel.open(place.resolve(MARK), StandardOpenOption.WRITE);
        if (held.tryLock() == null) {
            throw Refusal.of(
                    "demo-running",
                    place + " では別の実演が動いています。止めてから、または --folder で別の場所を指定して実行してください",
                    "Another demo runs in " + place + "; end it first, or name another folder with --folder");
        }
        return place;
    }

    private static void clear(Path place) {
        try {
            Folders.clear(place);
        } catch (IOException e) {
            System.err.println("cannot clear " + place + ": " + e);
        }
    }
}
