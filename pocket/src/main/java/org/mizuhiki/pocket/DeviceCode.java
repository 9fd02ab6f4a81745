package org.mizuhiki.pocket;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;

/// Six digits by which two people who stand together compare a device's key with what the directory says of
/// its owner: SHA-256 of `mizuhiki device code v1`, the ID and the signing key's SHA-256 in hexadecimal, a
/// line each, as a number modulo 1,000,000.
final class DeviceCode {
    private static final BigInteger CODES = BigInteger.valueOf(1_000_000);

    private DeviceCode() {}

    static String of(PersonId id, X509Certificate signing) {
        var key = Bytes.of(signing.getPublicKey().getEncoded()).sha256().hex();
        var text = "mizuhiki device code v1\n" + id + "\n" + key;
        var number = new BigInteger(1, Bytes.utf8(text).sha256().toArray());
        return "%06d".formatted(number.mod(CODES).intValue());
    }
}
