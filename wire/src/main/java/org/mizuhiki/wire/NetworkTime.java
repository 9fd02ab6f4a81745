package org.mizuhiki.wire;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far this machine's clock is from time servers': SNTP (RFC 4330), asked only, never set by. An answer is
/// not signed: whoever sits on the line can make a good clock look bad, and a bad one good.
public final class NetworkTime {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkTime.class);
    private static final int NTP = 123;
    private static final int PACKET = 48;
    private static final int MOST_SERVERS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration GOOD_FOR = Duration.ofMinutes(15);
    private static final Pattern SERVER = Pattern.compile("([A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?");

    private final List<InetSocketAddress> servers;
    private final Clock clock;
    private final SecureRandom die;
    private volatile Optional<TimeCheck> newest = Optional.empty();

    /// @param servers names or addresses, with `:port` where it is not 123; none: nothing is ever known
    /// @throws Refusal `config-invalid`
    public NetworkTime(List<String> servers, Clock clock, SecureRandom die) {
        if (servers.size() > MOST_SERVERS) {
            throw malformed();
        }
        this.servers = servers.stream().map(NetworkTime::address).toList();
        this.clock = clock;
        this.die = die;
    }

    private static InetSocketAddress address(String server) {
        var read = SERVER.matcher(server);
        if (!read.matches()) {
            throw malformed();
        }
        int port = read.group(2) == null ? NTP : Integer.parseInt(read.group(2));
        if (port < 1 || port > 0xffff) {
            throw malformed();
        }
        return InetSocketAddress.createUnresolved(read.group(1), port);
    }

    private static Refusal malformed() {
        return Refusal.of(
                "config-invalid",
                "設定の time には、時刻サーバーを5台まで「名前」または「名前:ポート」で書いてください",
                "time: in the configuration names at most five time servers, as name or name:port");
    }

    /// Asks all and takes the one in the middle, so that one server that is wrong misleads nobody; to be called
    /// every few minutes. Says loudly when the clock is off.
    public void look() {
        var found = servers.stream()
                .flatMap(s -> ask(s).stream())
                .sorted(Comparator.comparing(TimeCheck::ahead))
                .toList();
        if (found.isEmpty()) {
            if (!servers.isEmpty()) {
                LOG.warn("no time server answers; how far this clock is off is not known");
            }
            return;
        }
        var middle = found.get((found.size() - 1) / 2);
        newest = Optional.of(middle);
        if (middle.tooFar()) {
            LOG.error(
                    "THIS CLOCK IS OFF: {} ms ahead of {} (bound {} ms); records and certificates suffer, see to the"
                            + " machine's time service",
                    middle.ahead().toMillis(),
                    middle.server(),
                    TimeCheck.BOUND.toMillis());
        }
    }

    /// The last answer, as long as it says something about now.
    public Optional<TimeCheck> newest() {
        var limit = clock.instant().minus(GOOD_FOR);
        return newest.filter(check -> check.at().isAfter(limit));
    }

    /// Whether the clock is known to be off; one of which nobody knows is not.
    public boolean tooFar() {
        return newest().filter(TimeCheck::tooFar).isPresent();
    }

    private Optional<TimeCheck> ask(InetSocketAddress server) {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            // resolved each time: a name may move. Connected: from nobody else anything is taken
            socket.connect(new InetSocketAddress(server.getHostString(), server.getPort()));
            // 1. a random time as ours: the answer repeats it, and nobody off the line can guess it
            long cookie = die.nextLong() | 1;
            var sent = clock.instant();
            long start = System.nanoTime();
            socket.send(new DatagramPacket(NtpPacket.question(cookie), PACKET));
            // 2. the server's two times
            var packet = new DatagramPacket(new byte[PACKET + 1], PACKET + 1);
            socket.receive(packet);
            var came = sent.plusNanos(System.nanoTime() - start);
            var answer = NtpPacket.answer(packet.getData(), packet.getLength(), cookie, sent);
            return answer.map(a -> check(sent, a, came, server.getHostString()));
        } catch (IOException | RuntimeException e) { // away, unknown, or no answer of a time server's
            LOG.info("time server {} does not answer: {}", server.getHostString(), e.toString());
            return Optional.empty();
        }
    }

    /// RFC 4330, 5: offset and delay out of four times.
    private static TimeCheck check(Instant sent, NtpPacket.Answer answer, Instant came, String server) {
        var there = Duration.between(sent, answer.received());
        var back = Duration.between(came, answer.sent());
        var ahead = there.plus(back).dividedBy(2).negated();
        var delay = Duration.between(sent, came).minus(Duration.between(answer.received(), answer.sent()));
        return new TimeCheck(came, ahead, delay.isNegative() ? Duration.ZERO : delay.dividedBy(2), server);
    }
}
