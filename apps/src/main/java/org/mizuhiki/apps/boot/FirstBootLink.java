package org.mizuhiki.apps.boot;

import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Ticket;

/// What a new router needs and nobody else may know, as one line for a QR code:
/// `mizuhiki:router#1.<terms>.<tickets>.<end>.<address>.<check>`. A region's roots are larger than a code
/// holds, so it carries their digest; what is fetched from the address counts only if it has that digest.
///
/// @param terms digest of [FirstBootTerms] as they were written: by it the region's roots are pinned
/// @param tickets for the first certificates; absent where the registration loaded these into the chip
/// @param until after which no router takes it; the authority has its own clock for tickets
/// @param address where the terms are fetched; who answers there is not believed
public record FirstBootLink(Digest terms, Optional<Tickets> tickets, Instant until, URI address) {
    private static final int LONGEST = 640;
    private static final int LONGEST_ADDRESS = 255;
    private static final int CHECK = 8;
    private static final Pattern ADDRESS =
            Pattern.compile("https?://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._/-]{0,200})?");
    private static final Pattern FORM = Pattern.compile("(mizuhiki:router#1\\.([A-Za-z0-9_-]{43})"
            + "\\.(-|[A-Za-z0-9_-]{64})\\.([1-9][0-9]{0,10})\\.([A-Za-z0-9_-]{1,340}))\\.([A-Za-z0-9_-]{11})");

    /// Each is good once, for the device (tier 1) and for its service (tier 2).
    public record Tickets(Ticket device, Ticket service) {}

    /// @throws Refusal `first-boot-malformed`
    public FirstBootLink {
        var text = address.toString();
        if (text.length() > LONGEST_ADDRESS || !ADDRESS.matcher(text).matches()) {
            throw malformed();
        }
    }

    /// Whether a text claims to be one, so that a picture or another file is not read as it.
    public static boolean isMeant(String text) {
        return text.startsWith("mizuhiki:router#");
    }

    /// Reads a link strictly: one spelling only, and a damaged one is noticed at once.
    ///
    /// @throws Refusal `first-boot-malformed`
    public static FirstBootLink parse(String text) {
        var stripped = text.length() > LONGEST ? "" : text.strip();
        var parts = FORM.matcher(stripped);
        if (!parts.matches() || !check(parts.group(1)).equals(parts.group(6))) {
            throw malformed();
        }
        try {
            var link = new FirstBootLink(
                    Digest.ofHash(decoded(parts.group(2))),
                    parts.group(3).equals("-") ? Optional.empty() : Optional.of(tickets(decoded(parts.group(3)))),
                    Instant.ofEpochSecond(Long.parseLong(parts.group(4))),
                    URI.create(Bytes.of(decoded(parts.group(5))).asUtf8()));
            if (link.revealed().equals(stripped)) {
                return link;
            }
        } catch (IllegalArgumentException e) { // not base64, not UTF-8, no address
            throw malformed();
        }
        throw malformed();
    }

    /// The line itself: whoever reads it can use the tickets up, so it belongs into 0600 files, onto the
    /// stick and onto paper.
    public String revealed() {
        var body = "mizuhiki:router#1." + encoded(terms.toArray()) + "."
                + tickets.map(t -> encoded(bytes(t))).orElse("-") + "." + until.getEpochSecond() + "."
                + encoded(Bytes.utf8(address.toString()).toArray());
        return body + "." + check(body);
    }

    /// Against damage, not against forgers: whoever can write a code can compute it.
    private static String check(String body) {
        return encoded(Arrays.copyOf(Bytes.utf8(body).sha256().toArray(), CHECK));
    }

    private static byte[] bytes(Tickets tickets) {
        var all = new byte[48];
        write(tickets.device(), all, 0);
        write(tickets.service(), all, 24);
        return all;
    }

    private static void write(Ticket ticket, byte[] into, int at) {
        System.arraycopy(HexFormat.of().parseHex(ticket.id()), 0, into, at, 8);
        ticket.secret().lend(secret -> {
            System.arraycopy(secret, 0, into, at + 8, 16);
            return secret.length;
        });
    }

    private static Tickets tickets(byte... bytes) {
        return new Tickets(ticket(bytes, 0), ticket(bytes, 24));
    }

    private static Ticket ticket(byte[] bytes, int at) {
        return new Ticket(
                HexFormat.of().formatHex(bytes, at, at + 8), Secret.taking(Arrays.copyOfRange(bytes, at + 8, at + 24)));
    }

    private static String encoded(byte... bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    static Refusal malformed() {
        return Refusal.of(
                "first-boot-malformed",
                "初期設定のデータ（USBメモリまたはQRコード）が壊れているか、形式が違います。プロバイダから受け取り直してください",
                "The first-boot document (stick or QR code) is damaged or of another form; get it again from the"
                        + " provider");
    }
}
