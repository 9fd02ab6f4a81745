package org.mizuhiki.apps.role;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.mizuhiki.ledger.DurableWitness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `mizuhiki found` begins a region; `mizuhiki found-witness` makes a witness's key before that, at the
/// witness's own place.
@Command(
        name = "found",
        mixinStandardHelpOptions = true,
        description = {"地域を創設します（ルート・認証局・台帳の鍵を作る儀式）。", "Founds a region: makes roots, CAs and the ledger's keys."})
public final class FoundCommand implements Callable<Integer> {
    @Mixin
    private final FoundOptions options = new FoundOptions();

    @Override
    public Integer call() {
        options.founding().hold(Clock.systemUTC(), new SecureRandom());
        System.out.println(options.folder.resolve("region.json"));
        return 0;
    }

    /// Prints the public key that `found --witness` wants.
    @Command(
            name = "found-witness",
            mixinStandardHelpOptions = true,
            description = {"立会人の鍵を作り、公開鍵を表示します。", "Makes a witness's key and prints its public key."})
    public static final class OfWitness implements Callable<Integer> {
        @Option(
                names = "--folder",
                required = true,
                paramLabel = "DIR",
                description = "立会人のフォルダー / the witness's folder")
        @SuppressWarnings("NullAway.Init")
        Path folder;

        @Option(names = "--name", required = true, paramLabel = "NAME", description = "立会人の名 / its name")
        @SuppressWarnings("NullAway.Init")
        String name;

        @Option(names = "--region", required = true, paramLabel = "NAME", description = "見届ける地域 / the region")
        @SuppressWarnings("NullAway.Init")
        String region;

        @Override
        public Integer call() throws IOException {
            var witness = java.nio.file.Files.createDirectories(folder.resolve("witness"));
            System.out.println(DurableWitness.create(witness, name, Founding.origin(region), new SecureRandom())
                    .asBase64());
            return 0;
        }
    }
}
