package org.mizuhiki.router;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.centre.RouterDesk.Report;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the centre what became of connections, one after the other, until it has heard: nothing waits for
/// it, and a centre that is away hears it later.
final class Reports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int MOST = 10_000;

    /// The centre knows that it is over, or says that the report is of no use: it has heard.
    private static final Set<String> HEARD = Set.of("connection-unknown", "report-malformed");

    private final RouterDesk desk;
    private final Consumer<Report> heard;
    private final LinkedBlockingQueue<Report> waiting = new LinkedBlockingQueue<>(MOST);
    private final Thread teller;

    Reports(RouterDesk desk, Consumer<Report> heard) {
        this.desk = desk;
        this.heard = heard;
        this.teller = Thread.ofVirtual().name("reports").start(this::tell);
    }

    void add(Report report) {
        if (!waiting.offer(report)) {
            LOG.warn("too many reports wait for the centre; this one is told after the next start: {}", report);
        }
    }

    private void tell() {
        try {
            while (true) {
                var report = waiting.take();
                while (!told(report)) {
                    Thread.sleep(AGAIN);
                }
                remember(report);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A disk that is full: it is told again after the next start, which does no harm.
    private void remember(Report report) {
        try {
            heard.accept(report);
        } catch (RuntimeException e) {
            LOG.warn("cannot be noted as told: {}", e.toString());
        }
    }

    private boolean told(Report report) {
        try {
            desk.report(report);
            return true;
        } catch (Refusal e) {
            return HEARD.contains(e.code());
        } catch (RuntimeException e) {
            LOG.error("a report could not be told", e);
            return false;
        }
    }

    @Override
    public void close() {
        teller.interrupt();
    }
}
