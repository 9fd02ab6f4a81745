package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.LedgerSettings;
import org.mizuhiki.ledger.LogSigner;
import org.mizuhiki.ledger.TileLog;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.CaName;
import org.mizuhiki.trust.CaReplacement;
import org.mizuhiki.trust.CaReplacement.Because;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.RegionTrust;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Renewals;
import org.mizuhiki.trust.Revocation;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.trust.SigningKeys;
import org.mizuhiki.trust.Validator;

/// An authority with real rows, keys and ledger, and the devices that it certified, for a drill. Every step
/// fails with a refusal when what it is to show does not hold.
final class DrillRegion implements AutoCloseable {
    /// Its database, in its folder.
    static final String ROWS = "rows";

    private static final Registrar OPERATOR = new Registrar.Operator();
    private static final CaName CA = CaName.DEVICE;
    private static final Duration DAY = Duration.ofDays(1);

    /// Members that come at the same time: their commits share what the disk takes for one.
    private static final int AT_ONCE = 12;

    private static final int CONNECTIONS = 16;

    private final Path folder;
    private final Clock clock;
    private final SecureRandom die;
    private final Database database;
    private final TileLog log;
    private final LogSigner signer;
    private final Runnable progress;
    private final List<DrillDevice> holders = new ArrayList<>();
    private PostgresAuthority authority;
    private RevocationList lists;
    private PathValidator validator;

    private DrillRegion(
            Path folder,
            Clock clock,
            SecureRandom die,
            Runnable progress,
            Database database,
            TileLog log,
            LogSigner signer) {
        this.folder = folder;
        this.clock = clock;
        this.die = die;
        this.progress = progress;
        this.database = database;
        this.log = log;
        this.signer = signer;
        this.authority = authority();
        this.lists = lists();
        this.validator = new PathValidator(Accreditation.open(ca(folder), die).roots(), lists);
    }

    /// @param progress told whenever one more device is done, by whichever thread did it
    static DrillRegion found(Path folder, Clock clock, SecureRandom die, Runnable progress) {
        var config = new DatabaseConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                folder.resolve(ROWS),
                folder.resolve("bin"),
                CONNECTIONS);
        var database = Databases.open(config, PostgresAuthority.MIGRATIONS, die);
        return Closing.unless(database, () -> {
            var accreditation = Accreditation.found(ca(folder), "drill", URI.create("http://127.0.0.1:1"), clock, die);
            var signer = LogSigner.generate("drill", die);
            try {
                var log = TileLog.open(
                        folder.resolve("log"),
                        signer,
                        signer.keys(Map.of(), 0),
                        accreditation.stamps(clock, die),
                        List.of(),
                        LedgerSettings.usual());
                return new DrillRegion(folder, clock, die, progress, database, log, signer);
            } catch (IOException e) {
                throw new UncheckedIOException("the drill's folder cannot be used", e);
            }
        });
    }

    private static Path ca(Path folder) {
        return folder.resolve("accreditation");
    }

    private PostgresAuthority authority() {
        return new PostgresAuthority(Accreditation.open(ca(folder), die), database, log, clock, die);
    }

    private RevocationList lists() {
        var accreditation = Accreditation.open(ca(folder), die);
        var trust = new RegionTrust(
                "drill", accreditation.roots(), Optional.of(accreditation.quantumSafeRoot()), signer.keys(Map.of(), 0));
        var fresh = new RevocationList(authority.published(), trust, clock, DAY);
        fresh.refresh();
        return fresh;
    }

    void enrol(int count) {
        var desk = authority.certification(OPERATOR);
        holders.addAll(each(IntStream.range(0, count).boxed(), number -> {
            var key = KeyFiles.newKeyPair(die);
            var request = EnrolmentRequests.server(key).signing();
            return DrillDevice.of(number, key, desk.certify(DrillDevice.member(number), request));
        }));
        must(stands(holders.getFirst()), "the devices' certificates hold");
    }

    private <Q, A> List<A> each(Stream<Q> all, Function<Q, A> deed) {
        return all.gather(Gatherers.mapConcurrent(AT_ONCE, one -> {
                    var done = deed.apply(one);
                    progress.run();
                    return done;
                }))
                .toList();
    }

    void declare() {
        authority.caRevocation().begin(CA.text(), "drill", "drill");
        must(isRefused("ca-unavailable", () -> renew(holders.getFirst())), "nothing is issued any more");
    }

    /// The next one goes on with what this one left.
    void restart() {
        authority.close();
        authority = authority().tended();
        lists = lists();
        validator = new PathValidator(Accreditation.open(ca(folder), die).roots(), lists);
    }

    void awaitRevoked(int count) {
        while (authority.caRevocation().progress().stream()
                .anyMatch(p -> p.finished().isEmpty())) {
            pause();
        }
        must(authority.caRevocation().progress().getFirst().revoked() == count, "every certificate is revoked");
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    void lose() {
        try {
            Files.delete(ca(folder).resolve("authority").resolve(CA.text() + ".key"));
        } catch (IOException e) {
            throw new UncheckedIOException("the drill's key cannot be deleted", e);
        }
    }

    void replace(Because why) {
        var root = ca(folder).resolve("root");
        new CaReplacement(ca(folder), SigningKeys.inFolder(root, die), root.resolve("root-ml-dsa-65.key"), clock, die)
                .replace(CA, why);
        restart();
        must(lists.isOfRetiredCa(holders.getFirst().own()), "holders learn that they are to renew");
    }

    void checkOld(Because why) {
        if (why == Because.COMPROMISED) {
            must(each(holders.stream(), this::stands).stream().noneMatch(s -> s), "old certificates are refused");
            return;
        }
        must(all(holders), "old certificates hold");
        var stolen = holders.removeFirst();
        authority.revocation(OPERATOR).revoke(stolen.member(), Revocation.Reason.KEY_COMPROMISE);
        lists.refresh();
        must(!stands(stolen), "one of them that is revoked is refused");
    }

    void renewAll() {
        var next = each(holders.stream(), this::renew);
        holders.clear();
        holders.addAll(next);
    }

    void checkNew() {
        lists.refresh();
        must(all(holders), "the next certificates hold");
        must(holders.stream().noneMatch(h -> lists.isOfRetiredCa(h.own())), "the next certificates are of the new key");
    }

    private DrillDevice renew(DrillDevice holder) {
        var key = holder.pair(); // a device's stays, as it lies in its chip
        var asked = Renewals.Asked.of(key.getPrivate(), holder.own(), EnrolmentRequests.server(key));
        return DrillDevice.of(holder.number(), key, authority.renewals().renew(asked));
    }

    private boolean all(List<DrillDevice> some) {
        return each(some.stream(), this::stands).stream().allMatch(s -> s);
    }

    private boolean stands(DrillDevice holder) {
        return !isRefused("certificate-revoked", () -> {
            var named = validator.check(holder.chain(), Validator.Purpose.TLS_CLIENT, clock.instant());
            must(named.equals(holder.member()), "a certificate names its own device");
        });
    }

    private static boolean isRefused(String code, Runnable deed) {
        try {
            deed.run();
            return false;
        } catch (Refusal e) {
            if (e.code().equals(code)) {
                return true;
            }
            throw e;
        }
    }

    private static void must(boolean holds, String what) {
        if (!holds) {
            throw Refusal.of("drill-failed", "訓練が失敗しました: " + what, "The drill failed; this does not hold: " + what);
        }
    }

    @Override
    public void close() {
        Closing.all(List.of(lists, authority, log, database));
    }
}
