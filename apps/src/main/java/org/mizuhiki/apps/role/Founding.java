package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.KeysFile;
import org.mizuhiki.ledger.LogSigner;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.RegionTrust;
import org.mizuhiki.trust.SigningKeys;

/// The ceremony that begins a region: roots, CAs, the ledger's keys, and the region file that everybody
/// pins.
///
/// @param authority the authority's folder
/// @param region the region's name
/// @param publications base URL without TLS for CRL, OCSP and time stamps
/// @param witnesses by name, their public keys
/// @param servers where the others will be
public record Founding(
        Path authority, String region, URI publications, Map<String, Bytes> witnesses, Addresses servers) {

    /// Where a region's servers answer.
    ///
    /// @param centre of the VPN; absent in a region without one
    public record Addresses(URI authority, URI keys, URI store, URI gateway, Optional<URI> centre, Optional<URI> mail) {
        /// Of a region without a VPN and without mail.
        public Addresses(URI authority, URI keys, URI store, URI gateway) {
            this(authority, keys, store, gateway, Optional.empty(), Optional.empty());
        }
    }

    /// The log's name: what its keys sign checkpoints for.
    public static String origin(String region) {
        return "mizuhiki/" + region.replaceAll("[\\s+]", "-");
    }

    /// Makes everything and writes the region file beside it, as `region.json`, with `ledger-keys.json`
    /// for auditors.
    ///
    /// @throws org.mizuhiki.house.Refusal `region-exists`, `region-malformed`
    public RegionFile hold(Clock clock, SecureRandom die) {
        return hold(SigningKeys.inFolder(authority.resolve("accreditation").resolve("root"), die), clock, die);
    }

    /// @param rootKeys where the root's key is made
    RegionFile hold(SigningKeys rootKeys, Clock clock, SecureRandom die) {
        try {
            Files.createDirectories(authority);
            var accreditation =
                    Accreditation.found(authority.resolve("accreditation"), rootKeys, region, publications, clock, die);
            var signer = LogSigner.generate(origin(region), die);
            signer.store(Files.createDirectories(authority.resolve("log-keys")));
            // every witness must have co-signed: one that is away delays proofs, never appends
            var log = signer.keys(witnesses, witnesses.size());
            var trust =
                    new RegionTrust(region, accreditation.roots(), Optional.of(accreditation.quantumSafeRoot()), log);
            var plainly = RegionFile.of(
                    trust,
                    servers.authority().toString(),
                    servers.keys().toString(),
                    servers.store().toString(),
                    servers.gateway().toString());
            var connected =
                    servers.centre().map(URI::toString).map(plainly::withCentre).orElse(plainly);
            var file =
                    servers.mail().map(URI::toString).map(connected::withMail).orElse(connected);
            file.write(authority.resolve("region.json"));
            Files.write(
                    authority.resolve("ledger-keys.json"),
                    new KeysFile(log, accreditation.roots()).write().toArray());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("founding in " + authority, e);
        }
    }
}
