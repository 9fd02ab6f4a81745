package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.mizuhiki.apps.boot.FirstBootTerms;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// At the centre: what new routers are told to be, published under its digest. It is not secret; who wants it
/// knows its digest from a stick or a QR code, and believes nothing but that.
final class FirstBootDesk {
    private static final String PATH = "/v1/vpn/first-boot/";
    private static final int MOST = 10_000;

    private final Path folder;
    private final InstitutionCode provider;
    private final RegionFile region;
    private final URI centre;

    /// @param folder its own, for one file each
    FirstBootDesk(Path folder, InstitutionCode provider, RegionFile region) {
        this.folder = folder;
        this.provider = provider;
        this.region = region;
        this.centre = URI.create(region.centre().orElseThrow());
    }

    Map<String, OperatorDoor.Operation> operations() {
        return Map.of("first-boot", asked -> {
            var wanted = Json.read(Bytes.utf8(Asked.need(asked, "terms")), FirstBootTerms.Wish.class);
            return Json.write(publish(wanted)).asUtf8();
        });
    }

    private synchronized FirstBootTerms.Published publish(FirstBootTerms.Wish asked) {
        var terms = new FirstBootTerms(
                FirstBootTerms.FORM, asked.router(), region, provider.value(), asked.towards(), asked.time());
        var encoded = terms.encode();
        try {
            Files.createDirectories(folder);
            try (var there = Files.list(folder)) {
                if (there.count() >= MOST) {
                    throw Refusal.of(
                            "first-boot-full",
                            "公開中の初期設定が多すぎます。" + folder + " の古いファイルを削除してください",
                            "Too many first-boot documents are published; delete old files in " + folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        KeyFiles.write(file(encoded.sha256()), encoded.toArray(), "rw-------");
        return new FirstBootTerms.Published(
                centre.resolve(PATH + encoded.sha256().hex()).toString(), encoded);
    }

    Route route() {
        return Route.get(
                        PATH + "{digest}",
                        "What a new router is told to be, by its digest (from a stick or a QR code)",
                        Access.ANYONE,
                        byte[].class,
                        call -> new Reply.Raw("application/json", read(new Digest(call.path("digest")))))
                .remembersNothing();
    }

    private Bytes read(Digest digest) {
        try {
            return Bytes.of(Files.readAllBytes(file(digest)));
        } catch (IOException e) {
            throw Refusal.of("first-boot-unknown", "この初期設定はありません", "There is no such first-boot document here", e);
        }
    }

    /// A digest has no dots or slashes: no other file is named by it.
    private Path file(Digest digest) {
        return folder.resolve(digest.hex() + ".json");
    }
}
