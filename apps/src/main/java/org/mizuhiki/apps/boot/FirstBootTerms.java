package org.mizuhiki.apps.boot;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Json;

/// What a router is told to be and whom to believe. Nothing in it is secret, so anybody may publish it; the
/// digest in [FirstBootLink] says that it is the one that was meant. What of the machine itself is needed (its
/// chip's library, its lines) is not here but in the machine's own file: a stick that named a library would
/// be a way into the machine.
///
/// @param form `mizuhiki-first-boot-1`
/// @param router `<subscriber>/<service>/<vendor>/<model>/<serial>`: no other becomes it
/// @param region with the roots, the authority and the centre
/// @param provider code of the institution whose VPN it is
/// @param towards see [org.mizuhiki.apps.role.RouterConfig]
/// @param time time servers, `name` or `name:port`
public record FirstBootTerms(
        String form, String router, RegionFile region, String provider, Optional<String> towards, List<String> time) {
    public static final String FORM = "mizuhiki-first-boot-1";

    /// Roots, quantum-safe keys and certificates in base64 take a tenth of it.
    public static final int MOST = 64 << 10;

    private static final int MOST_SERVERS = 5;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:-]{1,253}");

    /// A router's terms as the provider's command hands them to the centre, which adds what is its own.
    public record Wish(String router, Optional<String> towards, List<String> time) {}

    /// The centre's answer.
    ///
    /// @param address where the terms are, `terms` themselves
    public record Published(String address, Bytes terms) {}

    /// @throws Refusal `first-boot-malformed`
    public FirstBootTerms {
        time = List.copyOf(time);
        try {
            Member.Service.parse(router);
            var _ = new InstitutionCode(provider);
            region.trust();
            mustBeServer(region.authority());
            mustBeServer(region.centre().orElseThrow(FirstBootLink::malformed));
        } catch (Refusal e) {
            throw FirstBootLink.malformed();
        }
        boolean odd = !form.equals(FORM)
                || time.size() > MOST_SERVERS
                || !time.stream().allMatch(HOST.asMatchPredicate())
                || !towards.stream().allMatch(HOST.asMatchPredicate());
        if (odd) {
            throw FirstBootLink.malformed();
        }
    }

    private static void mustBeServer(String address) {
        try {
            var uri = URI.create(address);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawPath().isEmpty()) {
                return;
            }
        } catch (IllegalArgumentException e) {
            throw FirstBootLink.malformed();
        }
        throw FirstBootLink.malformed();
    }

    public Member.Service member() {
        return Member.Service.parse(router);
    }

    /// The bytes that are published and that the link has the digest of.
    public Bytes encode() {
        return Json.write(this);
    }

    /// @throws Refusal `first-boot-altered` if these are not the ones that the link means, `first-boot-malformed`
    public static FirstBootTerms of(FirstBootLink link, Bytes encoded) {
        if (encoded.size() > MOST || !encoded.sha256().equals(link.terms())) {
            throw Refusal.of(
                    "first-boot-altered",
                    "受け取った設定が、USBメモリまたはQRコードの示すものと一致しません。プロバイダに連絡してください",
                    "The settings that came are not those that the stick or QR code means; tell the provider");
        }
        return decode(encoded);
    }

    /// @throws Refusal `first-boot-malformed`
    public static FirstBootTerms decode(Bytes encoded) {
        if (encoded.size() > MOST) {
            throw FirstBootLink.malformed();
        }
        try {
            return Json.read(encoded, FirstBootTerms.class);
        } catch (Refusal e) {
            throw FirstBootLink.malformed();
        }
    }
}
