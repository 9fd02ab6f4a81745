package org.mizuhiki.seal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Canonical;

/// The child process of the constant-memory tests: closes and opens one file under its own small heap.
final class BigFile {
    private BigFile() {}

    static void main(String[] arguments) throws Exception {
        var dir = Path.of(arguments[0]);
        var pki = new TestPki();
        var seals = new Seals(pki.die);
        var reader = seals.newReaderKey();
        seals.files()
                .close(
                        dir.resolve("in"),
                        dir.resolve("sealed"),
                        Canonical.of(Map.of()),
                        pki.author("Dr A"),
                        pki.stamps(),
                        List.of(new Reader.XWing(reader.publicKey())));
        seals.files().open(dir.resolve("sealed"), dir.resolve("out"), reader);
    }
}
