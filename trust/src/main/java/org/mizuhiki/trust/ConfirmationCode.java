package org.mizuhiki.trust;

import java.math.BigInteger;
import org.mizuhiki.house.Bytes;

/// Six digits by which a person at a desk tells the device in a patient's hand from any other that read the
/// same QR code. They are made of the invitation's ID and the device's whole request, hence of its keys;
/// device and authority compute them, each by itself. Twenty bits suffice because the desk has three
/// attempts and a device that came second is told nothing.
public final class ConfirmationCode {
    private static final BigInteger CODES = BigInteger.valueOf(1_000_000);

    private ConfirmationCode() {}

    /// What the device shows while it waits.
    public static String of(Ticket invitation, Enrolment.Request request) {
        return of(invitation.id(), EnrolmentDesk.digest(request));
    }

    /// SHA-256 over `mizuhiki confirmation code v1`, a line feed, the ID, a line feed and the request's
    /// digest in hexadecimal, as a number, modulo one million.
    static String of(String id, Bytes digest) {
        var hash = Bytes.utf8("mizuhiki confirmation code v1\n" + id + "\n" + digest.asHex())
                .sha256();
        return "%06d".formatted(new BigInteger(1, hash.toArray()).mod(CODES).intValue());
    }
}
