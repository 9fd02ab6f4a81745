package org.mizuhiki.trust;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// An invitation as a deep link, for a QR code: `<where>#1.<region>.<ticket>.<end>`. All that is secret
/// stands behind the `#`, which no browser sends to a server and no server logs.
///
/// @param where `https://host/enrol`, a page or an app of the region's portal, or `mizuhiki:enrol`
/// @param region the fingerprint of the region that it is for, see [RegionTrust#fingerprint]: a device asks
/// no other region with it
/// @param ticket what it is redeemed with
/// @param expires for the device to say so; the authority has its own clock
public record EnrolmentLink(String where, Digest region, Ticket ticket, Instant expires) {
    /// Where it leads when there is no portal.
    public static final String APP = "mizuhiki:enrol";

    private static final int LONGEST = 512;
    private static final Pattern WHERE =
            Pattern.compile("mizuhiki:enrol|https://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?/enrol");
    private static final Pattern FORM =
            Pattern.compile("([^#]*)#1\\.([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{32})\\.([1-9][0-9]{0,11})");

    /// @throws Refusal `link-malformed`
    public EnrolmentLink {
        if (!WHERE.matcher(where).matches()) {
            throw malformed();
        }
    }

    /// Reads a link strictly: one spelling only.
    ///
    /// @throws Refusal `link-malformed`
    public static EnrolmentLink parse(String text) {
        var stripped = text.length() > LONGEST ? "" : text.strip();
        var parts = FORM.matcher(stripped);
        if (!parts.matches()) {
            throw malformed();
        }
        var ticket = decoded(parts.group(3));
        var link = new EnrolmentLink(
                parts.group(1),
                Digest.ofHash(decoded(parts.group(2))),
                new Ticket(HexFormat.of().formatHex(ticket, 0, 8), Secret.taking(tail(ticket))),
                Instant.ofEpochSecond(Long.parseLong(parts.group(4))));
        if (!link.revealed().equals(stripped)) {
            throw malformed();
        }
        return link;
    }

    /// The link itself: whoever reads it can be enrolled if the desk confirms.
    public String revealed() {
        var bytes = new byte[24];
        System.arraycopy(HexFormat.of().parseHex(ticket.id()), 0, bytes, 0, 8);
        ticket.secret().lend(secret -> {
            System.arraycopy(secret, 0, bytes, 8, 16);
            return secret.length;
        });
        return where + "#1." + encoded(region.toArray()) + "." + encoded(bytes) + "." + expires.getEpochSecond();
    }

    /// For this region, and not over.
    ///
    /// @throws Refusal `region-differs`, `ticket-expired`
    public void mustBeFor(RegionTrust trust, Instant now) {
        if (!trust.fingerprint().equals(region)) {
            throw Refusal.of(
                    "region-differs",
                    "このQRコードは、端末に設定された地域のものではありません",
                    "This QR code is for another region than the one this device knows");
        }
        if (!now.isBefore(expires)) {
            throw Redemption.expired();
        }
    }

    private static byte[] tail(byte[] ticket) {
        return java.util.Arrays.copyOfRange(ticket, 8, ticket.length);
    }

    private static String encoded(byte... bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decoded(String text) {
        return Bytes.of(Base64.getUrlDecoder().decode(text)).toArray();
    }

    private static Refusal malformed() {
        return Refusal.of(
                "link-malformed",
                "登録用のリンク（QRコード）の形式が正しくありません。もう一度読み取ってください",
                "The enrolment link is malformed; read the QR code again");
    }
}
