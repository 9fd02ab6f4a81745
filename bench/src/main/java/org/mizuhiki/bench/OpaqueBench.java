package org.mizuhiki.bench;

import java.io.BufferedInputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.keys.PasswordRoutes.LoginBody;
import org.mizuhiki.keys.PasswordRoutes.ProofBody;
import org.mizuhiki.keys.Passwords;
import org.mizuhiki.oprf.KeyShare;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.wire.Json;

/// Log-ins by password at the pair of servers, both steps over TLS, clients on the same machine. A client
/// computes as much as the servers do, so its threads' processor time is taken off, and what the servers
/// and their databases used for one log-in says how many two free processors would bear.
final class OpaqueBench implements Benchmark {
    private static final int CLIENTS = 16;
    private static final int POPULATION = 2000;

    /// The store forgives one evaluation an hour and gives twenty at once.
    private static final long MOST = 19L * POPULATION;

    private static final long ROUND = TimeUnit.SECONDS.toNanos(8);
    private static final int WARM = 2;
    private static final int GOAL = 1000;

    private final SecureRandom die;
    private final Clock clock;
    private final AtomicLong next = new AtomicLong();

    OpaqueBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "opaque";
    }

    /// What a round gave.
    private record Round(double rate, double milliseconds) {}

    @Override
    public List<Row> run() throws Exception {
        var folder = Files.createTempDirectory("mizuhiki-bench-");
        var rows = new ArrayList<Row>();
        double evaluations = evaluations();
        rows.add(new Row("evaluations by a share/s, one thread", evaluations, "", 0, Double.NaN));
        try (var site = new PkiSite(folder, clock, die);
                var pair = new PasswordSite(folder.resolve("pair"), site, POPULATION, clock, die)) {
            var crowd = Crowd.overTls(CLIENTS, pair.keys.port(), site.root());
            for (int i = 0; i < WARM; i++) {
                round(pair, crowd, false);
            }
            told(rows, "standing connections", evaluations, round(pair, crowd, false));
            told(rows, "a new connection each", evaluations, round(pair, crowd, true));
        } finally {
            Folders.clear(folder);
        }
        return rows;
    }

    private static void told(List<Row> rows, String how, double evaluations, Round round) {
        rows.add(new Row(
                "log-ins/s, " + how + ", " + CLIENTS + " clients on the same processors",
                round.rate(),
                "evaluations/s",
                evaluations,
                round.rate() / evaluations));
        rows.add(new Row(
                "  ms of processors a log-in: both servers and databases", round.milliseconds(), "", 0, Double.NaN));
        double bearable = 2000 / round.milliseconds();
        rows.add(new Row("  log-ins/s that fill two processors", bearable, "goal", GOAL, bearable / GOAL));
    }

    private double evaluations() {
        try (var share = KeyShare.random(die);
                var login = OpaqueClient.stock(die).register(PasswordSite.password())) {
            long done = 0;
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(3)) {
                done += share.evaluate(login.request()).size() / KeyShare.BYTES;
            }
            return done * 1e9 / (System.nanoTime() - begun);
        }
    }

    private Round round(PasswordSite pair, Crowd crowd, boolean reconnecting) throws Exception {
        var done = new AtomicLong();
        var clients = new AtomicLong();
        var before = processors();
        long begun = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(threads.submit(() -> {
                    var socket = crowd.connected();
                    while (System.nanoTime() - begun < ROUND && next.get() < MOST) {
                        if (reconnecting) {
                            socket.close();
                            socket = crowd.connected();
                        }
                        logIn(pair, socket);
                        done.incrementAndGet();
                    }
                    socket.close();
                    clients.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
                    return null;
                }));
            }
            for (var one : running) {
                one.get();
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        double servers = processors().minus(before).toNanos() - clients.get();
        return new Round(done.get() / seconds, servers / 1e6 / done.get());
    }

    private void logIn(PasswordSite pair, Socket socket) throws Exception {
        var person = pair.people.get((int) (next.getAndIncrement() % POPULATION));
        var in = new BufferedInputStream(socket.getInputStream());
        try (var login = pair.client().login(PasswordSite.password())) {
            var answered = Json.read(
                    asked(socket, in, "/v1/password/logins", new LoginBody(person, login.request())),
                    Passwords.Answered.class);
            try (var entered = login.finish(answered.ke2())) {
                asked(socket, in, "/v1/password/sessions", new ProofBody(answered.login(), entered.ke3()));
            }
        }
    }

    private static Bytes asked(Socket socket, BufferedInputStream in, String path, Object body) throws Exception {
        var request = Crowd.post(
                path, "Content-Type: application/json\r\n", Json.write(body).toArray());
        socket.getOutputStream().write(request);
        return Bytes.of(Crowd.mustBeAnswered(in));
    }

    /// Of this process and of the databases below it.
    private static Duration processors() {
        var own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return ProcessHandle.current()
                .descendants()
                .map(p -> p.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(own, Duration::plus);
    }
}
