package org.mizuhiki.apps.role;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;

/// A device in a drill, held small: 100,000 keys and certificates as objects of the JDK take a gigabyte.
///
/// @param key PKCS#8; it opens nothing outside of the drill
/// @param certificate DER
/// @param above the CA and the root, which all share
record DrillDevice(int number, Bytes key, Bytes certificate, List<X509Certificate> above) {
    static DrillDevice of(int number, KeyPair key, Enrolment.Enrolled enrolled) {
        var chain = enrolled.signing();
        return new DrillDevice(
                number,
                Bytes.of(key.getPrivate().getEncoded()),
                KeyFiles.encoded(chain.getFirst()),
                List.copyOf(chain.subList(1, chain.size())));
    }

    static Member.Device member(int number) {
        return new Member.Device("drill", "R-1", Integer.toString(number));
    }

    Member.Device member() {
        return member(number);
    }

    X509Certificate own() {
        return KeyFiles.certificate(certificate);
    }

    List<X509Certificate> chain() {
        return Stream.concat(Stream.of(own()), above.stream()).toList();
    }

    KeyPair pair() {
        try {
            var signing = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key.toArray()));
            return new KeyPair(own().getPublicKey(), signing);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was just made reads", e);
        }
    }
}
