package org.mizuhiki.apps.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.mizuhiki.apps.qr.QrReader;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Json;

/// What lies on a stick, or was read from a QR code: the link, and on a stick the terms beside it, so that
/// nothing has to be fetched.
public record FirstBootDocument(FirstBootLink link, Optional<Bytes> terms) {
    /// Of the one file on a stick.
    public static final String FILE = "mizuhiki-first-boot.json";

    private static final int MOST = 2 * FirstBootTerms.MOST;

    /// The file.
    ///
    /// @param link as [FirstBootLink#revealed] writes it
    /// @param terms as [FirstBootTerms#encode] wrote them
    record Form(String link, Optional<Bytes> terms) {}

    /// The file's content; as secret as the link.
    public Bytes encode() {
        return Json.write(new Form(link.revealed(), terms));
    }

    /// @throws Refusal `first-boot-malformed`
    public static FirstBootDocument decode(Bytes encoded) {
        if (encoded.size() > MOST) {
            throw FirstBootLink.malformed();
        }
        try {
            var form = Json.read(encoded, Form.class);
            return new FirstBootDocument(FirstBootLink.parse(form.link()), form.terms());
        } catch (Refusal e) {
            throw FirstBootLink.malformed();
        }
    }

    /// From wherever somebody put it: a folder such as a stick, the file itself, a file with the link as a
    /// scanner typed it, or a picture of the QR code. Whatever it is came from outside: links are not
    /// followed, what is too large is not read.
    ///
    /// @return empty if nothing is there
    /// @throws Refusal `first-boot-malformed`, `qr-unreadable`
    public static Optional<FirstBootDocument> find(Path place) {
        var file = Files.isDirectory(place) ? place.resolve(FILE) : place;
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw FirstBootLink.malformed();
            }
            var start = start(file);
            if (start.startsWith("{")) {
                return Optional.of(decode(Bytes.of(bounded(file))));
            }
            var text = FirstBootLink.isMeant(start)
                    ? new String(bounded(file), StandardCharsets.US_ASCII)
                    : QrReader.read(file);
            return Optional.of(new FirstBootDocument(FirstBootLink.parse(text), Optional.empty()));
        } catch (IOException e) {
            throw Refusal.of(
                    "file-unreadable", "初期設定のデータを読めません: " + file, "The first-boot document cannot be read: " + file, e);
        }
    }

    private static String start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(32), StandardCharsets.US_ASCII).strip();
        }
    }

    private static byte[] bounded(Path file) throws IOException {
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            var read = in.readNBytes(MOST + 1);
            if (read.length > MOST) {
                throw FirstBootLink.malformed();
            }
            return read;
        }
    }
}
