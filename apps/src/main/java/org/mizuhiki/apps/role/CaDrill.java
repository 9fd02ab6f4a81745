package org.mizuhiki.apps.role;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.CaReplacement.Because;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mizuhiki ca drill`: the worst, rehearsed in a region that is thrown away afterwards. Nothing of a real
/// region is touched, and what is told is what was checked.
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = {
            "使い捨ての地域で、認証局の鍵の漏えい（または紛失）から全員の再発行までを通しで訓練します。",
            "Rehearses a stolen (or lost) CA key, up to everybody's next certificate, in a region that is thrown away."
        })
final class CaDrill implements Callable<Integer> {
    private static final int MOST = 100_000;

    /// So many at a time it tells how far it is.
    private static final int SOME = 10_000;

    private final AtomicInteger done = new AtomicInteger();

    @Option(
            names = "--because",
            paramLabel = "WHY",
            defaultValue = "compromised",
            description = "compromised（漏えい、既定） / lost（紛失）")
    @SuppressWarnings("NullAway.Init")
    String because;

    @Option(
            names = "--members",
            paramLabel = "COUNT",
            defaultValue = "2000",
            description = "証明書を持つ機器の数（1〜100000） / devices with certificates")
    int members;

    @Override
    public Integer call() throws IOException {
        var why = CaCommand.because(because);
        if (members < 1 || members > MOST) {
            throw Refusal.of("argument-malformed", "--members は1〜100000です", "--members is 1 to 100000");
        }
        Crypto.choose();
        try (var place = DrillPlace.make()) {
            play(place.found(Clock.systemUTC(), new SecureRandom(), this::oneMore), why);
        }
        return 0;
    }

    private void play(DrillRegion region, Because why) {
        // 1. a region at work
        tell(members + " 台に発行 / issued to devices", () -> region.enrol(members));
        // 2. the key is in other hands, or gone
        if (why == Because.COMPROMISED) {
            tell("漏えいを宣言、発行を停止 / declared, nothing is issued any more", region::declare);
            tell("途中で停止 / stopped in the middle of the revocation", region::restart);
            tell("全件の失効を完了 / all revoked, going on where it stopped", () -> region.awaitRevoked(members));
        } else {
            tell("鍵を紛失 / the key is lost", region::lose);
        }
        // 3. the root, out of its vault, certifies a new one
        tell("ルートが新しい鍵を認証 / the root certified a new key", () -> region.replace(why));
        // 4. what is believed now
        tell(
                why == Because.COMPROMISED
                        ? "旧証明書は拒否される / old certificates are refused"
                        : "旧証明書は有効、失効も伝わる / old certificates hold, and can be revoked",
                () -> region.checkOld(why));
        tell("全員が自動で更新 / everybody renewed", region::renewAll);
        tell("全員の新証明書が有効 / everybody's next certificate holds, of the new key", region::checkNew);
    }

    private void oneMore() {
        int so = done.incrementAndGet();
        if (so % SOME == 0) {
            System.err.println("  … " + so + " / " + members);
        }
    }

    private void tell(String what, Runnable step) {
        done.set(0);
        long begun = System.nanoTime();
        step.run();
        System.out.println("○ " + what + "  " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    }
}
