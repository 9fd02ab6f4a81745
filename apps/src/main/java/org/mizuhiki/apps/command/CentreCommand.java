package org.mizuhiki.apps.command;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.mizuhiki.centre.RemoteSessionDesk;
import org.mizuhiki.centre.RemoteSubscriberDesk;
import org.mizuhiki.centre.SessionDesk;
import org.mizuhiki.centre.SubscriberDesk;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What every command shares that goes to the centre: who acts, how it answers.
@Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
abstract class CentreCommand implements Callable<Integer> {
    @Mixin
    final PartyOptions party = new PartyOptions();

    @Mixin
    final Output output = new Output();

    /// Whoever acts, at the centre.
    record AtCentre(
            SubscriberDesk desk,
            SessionDesk sessions,
            Declarations declarations,
            Author author,
            Sign sign,
            Region region,
            Clock clock) {
        Member self() {
            return Member.of(author.certificate());
        }

        InstitutionCode code() {
            return Affiliation.of(self()).code();
        }

        Instant now() {
            return clock.instant().truncatedTo(ChronoUnit.SECONDS);
        }

        Digest declare(Declaration declaration) {
            return desk.declare(sign.sign(declaration)).id();
        }
    }

    /// Signs and stamps.
    @FunctionalInterface
    interface Sign {
        org.mizuhiki.house.Bytes sign(Declaration declaration);
    }

    /// Does it; every "no" is a Refusal.
    abstract void with(AtCentre at) throws Exception;

    @Override
    public final Integer call() throws Exception {
        return party.act((author, region, file) -> {
            var address = file.centre()
                    .orElseThrow(() -> Refusal.of(
                            "centre-missing",
                            "この地域の設定に接続管理センターがありません。新しい地域ファイルを運営者から受け取ってください",
                            "The region file names no centre; get a newer one from the operator"));
            var identity =
                    new Identity(author.key(), author.chain(), region.trust().roots());
            var peer = Peers.connect(URI.create(address), () -> identity, Patience.usual(), party.die());
            var declarations = new Declarations(new Seals(party.die()).records(), region.validator(), party.clock());
            with(new AtCentre(
                    new RemoteSubscriberDesk(peer),
                    new RemoteSessionDesk(peer),
                    declarations,
                    author,
                    d -> declarations.sign(d, author, region.stamps()),
                    region,
                    party.clock()));
        });
    }

    String nonce() {
        return Declaration.nonce(party.die());
    }
}
