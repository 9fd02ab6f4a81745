package org.mizuhiki.ike;

import java.util.List;
import org.mizuhiki.ike.vici.Section;
import org.mizuhiki.ike.vici.Value;

/// A tunnel in the engine's words (`swanctl.conf(5)`). One suite, so that nothing weaker can be agreed on:
/// x25519, AES-256-GCM, HMAC-SHA-384 (RFC 8031, 4106, 4868), authentication with certificates.
final class Wanted {
    private static final String IKE = "aes256gcm16-prfsha384-x25519";
    private static final String ESP_SUITE = "aes256gcm16-x25519";

    private Wanted() {}

    static Section connection(Tunnel tunnel) {
        var connection = Section.EMPTY
                .with("version", "2")
                .with("proposals", List.of(IKE))
                .with("remote_addrs", addresses(tunnel.partner()))
                .with("mobike", "yes")
                .with("send_cert", "always")
                .with("send_certreq", "no")
                .with("fragmentation", "yes")
                .with("dpd_delay", "10s")
                .with("keyingtries", "1")
                // a renewed tunnel stands beside the old one; only a partner that knows of none
                // (INITIAL_CONTACT) takes the place of all its own
                .with("unique", "no")
                .with("rekey_time", tunnel.renewEvery().toSeconds() * 4 + "s")
                .with("local-1", own(tunnel))
                .with("remote-1", partner(tunnel))
                .with("children", Section.EMPTY.with(tunnel.name(), child(tunnel)));
        if (!tunnel.own().addresses().isEmpty()) {
            connection = connection.with("local_addrs", addresses(tunnel.own()));
        }
        // without `required` on both sides it would come up without the key, and nobody would know
        return tunnel.ppk().isEmpty()
                ? connection
                : connection.with("ppk_id", tunnel.ppk().get()).with("ppk_required", "yes");
    }

    /// The same, as an association into which the engine leads no packets by itself ([Steering]).
    static Section unled(Section connection, String name, long number) {
        return connection
                .section("children")
                .flatMap(c -> c.section(name))
                .map(c -> c.with("policies", "no").with("reqid", Long.toString(number)))
                .map(c -> connection.with("children", Section.EMPTY.with(name, c)))
                .orElseThrow();
    }

    /// What leads packets into that association; nobody can connect by it.
    ///
    /// @param own networks at this side
    static Section policy(Steering.Led one, String name, List<String> nowhere, List<Cidr> own) {
        var nobody = Section.EMPTY.with("auth", "pubkey").with("id", "CN=nobody");
        var child = Section.EMPTY
                .with("local_ts", own.stream().map(Cidr::toString).toList())
                .with("remote_ts", networks(one.tunnel().partner()))
                .with("reqid", Long.toString(one.number()))
                .with("mode", "tunnel")
                .with("start_action", "none");
        return Section.EMPTY
                .with("version", "2")
                .with("local_addrs", nowhere)
                .with("remote_addrs", nowhere)
                .with("local-1", nobody)
                .with("remote-1", nobody)
                .with("children", Section.EMPTY.with(name, child));
    }

    private static List<String> addresses(End end) {
        return end.addresses().isEmpty()
                ? List.of("%any")
                : end.addresses().stream().map(a -> a.getHostAddress()).toList();
    }

    private static Section own(Tunnel tunnel) {
        return Section.EMPTY
                .with("auth", "pubkey")
                .with("id", tunnel.own().identity())
                .with("certs", new Value.Items(List.of(tunnel.certificate())));
    }

    private static Section partner(Tunnel tunnel) {
        var partner = Section.EMPTY
                .with("auth", "pubkey")
                .with("id", tunnel.partner().identity())
                .with("cacerts", new Value.Items(List.of(tunnel.partnersCa())))
                .with("revocation", tunnel.revocation().word());
        return tunnel.partnersCertificate()
                .map(c -> partner.with("certs", new Value.Items(List.of(c))))
                .orElse(partner);
    }

    private static Section child(Tunnel tunnel) {
        return Section.EMPTY
                .with("local_ts", networks(tunnel.own()))
                .with("remote_ts", networks(tunnel.partner()))
                .with("esp_proposals", List.of(ESP_SUITE))
                .with("mode", "tunnel")
                .with("copy_dscp", "out")
                // nothing comes up unless the controller says so
                .with("start_action", "none")
                .with("close_action", "none")
                .with("dpd_action", "clear")
                .with("rekey_time", tunnel.renewEvery().toSeconds() + "s");
    }

    private static List<String> networks(End end) {
        return end.networks().stream().map(Cidr::toString).toList();
    }
}
