package org.mizuhiki.apps.command;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.RemoteRegistry;
import org.mizuhiki.registration.SignedActs;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Who acts in the registration: a person of an institution on their device, or the institution's own key
/// for what machines carry out.
final class PartyOptions {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Option(
            names = "--institution",
            paramLabel = "DIR",
            description = {
                "機関の鍵と証明書のフォルダー（key.pem, chain.pem）。人の署名が要らない手順だけ。--region も必要",
                "a folder with the institution's key.pem and chain.pem, for steps that need no person; needs --region"
            })
    private @Nullable Path institution;

    /// What is done as a party of the region.
    @FunctionalInterface
    interface Use {
        void with(Party party, Region region) throws Exception;
    }

    /// The same with the keys themselves.
    @FunctionalInterface
    interface Acting {
        void with(Author author, Region region, RegionFile file) throws Exception;
    }

    int use(Use use) throws Exception {
        return act((author, region, file) -> use.with(party(author, region, file), region));
    }

    int act(Acting acting) throws Exception {
        if (institution == null) {
            return device.useRegion((opened, region) -> {
                acting.with(opened.author(), region, device.regionFile());
                return Exit.OK;
            });
        }
        Crypto.choose();
        var file = device.regionFile();
        var author = new Author(
                KeyFiles.readKey(institution.resolve("key.pem")), KeyFiles.readChain(institution.resolve("chain.pem")));
        try (var connection = Region.connect(file, Optional.empty(), device.clock, device.die)) {
            acting.with(author, connection.region(), file);
        }
        return Exit.OK;
    }

    /// The authority, connected as this party.
    Peer authority(Author author, Region region, RegionFile file) {
        var identity = new Identity(author.key(), author.chain(), region.trust().roots());
        return Peers.connect(URI.create(file.authority()), identity, device.die);
    }

    private Party party(Author author, Region region, RegionFile file) {
        return new Party(
                new RemoteRegistry(authority(author, region, file)),
                new SignedActs(new Seals(device.die).records(), region.validator()),
                author,
                region.stamps(),
                device.clock,
                device.die);
    }

    java.security.SecureRandom die() {
        return device.die;
    }

    java.time.Clock clock() {
        return device.clock;
    }
}
