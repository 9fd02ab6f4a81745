package org.mizuhiki.bench;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.mizuhiki.centre.Channel;
import org.mizuhiki.centre.Order;
import org.mizuhiki.centre.RemoteRouterDesk;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peer;

/// Routers that wait for orders, each over a TLS connection of its own with its own certificate, by the same
/// code as a real one; what they are told to build they count.
final class StandingRouters implements AutoCloseable {
    private final List<Thread> channels = new ArrayList<>();
    private final ConcurrentHashMap<Integer, Long> answered = new ConcurrentHashMap<>();
    private final AtomicLong orders = new AtomicLong();
    private final int many;

    /// @param sealing a key to which PPKs are sealed; nobody opens them here
    StandingRouters(List<Identity> routers, Bytes sealing, Function<Identity, Peer> centre, SecureRandom die) {
        many = routers.size();
        for (int i = 0; i < many; i++) {
            int router = i;
            var desk = new RemoteRouterDesk(centre.apply(routers.get(i)));
            channels.add(Thread.ofVirtual().start(() -> {
                new Channel(new Heard(desk, router, sealing), RouterDesk.Done.NOTHING, this::counted, _ -> {}, die)
                        .run();
            }));
        }
    }

    private void counted(Order order) {
        if (order.connect().isPresent() || order.cut().isPresent()) {
            orders.incrementAndGet();
        }
    }

    long orders() {
        return orders.get();
    }

    /// Notes when the centre answered; where it is the router tells before it asks for the first time, and
    /// after every failure.
    private final class Heard implements RouterDesk {
        private final RouterDesk desk;
        private final int router;
        private final Bytes sealing;
        private boolean known;

        Heard(RouterDesk desk, int router, Bytes sealing) {
            this.desk = desk;
            this.router = router;
            this.sealing = sealing;
        }

        @Override
        public Seen locate(Location location) {
            return desk.locate(location);
        }

        @Override
        public List<Order> orders(Done last) {
            if (!known) {
                desk.locate(new Location("127.0.0.1", sealing));
                known = true;
                answered.put(router, System.nanoTime());
            }
            try {
                return desk.orders(last);
            } catch (RuntimeException e) {
                known = false;
                throw e;
            }
        }

        @Override
        public void report(Report report) {
            desk.report(report);
        }

        @Override
        public void log(org.mizuhiki.centre.SignedBatch batch) {
            desk.log(batch);
        }
    }

    /// When all have been answered after this moment: seconds until half and until the last of them.
    double[] back(long since) throws InterruptedException {
        while (answered.values().stream().filter(at -> at - since > 0).count() < many) {
            Thread.sleep(Duration.ofMillis(20));
        }
        var times = answered.values().stream()
                .mapToDouble(at -> (at - since) / 1e9)
                .sorted()
                .toArray();
        return new double[] {times[times.length / 2], times[times.length - 1]};
    }

    static Member.Service name(int number) {
        return new Member.Service(
                "13%08d".formatted(number), "medical-vpn", new Member.Device("acme", "R-1", "S" + number));
    }

    @Override
    public void close() {
        channels.forEach(Thread::interrupt);
        try {
            for (var channel : channels) {
                channel.join(Duration.ofSeconds(15));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
