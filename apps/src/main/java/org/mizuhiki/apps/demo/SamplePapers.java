package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.AttachmentCheck;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DicomPhantom;
import org.mizuhiki.records.PdfPage;
import org.mizuhiki.records.Referral;
import org.mizuhiki.records.ReferralSample;
import org.mizuhiki.records.ReferralWriter;

/// What doctor A sends: a referral of invented people with a report (PDF) and an image (DICOM), or the
/// user's own letter.
///
/// @param words of the letter that must be found nowhere on a server
record SamplePapers(ReferralCase1.Papers papers, List<String> words) {
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");

    static SamplePapers in(Path folder, Optional<Path> own, Clock clock, RandomGenerator die) throws IOException {
        Files.createDirectories(folder);
        var now = OffsetDateTime.ofInstant(clock.instant(), TOKYO).withNano(0);
        var referral = ReferralSample.at(now, die);
        var report = Files.write(
                folder.resolve("report.pdf"), PdfPage.report(referral).toArray());
        var image = Files.write(
                folder.resolve("image.dcm"),
                DicomPhantom.ct(referral.patient(), now, die).toArray());
        var files = List.of(report, image);
        if (own.isPresent()) {
            var document = Bytes.of(Files.readAllBytes(own.get()));
            return new SamplePapers(new ReferralCase1.Papers(document, files), wordsOf(document));
        }
        var document = ReferralWriter.write(
                referral.with(files.stream().map(SamplePapers::attachment).toList()), die);
        return new SamplePapers(new ReferralCase1.Papers(document, files), wordsOf(referral));
    }

    private static Attachment attachment(Path file) {
        return switch (AttachmentReading.check(file)) {
            case AttachmentCheck.Acceptable(var attachment, var description, var findings) -> attachment;
            case AttachmentCheck.Unacceptable(var findings) ->
                throw new IllegalStateException("our own sample is refused: " + findings);
        };
    }

    private static List<String> wordsOf(Referral referral) {
        return List.of(
                referral.patient().name().written(),
                referral.patient().name().kana(),
                referral.patient().address(),
                referral.story().presentIllness().lines().findFirst().orElseThrow(),
                referral.story().purpose());
    }

    /// Of a letter that we know nothing of: pieces from its middle.
    private static List<String> wordsOf(Bytes document) {
        var text = document.asUtf8();
        int third = text.length() / 3;
        return List.of(
                text.substring(third, Math.min(text.length(), third + 40)),
                text.substring(2 * third, Math.min(text.length(), 2 * third + 40)));
    }
}
