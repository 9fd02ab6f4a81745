package org.mizuhiki.apps.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.ForeignRoot;
import org.mizuhiki.trust.Freshness;
import org.mizuhiki.trust.KnownForeignRoots;
import org.mizuhiki.trust.RemoteForeignRoots;
import org.mizuhiki.trust.Stranger;
import org.mizuhiki.trust.StrangerCheck;
import org.mizuhiki.trust.Verdict;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// Is a stranger's certificate to be believed, by the roots that the region trusts? docs/flows/validation.md
@Command(
        name = "check",
        description = {
            "地域の外の証明書（S/MIMEなど）を信頼してよいか、理由とともに答える",
            "Say whether a certificate of another PKI (S/MIME and others) is to be believed, and why"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class CertCheck implements Callable<Integer> {
    private static final long MAX_FILE = 4 << 20;

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Parameters(
            paramLabel = "FILE",
            description = "証明書（PEM：本人のものを最初に。またはDER） / the certificate: PEM, own first, or DER")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--with",
            paramLabel = "FILE",
            arity = "1..*",
            description = "中間の認証局の証明書や失効リストのファイル / more files: certificates of CAs between, revocation lists")
    private List<Path> more = List.of();

    @Option(
            names = "--purpose",
            paramLabel = "PURPOSE",
            defaultValue = "mail-signing",
            description = "mail-signing, mail-encryption, tls-client, tls-server（既定 / default ${DEFAULT-VALUE}）",
            converter = AsPurpose.class)
    @SuppressWarnings("NullAway.Init")
    private ForeignRoot.Purpose purpose;

    @Option(names = "--from", paramLabel = "ADDRESS", description = "証明書が示すべきメールアドレス / the mail address it must name")
    private @Nullable String from;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "使われた時刻（省略時は今） / when it was used (default now)",
            converter = Arguments.Time.class)
    private @Nullable Instant at;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "ルートの一覧と失効情報を保管するフォルダー（既定 DIR/strangers） / keeps roots and answers (default DIR/strangers)")
    private @Nullable Path cache;

    @Option(names = "--offline", description = "どこにも接続せず、保管した情報だけで答える / call nobody: by what is kept and came along")
    private boolean offline;

    /// `mail-signing` and so on.
    static final class AsPurpose implements ITypeConverter<ForeignRoot.Purpose> {
        @Override
        public ForeignRoot.Purpose convert(String value) {
            return Stream.of(ForeignRoot.Purpose.values())
                    .filter(p -> p.word().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "mail-signing, mail-encryption, tls-client, tls-server のいずれか / one of these"));
        }
    }

    /// What `--json` prints.
    ///
    /// @param code `accepted`, or the stable code of why not
    /// @param root SHA-256 of the trusted root's certificate, if accepted
    /// @param asOf when the oldest answer about revocation was made, if accepted
    /// @param offline an answer past its time had to do
    /// @param path subjects, own first, if accepted
    record Row(
            boolean accepted,
            String purpose,
            String code,
            String japanese,
            String english,
            String root,
            String asOf,
            boolean offline,
            List<String> path) {}

    @Override
    public Integer call() throws Exception {
        Crypto.choose();
        var folder =
                Files.createDirectories(cache != null ? cache : device.folder().resolve("strangers"));
        // 1. which foreign roots the region trusts, proven by the ledger
        var roots = roots(device.regionFile(), folder);
        // 2. what there is to judge
        var stranger = stranger();
        var when = at != null ? at : device.clock.instant();
        try (var check = check(roots, folder.resolve("answers"))) {
            // 3. the verdict, in words
            var row = row(check.check(stranger, purpose, when));
            output.tell(row, words(row));
            return row.accepted() ? Exit.OK : Exit.REFUSED;
        }
    }

    private KnownForeignRoots roots(RegionFile region, Path folder) {
        var trust = region.trust();
        var evidence = new OfflineEvidenceCheck(new Seals(device.die).stamps(), new PinnedStampRoots(trust.roots()));
        var known = KnownForeignRoots.open(evidence, trust.log(), folder.resolve("foreign-roots.json"), device.clock);
        if (offline) {
            known.mustBeFresh(Freshness.terminal());
        } else {
            var authority =
                    Peers.connect(URI.create(region.authority()), Identity.anonymous(trust.roots()), device.die);
            known.refresh(new RemoteForeignRoots(authority));
        }
        return known;
    }

    private StrangerCheck check(KnownForeignRoots roots, Path answers) throws IOException {
        return offline
                ? StrangerCheck.offline(roots::current, Freshness.terminal(), answers, device.clock)
                : new StrangerCheck(roots::current, Freshness.usual(), answers, device.clock);
    }

    private Stranger stranger() throws IOException {
        var stranger = Stranger.read(read(file));
        for (var beside : more) {
            stranger = stranger.with(read(beside));
        }
        return from != null ? stranger.from(from) : stranger;
    }

    private static Bytes read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw Refusal.of("file-too-large", "ファイルが大きすぎます", "The file is too large");
        }
        return Bytes.of(Files.readAllBytes(file));
    }

    private Row row(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted yes ->
                new Row(
                        true,
                        purpose.word(),
                        "accepted",
                        yes.offline() ? "信頼できます（失効情報は期限を過ぎた保管分）" : "信頼できます",
                        yes.offline()
                                ? "To be believed, by a kept answer about revocation that is past its time"
                                : "To be believed",
                        yes.root().hex(),
                        yes.asOf().toString(),
                        yes.offline(),
                        yes.path().stream()
                                .map(c -> c.getSubjectX500Principal().getName())
                                .toList());
            case Verdict.Refused(var why) ->
                new Row(false, purpose.word(), why.code(), why.japanese(), why.english(), "", "", false, List.of());
        };
    }

    private static String words(Row row) {
        if (!row.accepted()) {
            return "× %s%n  %s%n  code: %s".formatted(row.japanese(), row.english(), row.code());
        }
        return "○ %s（%s）%n  %s%n  ルート / root: %s%n  失効情報 / revocation as of: %s%n  %s"
                .formatted(
                        row.japanese(),
                        row.purpose(),
                        row.english(),
                        row.root(),
                        Arguments.when(Instant.parse(row.asOf())),
                        String.join(" ← ", row.path()));
    }
}
