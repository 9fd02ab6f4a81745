package org.mizuhiki.vpn;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation.Address;
import org.mizuhiki.vpn.ConnectionInformation.Consent;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.Service.Opening;
import org.mizuhiki.vpn.Service.Protocol;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.SubscriberPolicy.Rule;
import org.mizuhiki.vpn.SubscriberPolicy.SiteNetwork;
import org.mizuhiki.vpn.SubscriberPolicy.Way;

/// Two clinics and a provider, and what they say.
final class Pretend {
    static final SecureRandom DIE = new SecureRandom();
    static final Instant NOW = Instant.parse("2026-11-24T01:00:00Z"); // a Tuesday, 10 o'clock in Japan
    static final InstitutionCode PROVIDER = new InstitutionCode("1319900041");
    static final InstitutionCode A = new InstitutionCode("1319900017");
    static final InstitutionCode B = new InstitutionCode("2710000001");
    static final Terms DAY = new Terms(Duration.ofHours(8), Duration.ofMinutes(30), Duration.ofHours(1));

    static final Digest PRIVACY = Bytes.utf8("how we treat personal data").sha256();

    private Pretend() {}

    static String nonce() {
        var raw = new byte[16];
        DIE.nextBytes(raw);
        return HexFormat.of().formatHex(raw);
    }

    static Member.Service router(InstitutionCode of) {
        return new Member.Service(of.value(), "medical-vpn", new Member.Device("acme", "R-1", "S" + of.value()));
    }

    static Service referral() {
        var opening = new Opening(Protocol.TCP, 443, 443, true);
        return new Service("referral", ServiceClass.EXCHANGE, Zone.SECURE, Zone.SECURE, List.of(opening), 0, DAY);
    }

    static UniformPolicy uniform() {
        return new UniformPolicy(
                PROVIDER,
                NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(300)),
                nonce(),
                Proposals.usual(),
                List.of(referral()),
                List.of(new UniformPolicy.Group("region", List.of("referral"))),
                Network.parse("100.64.0.0/10"),
                50);
    }

    static Rule rule(String name, Answer answer) {
        return new Rule(
                name,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Way.BOTH,
                Optional.empty(),
                answer,
                List.of(),
                DAY);
    }

    static SubscriberPolicy policy(InstitutionCode of, String network, Rule... rules) {
        return new SubscriberPolicy(
                of,
                NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(300)),
                nonce(),
                router(of),
                List.of(new SiteNetwork(Network.parse(network), Zone.SECURE)),
                List.of(rules));
    }

    static ConnectionInformation information(UniformPolicy uniform, SubscriberPolicy a, SubscriberPolicy b) {
        return new ConnectionInformation(
                ConnectionInformation.FORM,
                nonce(),
                1,
                NOW,
                NOW,
                NOW.plus(Duration.ofHours(2)),
                DAY.idle(),
                DAY.renewal(),
                Bytes.utf8("request").sha256(),
                uniform.id(),
                "region",
                referral(),
                uniform.proposals(),
                Initiator.ASKING,
                nonce(),
                end(a, "192.0.2.1"),
                end(b, "192.0.2.2"));
    }

    static Membership member(InstitutionCode by, InstitutionCode of, String group, Instant at, Instant until) {
        return new Membership(by, at, until, nonce(), group, router(of));
    }

    static Membership member(InstitutionCode of) {
        return member(PROVIDER, of, "region", NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(300)));
    }

    static List<Membership> members() {
        return List.of(member(A), member(B));
    }

    static Digest certificate(Member.Service router) {
        return Bytes.utf8(router.identity()).sha256();
    }

    private static End end(SubscriberPolicy policy, String host) {
        var networks = policy.in(Zone.SECURE).map(n -> new Translated(n, n)).toList();
        return new End(
                policy.router(),
                certificate(policy.router()),
                Optional.of(new Address(host, 500, false)),
                networks,
                Bytes.utf8("sealed"),
                new Consent(policy.id(), policy.rules().getFirst().name(), Optional.empty()));
    }
}
