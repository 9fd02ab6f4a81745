package org.mizuhiki.trust;

import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Digest;

/// A verified whole list, held small: 28 bytes an entry, where the JDK's form takes some hundred. After a CA
/// was compromised a list may have 100,000 entries, and every server and device holds all of them.
///
/// @param ca who signed it
/// @param root whether it is a root's: that lives as long as it says, others at most some limit
/// @param of digest of the list, to know it again
record HeldList(X509Certificate ca, boolean root, Digest of, Instant thisUpdate, Instant nextUpdate, Ended ended) {
    static HeldList of(X509Certificate ca, boolean root, Digest of, X509CRL crl) {
        return new HeldList(
                ca,
                root,
                of,
                crl.getThisUpdate().toInstant(),
                crl.getNextUpdate().toInstant(),
                Ended.of(Optional.ofNullable(crl.getRevokedCertificates()).orElse(Set.of())));
    }

    Optional<Instant> revokedAt(X509Certificate certificate) {
        return ended.at(certificate.getSerialNumber());
    }

    /// Serial numbers in order, with their times.
    static final class Ended {
        private static final int WIDTH = 20; // RFC 5280, 4.1.2.2: no serial number is longer

        private final byte[] serials;
        private final long[] seconds;

        private Ended(byte[] serials, long[] seconds) {
            this.serials = serials;
            this.seconds = seconds;
        }

        static Ended of(Collection<? extends X509CRLEntry> entries) {
            List<? extends X509CRLEntry> sorted = entries.stream()
                    .filter(e -> e.getSerialNumber().signum() >= 0
                            && e.getSerialNumber().bitLength() <= 8 * WIDTH)
                    .sorted(Comparator.comparing(X509CRLEntry::getSerialNumber))
                    .toList();
            var serials = new byte[WIDTH * sorted.size()];
            var seconds = new long[sorted.size()];
            for (int i = 0; i < seconds.length; i++) {
                put(sorted.get(i).getSerialNumber(), serials, i * WIDTH);
                seconds[i] = sorted.get(i).getRevocationDate().toInstant().getEpochSecond();
            }
            return new Ended(serials, seconds);
        }

        private static void put(BigInteger serial, byte[] to, int at) {
            var bytes = serial.toByteArray();
            int from = bytes.length > WIDTH ? 1 : 0; // a sign
            System.arraycopy(bytes, from, to, at + WIDTH - (bytes.length - from), bytes.length - from);
        }

        Optional<Instant> at(BigInteger serial) {
            if (serial.signum() < 0 || serial.bitLength() > 8 * WIDTH) {
                return Optional.empty();
            }
            var wanted = new byte[WIDTH];
            put(serial, wanted, 0);
            int low = 0;
            int high = seconds.length - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int at = middle * WIDTH;
                int order = Arrays.compareUnsigned(serials, at, at + WIDTH, wanted, 0, WIDTH);
                if (order == 0) {
                    return Optional.of(Instant.ofEpochSecond(seconds[middle]));
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return Optional.empty();
        }
    }
}
