package org.mizuhiki.ike;

import org.mizuhiki.house.Refusal;

/// Packets that may pass, in the direction of who begins; answers pass by themselves.
///
/// @param from      who may begin
/// @param to        whom they may reach
/// @param protocol  of the packets
/// @param firstPort of the service, 1 to 65535; 0 for [Protocol#PING]
/// @param lastPort  of the service, itself included
public record Flow(Cidr from, Cidr to, Protocol protocol, int firstPort, int lastPort) {
    /// What can be told apart without looking into it.
    public enum Protocol {
        TCP,
        UDP,
        /// ICMP echo: is it there?
        PING
    }

    /// @throws Refusal `flow-not-valid`
    public Flow {
        boolean ports = protocol == Protocol.PING
                ? firstPort == 0 && lastPort == 0
                : firstPort >= 1 && firstPort <= lastPort && lastPort <= 65_535;
        if (!ports || from.isIpv4() != to.isIpv4()) {
            throw Refusal.of(
                    "flow-not-valid",
                    "通信許可のポートまたはアドレスが正しくありません（ポートは1～65535、両側とも同じIP版）",
                    "A flow has ports from 1 to 65535 and addresses of one version of IP");
        }
    }

    public static Flow tcp(Cidr from, Cidr to, int port) {
        return new Flow(from, to, Protocol.TCP, port, port);
    }

    public static Flow ping(Cidr from, Cidr to) {
        return new Flow(from, to, Protocol.PING, 0, 0);
    }
}
