package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.CaList;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Published;

/// What the authority publishes, kept in a folder for a start while it is away. All of it is signed, and how
/// old it may be its reader knows.
record KeptLists(Published authority, Path folder) implements Published {
    KeptLists {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    @Override
    public Bytes certificate(String ca) {
        return kept(ca + ".crt", () -> authority.certificate(ca));
    }

    @Override
    public Bytes crl(String ca) {
        return kept(ca + ".crl", () -> authority.crl(ca));
    }

    @Override
    public Optional<CaList> caList() {
        // every authority of ours has one; whoever pinned the second key refuses a region without
        return Optional.of(CaList.decode(
                kept("ca-list", () -> authority.caList().orElseThrow().encode())));
    }

    private Bytes kept(String name, Supplier<Bytes> fetch) {
        var file = folder.resolve(name);
        try {
            var fetched = fetch.get();
            if (!Files.exists(file) || !Bytes.of(Files.readAllBytes(file)).equals(fetched)) {
                KeyFiles.write(file, fetched.toArray(), "rw-r--r--");
            }
            return fetched;
        } catch (Refusal away) {
            try {
                return Bytes.of(Files.readAllBytes(file));
            } catch (IOException e) {
                throw away;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file, e);
        }
    }
}
