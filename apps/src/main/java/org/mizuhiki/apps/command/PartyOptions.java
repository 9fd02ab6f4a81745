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

    int use(Use use) throws Exception {
        if (institution == null) {
            return device.useRegion((opened, region) -> {
                use.with(party(opened.author(), region, device.regionFile()), region);
                return Exit.OK;
            });
        }
        Crypto.choose();
        var file = device.regionFile();
        var author = new Author(
                KeyFiles.readKey(institution.resolve("key.pem")), KeyFiles.readChain(institution.resolve("chain.pem")));
        try (var connection = Region.connect(file, Optional.empty(), device.clock, device.die)) {
            use.with(party(author, connection.region(), file), connection.region());
        }
        return Exit.OK;
    }

    private Party party(Author author, Region region, RegionFile file) {
        var identity = new Identity(author.key(), author.chain(), region.trust().roots());
        var authority = Peers.connect(URI.create(file.authority()), identity, device.die);
        return new Party(
                new RemoteRegistry(authority),
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
