package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.mizuhiki.apps.boot.FirstBootDocument;
import org.mizuhiki.apps.boot.FirstBootLink;
import org.mizuhiki.apps.boot.FirstBootTerms;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a machine the router that a first-boot document names, once: region file, tickets, and last its
/// configuration. Whatever cuts it off, the next start with the same document goes on; from the
/// configuration's file on, the document is not needed any more.
final class FirstBooting {
    static final String REGION = "region.json";
    static final String TICKET_DEVICE = "ticket-device";
    static final String TICKET_SERVICE = "ticket-service";
    private static final Logger LOG = LoggerFactory.getLogger(FirstBooting.class);

    private FirstBooting() {}

    /// @param config the router's configuration, existing or to be; its folder becomes the router's
    /// @param machine see [RouterMachine]
    /// @param place a stick's folder, a file, or a picture of a QR code, see [FirstBootDocument#find]
    /// @throws Refusal `first-boot-missing`, `first-boot-configured`, `first-boot-expired`,
    ///     `first-boot-altered`, `first-boot-malformed`, `first-boot-unreachable`, `config-…`
    static void prepare(Path config, Path machine, Path place, Clock clock, SecureRandom die) {
        // 1. what somebody brought, if anything; a router that is one needs nothing
        var found = FirstBootDocument.find(place);
        if (found.isEmpty() && Files.exists(config)) {
            return;
        }
        var document = found.orElseThrow(() -> missing(place));
        var link = document.link();
        boolean late = !clock.instant().isBefore(link.until());
        if (Files.exists(config) && isDone(config, link)) {
            if (!late) {
                mend(config, link);
            }
            return;
        }
        // 2. in time, and the terms that its link means
        if (late) {
            throw expired(link);
        }
        var encoded = document.terms().orElseGet(() -> FromAnyone.fetch(link.address(), FirstBootTerms.MOST, die));
        var terms = FirstBootTerms.of(link, encoded);
        // 3. the machine's own part
        var own = RouterMachine.read(machine);
        // 4. the configuration last: before it there is no router
        write(config, own, terms, link);
        LOG.info("configured by a first-boot document as {}", terms.router());
    }

    /// @return whether this very document was taken before
    /// @throws Refusal `first-boot-configured` if this is another's router already
    private static boolean isDone(Path config, FirstBootLink link) {
        var known = RouterConfig.read(config);
        if (known.firstBoot().equals(Optional.of(link.terms().hex()))) {
            return true;
        }
        // made by hand, or its chip has shown itself: nobody makes it another's with a stick
        if (known.firstBoot().isEmpty() || RouterIdentity.isSettled(known.folder())) {
            throw Refusal.of(
                    "first-boot-configured",
                    "この機器はもう設定されています。USBメモリまたはQRコードは別の設定のものなので、使いません。抜いて起動し直してください",
                    "This router is configured already, and the stick or QR code is for another configuration; it is"
                            + " not taken. Pull it out and start again");
        }
        return false;
    }

    /// The same terms with other tickets: those that came first may have been used up, or another router's.
    private static void mend(Path config, FirstBootLink link) {
        var known = RouterConfig.read(config);
        if (!RouterIdentity.isSettled(known.folder()) && known.tickets().isPresent()) {
            link.tickets().ifPresent(t -> keep(known.folder(), t));
        }
    }

    private static void keep(Path folder, FirstBootLink.Tickets tickets) {
        keep(folder.resolve(TICKET_DEVICE), Bytes.utf8(tickets.device().revealed() + "\n"));
        keep(folder.resolve(TICKET_SERVICE), Bytes.utf8(tickets.service().revealed() + "\n"));
    }

    private static void write(Path config, RouterMachine own, FirstBootTerms terms, FirstBootLink link) {
        var folder = config.toAbsolutePath().resolveSibling(".").normalize();
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            // first: cut in the middle, one document's configuration must not meet another's tickets
            Files.deleteIfExists(folder.resolve(config.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        keep(folder.resolve(REGION), Json.write(terms.region()));
        link.tickets().ifPresent(t -> keep(folder, t));
        keep(
                folder.resolve(config.getFileName()),
                Bytes.utf8(own.configuration(terms, link.terms(), link.tickets().isPresent())));
    }

    private static void keep(Path file, Bytes content) {
        KeyFiles.write(file, content.toArray(), "rw-------");
    }

    private static Refusal missing(Path place) {
        return Refusal.of(
                "first-boot-missing",
                "この機器はまだ設定されていません。初期設定のUSBメモリを差すか、QRコードを読み取ってください（" + place + "）",
                "This router is not configured yet: insert the stick or scan the QR code of its first boot (" + place
                        + ")");
    }

    private static Refusal expired(FirstBootLink link) {
        return Refusal.of(
                "first-boot-expired",
                "初期設定のデータの期限（" + link.until() + "）が過ぎています。機器の時計を確かめ、合っていればプロバイダから受け取り直してください",
                "The first-boot document ended at " + link.until() + "; see to the machine's clock, and if that is"
                        + " right get another from the provider");
    }
}
