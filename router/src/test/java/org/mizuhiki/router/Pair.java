package org.mizuhiki.router;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.NetworkSpace;
import org.mizuhiki.lab.Host;
import org.mizuhiki.lab.Lab;
import org.mizuhiki.lab.LabAuthority;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.Meeting;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.Terms;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.vpn.Zone;

/// E, behind NAT, asks A; both have the same network. Or B, whose line may be pulled, in E's place. Their routers'
/// engines and packet policies run in the
/// lab, and what is agreed between the two is said here.
final class Pair implements AutoCloseable {
    static final String CONNECTION = "0123456789abcdef0123456789abcdef";
    static final Instant NOW = Instant.parse("2026-04-01T00:00:00Z");
    static final Duration SOON = Duration.ofSeconds(15);
    static final int PORT = 5000;
    static final SecureRandom DIE = new SecureRandom();
    static final InstitutionCode PROVIDER = new InstitutionCode("1319900041");
    private static final Terms TERMS = new Terms(Duration.ofHours(1), Duration.ofMinutes(5), Duration.ofMinutes(10));

    final Lab lab;
    final LabAuthority authority;
    final LabAuthority.Papers centre;
    LabRouter e;
    final LabRouter a;

    /// Where else than at first a router is now.
    final Map<LabRouter, String> moved = new HashMap<>();

    /// How the centre says that they meet; absent: by IPv4, E begins.
    Optional<Meeting> met = Optional.empty();

    /// Both IPv4 and IPv6 are agreed on.
    boolean dual;

    private Pair(Lab lab, String asks) {
        this.lab = lab;
        authority = LabAuthority.found(lab.folder().resolve("ca"), "Service CA");
        e = LabRouter.start(lab, lab.site(asks), authority);
        a = LabRouter.start(lab, lab.site("a"), authority);
        centre = authority.issue("centre");
        var list = authority.revoking();
        List.of(e, a).forEach(r -> r.engine().loadRevocations(list));
    }

    /// Skips the test where there can be no tunnels.
    static Pair inTheLab() throws Exception {
        return inTheLab("e", "");
    }

    /// @param asks site of the router that asks A
    /// @param third another site, without a router yet; may be empty
    static Pair inTheLab(String asks, String third) throws Exception {
        var missing = LabRouter.missing();
        assumeTrue(missing.isEmpty(), () -> "real tunnels are skipped: " + missing.orElse(""));
        var sites = Lab.SEED.stream()
                .filter(s -> List.of("a", asks, third).contains(s.name()))
                .toList();
        return new Pair(Lab.up(Files.createTempDirectory("mz"), sites, DIE), asks);
    }

    /// The centre's certificate and key, by which it signs.
    Author signer() {
        return author(centre);
    }

    static Author author(LabAuthority.Papers papers) {
        var key = papers.key().resolveSibling(papers.key().getFileName() + ".p8");
        NetworkSpace.OWN.run(
                "openssl",
                "pkcs8",
                "-topk8",
                "-nocrypt",
                "-inform",
                "DER",
                "-in",
                papers.key().toString(),
                "-outform",
                "DER",
                "-out",
                key.toString());
        try {
            var read = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(key)));
            return new Author(read, List.of(KeyFiles.certificate(papers.certificate())));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Member.Service member(LabRouter router) {
        return new Member.Service(
                switch (router.site().name()) {
                    case "a" -> "1319900116";
                    case "c" -> "1319900124";
                    default -> "1319900140";
                },
                "medical-vpn",
                new Member.Device("v", "m", "1"));
    }

    static UniformPolicy uniform() {
        return new UniformPolicy(
                PROVIDER,
                NOW.minusSeconds(60),
                NOW.plus(Duration.ofDays(1)),
                "1".repeat(32),
                Proposals.usual(),
                List.of(service()),
                List.of(new UniformPolicy.Group("referrals", List.of("referral"))),
                Network.parse("10.96.0.0/12"),
                50);
    }

    static Service service() {
        var openings = List.of(new Service.Opening(Service.Protocol.TCP, PORT, PORT, true));
        return new Service("referral", ServiceClass.EXCHANGE, Zone.SECURE, Zone.SECURE, openings, 10, TERMS);
    }

    static SubscriberPolicy policy(LabRouter router, SubscriberPolicy.Answer answer) {
        var rule = new SubscriberPolicy.Rule(
                "colleagues",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                SubscriberPolicy.Way.BOTH,
                Optional.empty(),
                answer,
                List.of(),
                TERMS);
        return new SubscriberPolicy(
                new InstitutionCode(member(router).subscriber()),
                // a refusal comes a second later than the consent that it takes back
                answer == SubscriberPolicy.Answer.NEVER ? NOW.minusSeconds(30) : NOW.minusSeconds(60),
                NOW.plus(Duration.ofDays(1)),
                "2".repeat(32),
                member(router),
                List.of(
                        new SubscriberPolicy.SiteNetwork(network(router), Zone.SECURE),
                        new SubscriberPolicy.SiteNetwork(network6(router), Zone.SECURE)),
                List.of(rule));
    }

    /// @param secondsAgo of several about one router the latest counts
    static Membership member(LabRouter router, int secondsAgo, Instant until) {
        return new Membership(
                PROVIDER, NOW.minusSeconds(secondsAgo), until, "3".repeat(32), "referrals", member(router));
    }

    static Membership member(LabRouter router, int secondsAgo) {
        return member(router, secondsAgo, NOW.plus(Duration.ofDays(1)));
    }

    static Network network6(LabRouter router) {
        return Network.parse(Cidr.of("fd4d:" + router.site().number() + "::/64").toString());
    }

    private static Network network(LabRouter router) {
        return Network.parse(router.site().network().toString());
    }

    ConnectionInformation.End end(LabRouter router, String shown, Bytes ppk) {
        var address = new ConnectionInformation.Address(
                moved.getOrDefault(router, lab.address(router.site()).getHostAddress()), 500, false);
        var place = met.map(m -> router.equals(e) ? m.asking() : m.asked());
        var four = new Translated(network(router), Network.parse(shown));
        var six = new Translated(network6(router), network6(router));
        var consent = policy(router, SubscriberPolicy.Answer.AUTOMATIC).id();
        return new ConnectionInformation.End(
                member(router),
                router.papers().certificate().sha256(),
                Optional.of(place.map(Meeting.Place::address).orElse(address)),
                dual ? List.of(four, six) : List.of(four),
                ppk,
                new ConnectionInformation.Consent(consent, "colleagues", Optional.empty()),
                place.flatMap(Meeting.Place::other));
    }

    ConnectionInformation information(long serial, String ppkId) {
        return information(serial, ppkId, Bytes.utf8("sealed to E"), Bytes.utf8("sealed to A"));
    }

    ConnectionInformation information(long serial, String ppkId, Bytes toE, Bytes toA) {
        return information(serial, ppkId, toE, toA, CONNECTION);
    }

    ConnectionInformation information(long serial, String ppkId, Bytes toE, Bytes toA, String connection) {
        return new ConnectionInformation(
                met.map(Meeting::form).orElse(ConnectionInformation.FORM),
                connection,
                serial,
                NOW.plusSeconds(serial),
                NOW,
                NOW.plus(Duration.ofMinutes(30)),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10),
                Digest.of((byte) 2),
                uniform().id(),
                "referrals",
                service(),
                Proposals.usual(),
                met.map(Meeting::initiator).orElse(Initiator.ASKING),
                ppkId,
                end(e, "10.105.12.0/24", toE),
                end(a, "10.101.12.0/24", toA));
    }

    /// From E to A's host.
    boolean reaches() throws Exception {
        return reaches("10.101.12.2");
    }

    boolean reachesAtOnce() throws Exception {
        return reachesAtOnce("10.101.12.2");
    }

    boolean reachesAtOnce(String address) throws Exception {
        return new Host(lab.host(e.site())).reachesAtOnce(InetAddress.ofLiteral(address), PORT);
    }

    boolean reaches(String address) throws Exception {
        return new Host(lab.host(e.site())).reaches(InetAddress.ofLiteral(address), PORT);
    }

    AutoCloseable echo() throws Exception {
        return new Host(lab.host(lab.site("a"))).echo(PORT);
    }

    @Override
    public void close() {
        List.of(e, a).forEach(LabRouter::close);
        lab.close();
    }
}
