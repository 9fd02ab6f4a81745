package org.mizuhiki.pocket;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DicomPhantom;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.PdfPage;
import org.mizuhiki.records.Referral;
import org.mizuhiki.records.ReferralSample;
import org.mizuhiki.records.ReferralWriter;

/// Synthetic referral letters.
final class Letters {
    private Letters() {}

    private static Referral referral(long seed) {
        return ReferralSample.at(OffsetDateTime.parse("2026-05-01T10:00:01+09:00"), new SplittableRandom(seed));
    }

    private static final Map<Long, Bytes> WRITTEN = new ConcurrentHashMap<>();

    static Bytes document(long seed) {
        return WRITTEN.computeIfAbsent(seed, s -> ReferralWriter.write(referral(s), new SplittableRandom(s)));
    }

    /// Without attachments.
    static NewLetter plain(PersonId owner) {
        return new NewLetter(owner, document(1), List.of(), new DocumentRules(), AttachmentReading::check);
    }

    /// With a PDF and an image.
    static NewLetter full(PersonId owner, Path folder) throws Exception {
        var pdf = folder.resolve("report.pdf");
        var image = folder.resolve("ct.dcm");
        var referral = referral(2);
        Files.write(pdf, PdfPage.report(referral).toArray());
        Files.write(
                image,
                DicomPhantom.ct(
                                referral.patient(),
                                OffsetDateTime.parse("2026-05-01T09:00:01+09:00"),
                                new SplittableRandom(3))
                        .toArray());
        return new NewLetter(owner, document(2), List.of(pdf, image), new DocumentRules(), AttachmentReading::check);
    }

    static String draft(Pocket pocket, NewLetter letter) {
        return switch (pocket.post().write(letter)) {
            case Written.Drafted d -> d.draft().id();
            case Written.NotALetter n -> throw new AssertionError(n.findings().toString());
        };
    }
}
