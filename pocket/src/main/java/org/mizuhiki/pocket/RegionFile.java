package org.mizuhiki.pocket;

import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.RegionTrust;
import org.mizuhiki.wire.Json;

/// What a person is given once, out of band, to join a region: what to believe and where the servers are.
///
/// @param region its name
/// @param roots DER certificates of the accreditation roots
/// @param log the keys by which the region's ledger is known
/// @param authority `https://host:port`, likewise the others
/// @param centre of the VPN; absent in a region without one
/// @param mail server for letters to and from other PKIs; absent in a region without one
public record RegionFile(
        String region,
        List<Bytes> roots,
        Optional<Bytes> quantumSafeRoot,
        LogKeys log,
        String authority,
        String keys,
        String store,
        String gateway,
        Optional<String> centre,
        Optional<String> mail) {
    private static final int MAX_BYTES = 1 << 20;

    public RegionFile {
        roots = List.copyOf(roots);
    }

    public static RegionFile of(RegionTrust trust, String authority, String keys, String store, String gateway) {
        return new RegionFile(
                trust.region(),
                trust.roots().stream().map(RegionFile::encoded).toList(),
                trust.quantumSafeRoot(),
                trust.log(),
                authority,
                keys,
                store,
                gateway,
                Optional.empty(),
                Optional.empty());
    }

    public RegionFile withCentre(String address) {
        return new RegionFile(
                region, roots, quantumSafeRoot, log, authority, keys, store, gateway, Optional.of(address), mail);
    }

    public RegionFile withMail(String address) {
        return new RegionFile(
                region, roots, quantumSafeRoot, log, authority, keys, store, gateway, centre, Optional.of(address));
    }

    /// @throws org.mizuhiki.house.Refusal `body-malformed`, `certificate-malformed`, `device-disk`
    public static RegionFile read(Path file) {
        return Json.read(Bytes.of(Disk.read(file, MAX_BYTES)), RegionFile.class);
    }

    public void write(Path file) {
        Disk.write(file, Json.write(this).toArray());
    }

    public RegionTrust trust() {
        return new RegionTrust(region, roots.stream().map(KeyFiles::certificate).toList(), quantumSafeRoot, log);
    }

    private static Bytes encoded(java.security.cert.X509Certificate certificate) {
        try {
            return Bytes.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }
}
