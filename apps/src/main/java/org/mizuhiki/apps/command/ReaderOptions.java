package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.trust.KeyFiles;
import picocli.CommandLine.Option;

/// For whom to close.
final class ReaderOptions {
    private static final String EC = "EC";
    private static final String RSA = "RSA";

    @Option(
            names = "--to",
            paramLabel = "ID",
            arity = "1..*",
            description = "閲覧者の個人ID（鍵は台帳で検証） / readers by ID, keys verified against the ledger",
            converter = Arguments.Person.class)
    private List<PersonId> people = List.of();

    @Option(
            names = "--to-cert",
            paramLabel = "PEM",
            arity = "1..*",
            description =
                    "閲覧者の証明書（X-Wing、または他のPKIのRSA・EC） / readers by certificate file: X-Wing, or RSA or EC of another PKI")
    private List<Path> certificates = List.of();

    List<Reader> all(Region region) {
        var readers = new ArrayList<Reader>();
        for (var person : people) {
            readers.add(region.directoryCheck().check(person, region.directory().find(person)));
        }
        for (var file : certificates) {
            readers.add(reader(KeyFiles.readChain(file).getFirst()));
        }
        if (readers.isEmpty()) {
            throw Refusal.of(
                    "option-missing", "閲覧者を --to か --to-cert で指定してください", "Name readers with --to or --to-cert");
        }
        return readers;
    }

    /// The person who names a certificate file answers for whose it is.
    private static Reader reader(X509Certificate certificate) {
        var key = certificate.getPublicKey();
        if (key.getAlgorithm().equals(EC) || key.getAlgorithm().equals(RSA)) {
            return new Reader.Foreign(certificate);
        }
        var encoded = key.getEncoded();
        if (encoded.length < Reader.XWing.SIZE) {
            throw Refusal.of(
                    "reader-key-malformed", "この証明書の鍵には封緘できません", "Nothing can be sealed for this certificate's key");
        }
        return new Reader.XWing(
                Bytes.of(Arrays.copyOfRange(encoded, encoded.length - Reader.XWing.SIZE, encoded.length)));
    }
}
