package org.mizuhiki.registration;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Peer;

/// Which services are in service, asked by one of the region's own servers.
public record RemoteServices(Peer authority) {
    /// As [PostgresRegistry#inService].
    public boolean inService(Member.Service service) {
        var asked = URLEncoder.encode(service.identity(), StandardCharsets.UTF_8);
        return authority
                .get(RegistrationRoutes.IN_SERVICE + "?service=" + asked, RegistrationRoutes.InService.class)
                .inService();
    }
}
