package org.mizuhiki.pocket;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.mizuhiki.account.AccountServers;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.consent.SignedStatements;
import org.mizuhiki.consent.Statements;
import org.mizuhiki.consent.Statute;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.keys.RemoteKeyServer;
import org.mizuhiki.keys.RemoteResealing;
import org.mizuhiki.keys.Resealing;
import org.mizuhiki.ledger.EvidenceCheck;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.LogFollower;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.ledger.RemoteLedger;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.store.RemoteStore;
import org.mizuhiki.store.Store;
import org.mizuhiki.trust.Directory;
import org.mizuhiki.trust.DirectoryCheck;
import org.mizuhiki.trust.DirectoryWatch;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.RegionTrust;
import org.mizuhiki.trust.RemoteDirectory;
import org.mizuhiki.trust.RemoteEnrolment;
import org.mizuhiki.trust.RemoteRenewals;
import org.mizuhiki.trust.RemoteRevocation;
import org.mizuhiki.trust.RemoteStampAuthority;
import org.mizuhiki.trust.Renewal;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// The doors a device needs. None of them is trusted with more than its answer being checked: `trust` holds
/// what the checks rest on and was given out of band.
///
/// @param statements signs and checks on this device
/// @param statute decides on this device, whatever the key server says
public record Region(
        KeyServer keys,
        Store store,
        Directory directory,
        Enrolment enrolment,
        Ledger ledger,
        StampAuthority stamps,
        Validator validator,
        EvidenceCheck evidenceCheck,
        DirectoryCheck directoryCheck,
        Statements statements,
        Statute statute,
        RegionTrust trust) {

    /// Connects to a region's servers.
    ///
    /// @param device whose keys to show; absent before enrolment: only public routes answer then
    /// @throws org.mizuhiki.house.Refusal `peer-unreachable`, `revocation-list-broken`, `clock-behind`
    public static Connection connect(RegionFile file, Optional<Device> device, Clock clock, SecureRandom die) {
        var trust = file.trust();
        var identity = device.map(d -> d.identity(trust.roots())).orElseGet(() -> Identity.anonymous(trust.roots()));
        var fetched = device.map(Device::folder)
                .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")))
                .resolve("fetched");
        var authority = Peers.connect(URI.create(file.authority()), identity, die);
        var seals = new Seals(die);
        // 1. who is revoked; without a fresh list nothing is believed
        var revocations = new RevocationList(new RemoteRevocation(authority), trust, clock, Duration.ofHours(24));
        revocations.refresh();
        // 2. checks that run on this device, resting on the pinned roots and log keys only
        var validator = new PathValidator(trust.roots(), revocations);
        var evidence = new OfflineEvidenceCheck(seals.stamps(), new PinnedStampRoots(trust.roots()));
        var statements = new SignedStatements(seals.records(), validator, clock);
        // 3. the servers
        var ledger = new RemoteLedger(authority);
        var region = new Region(
                new RemoteKeyServer(Peers.connect(URI.create(file.keys()), identity, die)),
                new RemoteStore(Peers.connect(URI.create(file.store()), identity, die), fetched),
                new RemoteDirectory(authority),
                new RemoteEnrolment(authority),
                ledger,
                new RemoteStampAuthority(authority, seals.stamps()),
                validator,
                evidence,
                new DirectoryCheck(validator, evidence, trust.log(), clock),
                statements,
                new RegionStatute(),
                trust);
        var directory = device.<Directory>map(_ -> region.directory());
        var follower = new LogFollower(ledger, evidence, trust.log());
        var watch = new DirectoryWatch(directory, region.directoryCheck(), follower, ledger);
        return new Connection(region, revocations.every(Duration.ofMinutes(5)), watch);
    }

    /// The same region, whose certificates are fetched another way than with a ticket.
    public Region enrollingBy(Enrolment other) {
        return new Region(
                keys,
                store,
                directory,
                other,
                ledger,
                stamps,
                validator,
                evidenceCheck,
                directoryCheck,
                statements,
                statute,
                trust);
    }

    /// Renews the device's certificate if it is due, or if its CA was replaced, over a connection that needs
    /// none: a certificate that has just expired, or was revoked with its CA, is renewed too. An authority that
    /// is away or refuses changes nothing as long as the old certificate is good: nobody is kept from their
    /// letters by this.
    public static Device renewed(RegionFile file, Device device, Secret passphrase, Clock clock, SecureRandom die) {
        var own = device.author().chain().getFirst();
        var trust = file.trust();
        try {
            var authority = Peers.connect(URI.create(file.authority()), Identity.anonymous(trust.roots()), die);
            if (!Renewal.due(own, clock) && !isOfRetiredCa(authority, trust, device)) {
                return DeviceAccount.isUnshared(device) ? shared(file, device, passphrase, clock, die) : device;
            }
            // another device of the person's may have renewed before
            var newest = shared(file, device, passphrase, clock, die);
            if (newest != device) {
                return newest;
            }
            var renewed = device.renewed(
                    new RemoteRenewals(authority),
                    validator(authority, trust, clock),
                    passphrase,
                    new Seals(die),
                    clock);
            return shared(file, renewed, passphrase, clock, die);
        } catch (Refusal e) {
            if (clock.instant().isBefore(own.getNotAfter().toInstant())) {
                return device;
            }
            throw e;
        }
    }

    private static Validator validator(Peer authority, RegionTrust trust, Clock clock) {
        var revocations = new RevocationList(new RemoteRevocation(authority), trust, clock, Duration.ofHours(24));
        revocations.refresh();
        return new PathValidator(trust.roots(), revocations);
    }

    /// Tells the person's account of a newer keyring, or takes the newer one that it has; what cannot be told
    /// now is told by the next command.
    private static Device shared(RegionFile file, Device device, Secret passphrase, Clock clock, SecureRandom die) {
        if (!DeviceAccount.has(device)) {
            return device;
        }
        try (var account = DeviceAccount.open(device, accounts(file, Optional.of(device), clock, die), passphrase)) {
            var trust = file.trust();
            var authority = Peers.connect(URI.create(file.authority()), Identity.anonymous(trust.roots()), die);
            return DeviceAccount.share(
                    device, account, passphrase, new Seals(die), validator(authority, trust, clock), clock);
        } catch (Refusal later) {
            return device;
        }
    }

    /// The servers of accounts.
    ///
    /// @param device whose certificate to show, if there is one
    public static Accounts accounts(RegionFile file, Optional<Device> device, Clock clock, SecureRandom die) {
        var roots = file.trust().roots();
        var identity = device.map(d -> d.identity(roots)).orElseGet(() -> Identity.anonymous(roots));
        var servers = AccountServers.over(
                Peers.connect(URI.create(file.keys()), identity, die),
                Peers.connect(URI.create(file.store()), identity, die));
        return new Accounts(servers, OpaqueClient.stock(die), new Seals(die), clock);
    }

    /// Where an author seals letters again for patients with new keys.
    public static Resealing resealing(RegionFile file, Device author, SecureRandom die) {
        return new RemoteResealing(Peers.connect(
                URI.create(file.keys()), author.identity(file.trust().roots()), die));
    }

    /// By the list that the root signed with both of its keys: nobody else can send a device round.
    private static boolean isOfRetiredCa(Peer authority, RegionTrust trust, Device device) {
        var issuer = device.author().chain().get(1);
        return trust.quantumSafeRoot()
                .map(pinned -> new RemoteRevocation(authority)
                        .caList()
                        .orElseThrow()
                        .check(trust.roots().getFirst(), pinned)
                        .isRetired(issuer))
                .orElse(false);
    }

    /// A region that keeps its revocation lists fresh until closed.
    ///
    /// @param watch of the key directory; without a device it sees the public ledger only
    public record Connection(Region region, RevocationList revocations, DirectoryWatch watch) implements AutoCloseable {
        @Override
        public void close() {
            revocations.close();
        }
    }
}
