package org.mizuhiki.records;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// Tells what a file is by its content, never by its name, and whether it can travel with a letter.
public final class AttachmentReading {
    private AttachmentReading() {}

    /// Reads the whole file once for its hash, in constant memory.
    ///
    /// @throws Refusal `attachment-away` when the file cannot be read, `attachment-name` or
    /// `attachment-size`
    public static AttachmentCheck check(Path file) {
        try {
            var start = start(file);
            if (start.length >= 5 && new String(start, 0, 5, StandardCharsets.US_ASCII).equals("%PDF-")) {
                return pdf(file);
            }
            if (start.length == 132 && new String(start, 128, 4, StandardCharsets.US_ASCII).equals("DICM")) {
                return dicom(file);
            }
            return unknown();
        } catch (IOException e) {
            throw Refusal.of("attachment-away", "添付ファイルを読めません", "The attachment cannot be read", e);
        }
    }

    private static byte[] start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(132);
        }
    }

    private static AttachmentCheck pdf(Path file) throws IOException {
        var findings = new FindingList();
        var description = PdfCheck.look(file, findings);
        return findings.hasErrors()
                ? new AttachmentCheck.Unacceptable(findings.sorted())
                : new AttachmentCheck.Acceptable(
                        described(file, Attachment.MediaType.PDF), description, findings.sorted());
    }

    private static AttachmentCheck dicom(Path file) throws IOException {
        var findings = new FindingList();
        try (var in = Files.newInputStream(file)) {
            var header = DicomHeader.read(in);
            return new AttachmentCheck.Acceptable(
                    described(file, Attachment.MediaType.DICOM), header.describe(), findings.sorted());
        } catch (Refusal refusal) {
            findings.error(
                    refusal.code(),
                    "",
                    refusal.japanese(),
                    refusal.english(),
                    "装置またはPACSから出力し直してください",
                    "Export it again from the scanner or archive");
            return new AttachmentCheck.Unacceptable(findings.sorted());
        }
    }

    private static AttachmentCheck unknown() {
        var findings = new FindingList();
        findings.error(
                "attachment-unknown",
                "",
                "PDFでもDICOM画像でもないファイルは添付できません",
                "Only PDF files and DICOM images can be attached",
                "PDFに変換してください",
                "Convert it into a PDF");
        return new AttachmentCheck.Unacceptable(findings.sorted());
    }

    private static Attachment described(Path file, Attachment.MediaType type) throws IOException {
        var name = String.valueOf(file.getFileName());
        var hash = Digest.sha256();
        try (var in = new DigestInputStream(Files.newInputStream(file), hash)) {
            long size = 0;
            var buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
            }
            return new Attachment(name, type, size, Digest.ofHash(hash.digest()));
        }
    }
}
