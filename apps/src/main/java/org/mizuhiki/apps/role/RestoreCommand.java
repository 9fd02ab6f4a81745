package org.mizuhiki.apps.role;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.Callable;
import org.mizuhiki.centre.PostgresCentre;
import org.mizuhiki.dues.Office;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.PostgresKeyServer;
import org.mizuhiki.mail.PostOffice;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.trust.PostgresAuthority;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mizuhiki restore --config FILE --from DIR`: fills a stopped, empty server from a backup.
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {"止まっている空のサーバーにバックアップを戻します。", "Fills a stopped, empty server from a backup."})
public final class RestoreCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "設定ファイル / configuration file")
    @SuppressWarnings("NullAway.Init")
    Path config;

    @Option(names = "--from", required = true, paramLabel = "DIR", description = "バックアップ / the backup")
    @SuppressWarnings("NullAway.Init")
    Path from;

    @Override
    public Integer call() throws IOException {
        var read = RoleConfig.read(config);
        var die = new SecureRandom();
        var restore = switch (read.role()) {
            case "authority" -> new Restore(read, PostgresAuthority.MIGRATIONS, Set.of(Backups.LOG), die);
            case "keys" -> new Restore(read, PostgresKeyServer.MIGRATIONS, Set.of(), die);
            case "centre" -> new Restore(read, PostgresCentre.MIGRATIONS, Set.of(), die);
            case "office" -> new Restore(read, Office.MIGRATIONS, Set.of(), die);
            case "edge" -> new Restore(read, PostOffice.MIGRATIONS, Set.of(), die);
            case "store" -> new Restore(read, PostgresStore.MIGRATIONS, Set.of(Backups.BLOBS), die);
            default ->
                throw Refusal.of(
                        "config-invalid",
                        read.role() + " には戻すものがありません（鍵と設定のフォルダーを写してください）",
                        read.role() + " keeps no rows; copy its folder instead");
        };
        restore.from(from);
        System.out.println("戻しました / restored: " + read.folder());
        return 0;
    }
}
