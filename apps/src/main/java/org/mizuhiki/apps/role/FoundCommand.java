package org.mizuhiki.apps.role;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.DurableWitness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mizuhiki found` begins a region; `mizuhiki found-witness` makes a witness's key before that, at the
/// witness's own place.
@Command(
        name = "found",
        mixinStandardHelpOptions = true,
        description = {"地域を創設します（ルート・認証局・台帳の鍵を作る儀式）。", "Founds a region: makes roots, CAs and the ledger's keys."})
public final class FoundCommand implements Callable<Integer> {
    @Option(names = "--folder", required = true, paramLabel = "DIR", description = "認証局のフォルダー / the authority's folder")
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Option(names = "--region", required = true, paramLabel = "NAME", description = "地域の名 / the region's name")
    @SuppressWarnings("NullAway.Init")
    String region;

    @Option(
            names = "--plain",
            required = true,
            paramLabel = "URL",
            description = "失効情報などの公開先 http://… / where CRL, OCSP and stamps are served")
    @SuppressWarnings("NullAway.Init")
    URI plain;

    @Option(names = "--witness", paramLabel = "NAME=KEY", description = "立会人の名と公開鍵（base64） / a witness and its key")
    Map<String, String> witnesses = new LinkedHashMap<>();

    @Option(names = "--authority", required = true, paramLabel = "URL", description = "認証局 / the authority")
    @SuppressWarnings("NullAway.Init")
    URI authority;

    @Option(names = "--keys", required = true, paramLabel = "URL", description = "鍵サーバー / the key server")
    @SuppressWarnings("NullAway.Init")
    URI keys;

    @Option(names = "--store", required = true, paramLabel = "URL", description = "保管サーバー / the store")
    @SuppressWarnings("NullAway.Init")
    URI store;

    @Option(
            names = "--gateway",
            required = true,
            paramLabel = "URL",
            description = "医療機関の窓口 / the institution's gateway")
    @SuppressWarnings("NullAway.Init")
    URI gateway;

    @Override
    public Integer call() {
        var named = new LinkedHashMap<String, Bytes>();
        witnesses.forEach((name, key) -> named.put(name, Bytes.base64(key)));
        var servers = new Founding.Addresses(authority, keys, store, gateway);
        new Founding(folder, region, plain, named, servers).hold(Clock.systemUTC(), new SecureRandom());
        System.out.println(folder.resolve("region.json"));
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
