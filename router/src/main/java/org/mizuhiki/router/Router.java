package org.mizuhiki.router;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mizuhiki.centre.Channel;
import org.mizuhiki.centre.Order;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.centre.RouterDesk.Happened;
import org.mizuhiki.centre.RouterDesk.Report;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Happening;
import org.mizuhiki.ike.State;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.vpn.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One router at work: tells the centre where it is, carries out what the centre says if its own side agreed
/// to it, and keeps what runs running while engine, centre or this program are away. Closing it leaves
/// tunnels and rules as they are, for the next start to take over.
public final class Router implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    /// Where a router behind NAT is, the centre sees by its asking only.
    private static final Duration SHOW_ITSELF = Duration.ofSeconds(30);

    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final Duration ENGINE_PAUSE = Duration.ofMillis(200);
    private static final int ENGINE_ATTEMPTS = 25;

    private final Site site;
    private final RouterDesk desk;
    private final Around around;
    private final Kept kept;
    private final Papers papers;
    private final Consent consent;
    private final Agent agent;
    private final Reports reports;
    private final Records records;
    private final Raising raising;
    private final Thread[] threads;
    private volatile Opener.XWing opener;
    private volatile List<String> toldHosts = List.of();
    private volatile Bytes toldCertificate = Bytes.of();
    private volatile Instant toldAt = Instant.EPOCH;
    private final AtomicBoolean replacing = new AtomicBoolean();
    private volatile boolean closed;

    /// A connection as an institution sees it at its own access point.
    public record Live(Verdict.Good good, Optional<State> tunnel) {}

    /// Begins work.
    ///
    /// @param folder the router's own; see [Kept] and [Papers]
    /// @throws Refusal what keeps engine or rules from coming up
    public static Router start(Path folder, Site site, RouterDesk desk, Around around) {
        return new Router(folder, site, desk, around);
    }

    private Router(Path folder, Site site, RouterDesk desk, Around around) {
        this.site = site;
        this.desk = desk;
        this.around = around;
        this.kept = new Kept(folder);
        this.papers = new Papers(folder.resolve("papers"), around.check(), around.provider(), around.self());
        this.opener = around.seals().newReaderKey();
        // 1. what was agreed to stays open without a gap, and nothing else is; before the engine has a say
        var agreed = kept.agreed(around.self());
        var policy = site.enforce(agreed.stream().map(Accepted::passage).toList());
        // 2. the engine that outlived us, or a new one
        var engine = site.start();
        this.agent = new Agent(engine, policy);
        agreed.forEach(a -> agent.adopt(a, now()));
        this.consent = new Consent(around, papers, kept, agent);
        this.reports = new Reports(desk, this::heard);
        this.records = new Records(folder.resolve("records"), desk, around);
        this.raising = new Raising(agent, around.die(), this::gaveUp);
        engine.listen(this::happened);
        agent.dropOthers();
        // 3. the centre: ends that it has not heard of, where we are, its orders
        kept.untold().forEach((connection, why) -> reports.add(report(connection, Happened.DOWN, Optional.of(why))));
        agreed.forEach(a -> raising.raiseAgain(a.connection()));
        this.threads = new Thread[] {
            Thread.ofVirtual().name("tend").start(() -> Turns.until(() -> closed, this::endWhatIsOver, this::tidy)),
            // apart from the others: a centre that answers late must not keep what is over running
            Thread.ofVirtual().name("tell").start(() -> Turns.until(() -> closed, this::showItself, this::record)),
            Thread.ofVirtual().name("orders").start(this::followOrders)
        };
    }

    private void followOrders() {
        while (!closed) {
            try {
                new Channel(desk, kept.last(), this::carryOut, kept::done, around.die()).run();
            } catch (RuntimeException e) { // a full disk, or a stop in the middle: the order comes again
                if (closed) {
                    return;
                }
                LOG.error("orders cannot be followed, next try in {}: {}", Turns.PAUSE, e.toString());
                Turns.pause(Turns.PAUSE);
            }
        }
    }

    /// One order; it never comes again, whatever it led to.
    void carryOut(Order order) {
        papers.take(order.papers());
        try {
            order.cut().ifPresent(connection -> end(connection, Optional.empty()));
            if (order.connect().isPresent() && order.partner().isPresent()) {
                build(order.connect().get(), order.partner().get());
            }
        } catch (Refusal e) {
            LOG.warn("order {} is not carried out: {} ({})", order.number(), e.english(), e.code());
        } catch (UncheckedIOException e) {
            throw e; // a full disk: it comes again
        } catch (RuntimeException e) {
            LOG.error("order {} could not be carried out", order.number(), e);
        }
    }

    private void build(SignedInformation signed, Bytes partner) {
        // 1. the centre's word
        var information = signed.open(around.validator(), now());
        try {
            // 2. the own side's consent, from papers checked here
            switch (consent.verify(information, own(), now())) {
                case Verdict.Bad(var why) -> {
                    LOG.warn("connection {} is refused: {} ({})", information.connection(), why.english(), why.rule());
                    refuse(information, why.rule());
                }
                case Verdict.Good good -> build(good, partner);
            }
        } catch (Refusal e) {
            LOG.warn("connection {} cannot be built: {}", information.connection(), e.getMessage());
            refuse(information, e.code());
        }
    }

    private void build(Verdict.Good good, Bytes partner) {
        var certificate = KeyFiles.certificate(partner);
        // 3. whose certificate it is: the centre says its digest, the own side agreed to a name
        if (!around.who().apply(certificate).equals(good.partner().router())) {
            throw Refusal.of(
                    "partner-other-router",
                    "相手の証明書は、同意した相手のVPN機器のものではありません。接続しません",
                    "The partner's certificate is not that of the router that was agreed to; nothing is connected");
        }
        // 4. one that was revoked meanwhile is none, whatever the centre says
        around.standing().check(certificate);
        var accepted = new Accepted(good, own(), partner, around.issuer().apply(certificate));
        agent.check(accepted);
        // 5. out of this router's slot
        try (var ppk = around.seals().unwrap(new Slot(opener.keyId(), good.own().ppk()), opener)) {
            // 6. durable before anything of it stands: its number is never taken twice
            kept.keep(accepted);
            // 7. rules, PPK, tunnel; who begins tries until the other is as far
            prepare(accepted, ppk);
            raising.raise(accepted.connection());
        } catch (Refusal e) {
            if (!e.code().equals("seal-broken")) {
                throw e;
            }
            // sealed to the key of an earlier run: the centre makes another as soon as it knows the new key
            toldAt = Instant.EPOCH;
        }
    }

    private void prepare(Accepted accepted, Secret ppk) {
        try {
            for (int attempt = 0; ; attempt++) {
                try {
                    agent.prepare(accepted, ppk, now());
                    return;
                } catch (Refusal e) {
                    if (!e.code().equals("engine-away") || attempt == ENGINE_ATTEMPTS) {
                        throw e;
                    }
                    Turns.pause(ENGINE_PAUSE); // the next engine is coming up
                }
            }
        } catch (Refusal e) {
            LOG.warn("connection {} cannot be built and ends: {}", accepted.connection(), e.getMessage());
            end(accepted.connection(), Optional.of(e.code()));
        }
    }

    /// One that runs goes on with what it has: a serial that does not hold changes nothing.
    private void refuse(ConnectionInformation information, String why) {
        if (!agent.has(information.connection())) {
            reports.add(report(information.connection(), Happened.REFUSED, Optional.of(why)));
        }
    }

    /// Ends a connection here and now, the centre being there or not; it hears of it when it can.
    ///
    /// @throws Refusal `connection-unknown`
    public void cut(String connection) {
        if (!agent.has(connection)) {
            throw Refusal.of("connection-unknown", "その接続はこの機器で動いていません", "No such connection runs at this router");
        }
        end(connection, Optional.of("cut-at-router"));
    }

    private void end(String connection, Optional<String> why) {
        raising.forget(connection);
        // neither a full disk nor an engine that is away keeps anybody from cutting, or the centre from hearing
        try {
            kept.ended(connection, why);
        } finally {
            try {
                agent.end(connection);
            } finally {
                why.ifPresent(w -> reports.add(report(connection, Happened.DOWN, why)));
            }
        }
    }

    /// Takes what a system of this site saw of a connection, at its origin or where it was accessed, for the
    /// records of this router; durable when this returns.
    ///
    /// @throws Refusal `connection-unknown`, `log-malformed`, `log-full`
    public void handIn(String connection, List<RouterDesk.LogLine> lines) {
        records.told(connection, lines);
    }

    /// Who speaks with whom over which connection now, with the bytes so far.
    public List<RouterDesk.LogLine> passing() {
        return Records.passing(site.conversations(), agent.connections(), now());
    }

    /// How many records the centre has not acknowledged yet.
    public int unheard() {
        return records.unheard();
    }

    /// Batches of records that the centre refused.
    public List<RefusedBatch> refusedRecords() {
        return records.refusedRecords();
    }

    /// What runs at this access point now.
    public List<Live> live() {
        return agent.connections().stream()
                .map(a -> new Live(a.good(), agent.state(a.connection())))
                .toList();
    }

    /// New revocation lists (DER): what runs with somebody who stands no more ends, also while the centre is
    /// away. A live tunnel does not notice a list by itself.
    public void revocations(List<Bytes> lists) {
        for (var accepted : agent.connections()) {
            try {
                around.standing().check(KeyFiles.certificate(accepted.partner()));
            } catch (Refusal e) {
                // lists that are too old cut nothing: what both sides agreed to lives on while the authority is away
                if (e.code().equals("certificate-revoked")) {
                    end(accepted.connection(), Optional.of("certificate-not-good"));
                }
            }
        }
        agent.loadRevocations(lists);
    }

    /// On the engine's own thread: nothing here asks the engine.
    private void happened(Happening happening) {
        switch (happening) {
            case Happening.Up(var name) -> reports.add(report(name, Happened.UP, Optional.empty()));
            case Happening.Down(var name) -> raising.raise(name);
            case Happening.EngineAway _ -> Thread.ofVirtual().name("engine").start(this::anotherEngine);
            case Happening.Renewed _, Happening.Moved _ -> {}
        }
    }

    /// The engine has died: the next one gets all that is known; PPKs that only the old one knew are asked
    /// for anew.
    private void anotherEngine() {
        if (replacing.getAndSet(true)) {
            return; // one at a time, or two would stop each other's engine
        }
        try {
            while (!closed && !replaced()) {
                Turns.pause(Turns.PAUSE);
            }
        } finally {
            replacing.set(false);
        }
    }

    private boolean replaced() {
        try {
            var engine = site.start();
            var lost = agent.resume(engine);
            engine.listen(this::happened);
            if (!lost.isEmpty()) {
                LOG.warn("the PPKs of {} connections are gone with the engine; the centre makes others", lost.size());
                renewOpener();
            }
            agent.connections().forEach(a -> raising.raise(a.connection()));
            return true;
        } catch (RuntimeException e) {
            LOG.error("the engine does not come up again, next try in {}: {}", Turns.PAUSE, e.toString());
            return false;
        }
    }

    private void renewOpener() {
        var old = opener;
        opener = around.seals().newReaderKey();
        old.seed().close();
        toldAt = Instant.EPOCH;
    }

    /// Time over, idle; or taken out of the group, also when the centre says no word of it.
    private void endWhatIsOver() {
        agent.connections().stream()
                .map(Accepted::information)
                .filter(i -> consent.isWithdrawn(i, now()))
                .forEach(i -> Turns.take(() -> end(i.connection(), Optional.of("membership-over"))));
        agent.over(now()).forEach((connection, why) -> Turns.take(() -> end(connection, Optional.of(why))));
    }

    private void tidy() {
        kept.tidy(now());
        papers.readKept();
        papers.tidy(now());
    }

    private void record() {
        records.look(site.conversations(), agent.connections(), now());
    }

    /// At the start, on every change, and now and then, as a NAT on the way changes unseen.
    private void showItself() {
        var hosts = around.hosts().get();
        var certificate = own();
        boolean news = !hosts.equals(toldHosts) || !certificate.equals(toldCertificate);
        if (news || !now().isBefore(toldAt.plus(SHOW_ITSELF))) {
            var other = hosts.stream().skip(1).findFirst();
            desk.locate(new RouterDesk.Location(hosts.getFirst(), opener.publicKey(), Optional.of(now()), other));
            toldHosts = hosts;
            toldCertificate = certificate;
            toldAt = now();
        }
    }

    /// Could not be brought up for long; one that was up before is tried on and on.
    private void gaveUp(String connection, String why) {
        end(connection, Optional.of(why));
    }

    private void heard(Report report) {
        if (report.happened() == Happened.DOWN) {
            kept.ended(report.connection(), Optional.empty());
        }
    }

    private Report report(String connection, Happened happened, Optional<String> reason) {
        return new Report(connection, happened, reason, now());
    }

    private Bytes own() {
        X509Certificate certificate = around.certificate().get();
        return KeyFiles.encoded(certificate);
    }

    private Instant now() {
        return around.clock().instant();
    }

    @Override
    public void close() {
        closed = true;
        raising.close();
        reports.close();
        try {
            for (var thread : threads) {
                thread.interrupt();
                thread.join(FAREWELL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        agent.close();
        opener.seed().close();
    }
}
