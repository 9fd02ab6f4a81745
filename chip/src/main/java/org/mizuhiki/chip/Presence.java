package org.mizuhiki.chip;

import java.security.cert.X509Certificate;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// Evidence that a card was at an opened element of an institution after somebody chose a nonce: the element
/// said how far it had counted when it was shown the nonce, and the visit came after that.
///
/// As with every visit, the card's commands may have been relayed (docs/flows/visit.md).
///
/// @param before what the element said over the nonce
/// @param visit with the card, by institution authentication: no PIN was needed
public record Presence(Sealing before, VisitEvidence visit) {
    private static final String FORM = "mizuhiki-presence-1";

    /// Bytes that [#encode] writes at most.
    public static final int MAX_BYTES = 16_384;

    /// @param nonce 32 bytes of who asks
    /// @return the card's certificate, whose path, purpose and revocation are not checked
    /// @throws Refusal `visit-forged`; `visit-stale` when the visit may have been before the nonce was chosen
    public X509Certificate verify(ElementKey element, Bytes nonce) {
        var card = visit.verify(element);
        boolean after = before.isBy(element, nonce)
                && Long.compareUnsigned(visit.bound().life(), before.life()) > 0;
        if (!after || before.sealed() || visit.mode() != VisitEvidence.Mode.INSTITUTION) {
            throw Refusal.of(
                    "visit-stale",
                    "この受診の証拠は、今回の求めに応じたものではありません",
                    "This evidence was not made upon this nonce, or not by institution authentication");
        }
        return card;
    }

    /// One presence has one encoding, whose digest names it.
    public Bytes encode() {
        var bound = visit.bound();
        return Canonical.of(Map.ofEntries(
                        Map.entry("form", FORM),
                        Map.entry("before", before.encode().asBase64()),
                        Map.entry("institution", bound.institution()),
                        Map.entry("life", Long.toUnsignedString(bound.life())),
                        Map.entry("count", Long.toUnsignedString(bound.count())),
                        Map.entry("epoch", bound.epoch().asBase64()),
                        Map.entry("challenge", bound.challenge().hex()),
                        Map.entry("anchor", bound.anchor().hex()),
                        Map.entry("mode", visit.mode().name()),
                        Map.entry("certificate", visit.certificate().asBase64()),
                        Map.entry("signature", visit.signature().asBase64()),
                        Map.entry(
                                "stamp",
                                EKey.joined(visit.stamp().ticks(), visit.stamp().signature())
                                        .asBase64())))
                .encode();
    }

    public Digest digest() {
        return encode().sha256();
    }

    /// As [#encode] wrote it.
    ///
    /// @throws Refusal `presence-malformed`
    public static Presence read(Bytes encoded) {
        try {
            var presence = parsed(Canonical.decode(encoded));
            if (presence.encode().equals(encoded)) {
                return presence;
            }
        } catch (Refusal | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw malformed(e);
        }
        throw malformed(new IllegalArgumentException("another spelling"));
    }

    private static Presence parsed(Canonical record) {
        var bound = new VisitEvidence.Bound(
                record.get("institution"),
                Long.parseUnsignedLong(record.get("life")),
                Long.parseUnsignedLong(record.get("count")),
                Bytes.base64(record.get("epoch")),
                new Digest(record.get("challenge")),
                new Digest(record.get("anchor")));
        InstitutionForms.name(bound.institution());
        var visit = new VisitEvidence(
                bound,
                VisitEvidence.Mode.valueOf(record.get("mode")),
                Bytes.base64(record.get("certificate")),
                Bytes.base64(record.get("signature")),
                TickStamps.read(Bytes.base64(record.get("stamp")).toArray()));
        return new Presence(Sealing.read(Bytes.base64(record.get("before"))), visit);
    }

    private static Refusal malformed(Exception cause) {
        return Refusal.of("presence-malformed", "受診の証拠の形式が正しくありません", "The evidence of the visit is malformed", cause);
    }
}
