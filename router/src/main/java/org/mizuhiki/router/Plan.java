package org.mizuhiki.router;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.End;
import org.mizuhiki.ike.Flow;
import org.mizuhiki.ike.Passage;
import org.mizuhiki.ike.Tunnel;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Address;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.Verdict;

/// Connection information in the words of engine and packet filter, as one of the two routers sees it.
///
/// @param tunnel to the partner's first address
/// @param detour the same tunnel to its address of the other kind, IPv4 or IPv6: for whoever begins and hears
/// nothing
/// @param begins this router initiates
record Plan(Tunnel tunnel, Optional<Tunnel> detour, Passage passage, boolean begins) {
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(1);

    /// @throws Refusal `tunnel-wrong-certificate`: one is not that of which the information has the digest
    static Plan of(Accepted accepted) {
        var good = accepted.good();
        var information = good.information();
        var own = accepted.own();
        var partner = accepted.partner();
        if (!good.own().certificate().equals(own.sha256())
                || !good.partner().certificate().equals(partner.sha256())) {
            throw Refusal.of(
                    "tunnel-wrong-certificate",
                    "証明書が接続情報のものと一致しません。接続しません。接続情報を取り直してください",
                    "A certificate is not that of the connection information; fetch the information anew");
        }
        boolean asking = information.asking().equals(good.own());
        boolean begins = asking == (information.initiator() == Initiator.ASKING);
        // whoever is asked takes the partner from wherever it comes: its certificate decides
        var first = begins ? good.partner().address() : Optional.<Address>empty();
        var other = begins ? good.partner().other() : Optional.<Address>empty();
        return new Plan(
                tunnel(accepted, first), other.map(_ -> tunnel(accepted, other)), passage(good, asking), begins);
    }

    private static Tunnel tunnel(Accepted accepted, Optional<Address> to) {
        var good = accepted.good();
        var addresses = to.stream().map(a -> InetAddress.ofLiteral(a.host())).toList();
        return new Tunnel(
                accepted.connection(),
                new End(identity(accepted.own()), List.of(), shown(good.own())),
                new End(identity(accepted.partner()), addresses, shown(good.partner())),
                accepted.own(),
                accepted.partnersCa(),
                Optional.of(accepted.partner()),
                Optional.of(accepted.information().ppkId()),
                Tunnel.Revocation.STRICT,
                bounded(accepted.information().renewal()));
    }

    /// The subject byte for byte: no two spellings, no wildcard.
    private static String identity(Bytes certificate) {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var read = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate.toArray()));
            return "asn1dn:#"
                    + HexFormat.of().formatHex(read.getSubjectX500Principal().getEncoded());
        } catch (CertificateException e) {
            throw Refusal.of("tunnel-wrong-certificate", "証明書を読めません", "The certificate cannot be read", e);
        }
    }

    private static Duration bounded(Duration renewal) {
        var atLeast = renewal.compareTo(SHORTEST) < 0 ? SHORTEST : renewal;
        return atLeast.compareTo(LONGEST) > 0 ? LONGEST : atLeast;
    }

    private static List<Cidr> shown(ConnectionInformation.End end) {
        return end.networks().stream().map(Translated::shown).map(Plan::cidr).toList();
    }

    private static Cidr cidr(Network network) {
        return Cidr.of(network.toString());
    }

    /// The packet filter sees this side's real addresses and the partner's shown ones.
    private static Passage passage(Verdict.Good good, boolean asking) {
        var service = good.information().service();
        var own = good.own().networks();
        var partner = good.partner().networks();
        var flows = service.openings().stream()
                .flatMap(opening -> own.stream()
                        .flatMap(o -> partner.stream()
                                .flatMap(p -> flow(opening, asking == opening.toAsked(), o.real(), p.shown()))))
                .toList();
        var translations = own.stream()
                .filter(o -> !o.real().equals(o.shown()))
                .flatMap(o -> partner.stream()
                        .map(Translated::shown)
                        .map(Plan::cidr)
                        .filter(Cidr::isIpv4)
                        .map(p -> new Passage.Translation(cidr(o.real()), cidr(o.shown()), p)))
                .toList();
        return new Passage(
                good.information().connection(),
                shown(good.own()),
                shown(good.partner()),
                flows,
                translations,
                exclusive(service.kind()),
                service.dscp());
    }

    /// Classes that exclude the same ones are of one form and go together.
    private static Optional<String> exclusive(ServiceClass kind) {
        var excluded = Stream.of(ServiceClass.values())
                .filter(kind::excludes)
                .map(Enum::name)
                .collect(Collectors.joining(","));
        return Optional.of(excluded).filter(e -> !e.isEmpty());
    }

    /// @param out from this side to the partner
    private static Stream<Flow> flow(Service.Opening opening, boolean out, Network own, Network partner) {
        var from = cidr(out ? own : partner);
        var to = cidr(out ? partner : own);
        if (from.isIpv4() != to.isIpv4()) {
            return Stream.of();
        }
        return Stream.of(
                switch (opening.protocol()) {
                    case TCP -> new Flow(from, to, Flow.Protocol.TCP, opening.from(), opening.to());
                    case UDP -> new Flow(from, to, Flow.Protocol.UDP, opening.from(), opening.to());
                    case ICMP -> Flow.ping(from, to);
                });
    }
}
