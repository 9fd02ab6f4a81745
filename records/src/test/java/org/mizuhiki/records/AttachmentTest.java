package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionJavaScript;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

@Tag("V9")
@Tag("V11")
@Tag("F9")
class AttachmentTest {
    @TempDir
    Path folder;

    @Test
    void aPdfIsDescribedAndHashed() throws IOException {
        var bytes = PdfPage.report(Samples.referral(1));
        var answer = assertInstanceOf(AttachmentCheck.Acceptable.class, check("報告書.pdf", bytes));
        assertEquals(
                new Attachment("報告書.pdf", Attachment.MediaType.PDF, bytes.size(), bytes.sha256()), answer.attachment());
        assertEquals(List.of(), answer.findings());
        assertTrue(answer.description().contains("1 頁"), answer.description());
    }

    @Test
    void aPdfThatActsOrNeedsAPasswordIsAWarning() throws IOException {
        var acting = folder.resolve("acting.pdf");
        var locked = folder.resolve("locked.pdf");
        try (var document = new PDDocument()) {
            document.addPage(new PDPage());
            document.getDocumentCatalog().setOpenAction(new PDActionJavaScript("app.alert(1)"));
            document.save(acting.toFile());
        }
        try (var document = new PDDocument()) {
            document.addPage(new PDPage());
            document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
            document.save(locked.toFile());
        }
        assertEquals(List.of("pdf-active"), codes(AttachmentReading.check(acting)));
        assertEquals(List.of("pdf-encrypted"), codes(AttachmentReading.check(locked)));
    }

    @Test
    void aDamagedPdfIsRefused() throws IOException {
        var bytes = PdfPage.report(Samples.referral(1)).toArray();
        var cut = check("cut.pdf", Bytes.of(Arrays.copyOf(bytes, bytes.length - 10)));
        assertEquals(List.of("pdf-cut-off"), codes(cut));
        var empty = check("empty.pdf", Bytes.utf8("%PDF-1.7\nnothing\n%%EOF"));
        assertEquals(List.of("pdf-unreadable"), codes(empty));
        assertInstanceOf(AttachmentCheck.Unacceptable.class, empty);
    }

    @Test
    void otherFilesAreRefusedWhateverTheirName() throws IOException {
        assertEquals(List.of("attachment-unknown"), codes(check("virus.pdf", Bytes.utf8("MZ\u0090"))));
        assertEquals(List.of("attachment-unknown"), codes(check("empty.dcm", Bytes.of())));
    }

    @Test
    void namesThatPointElsewhereAreRefused() {
        for (var name : List.of("../x.pdf", "a/b.pdf", "a\\b.pdf", ".profile", "", "a\nb.pdf", "a\u202efdp.exe")) {
            assertThrows(
                    Refusal.class, () -> new Attachment(name, Attachment.MediaType.PDF, 1, Digest.of((byte) 0)), name);
        }
    }

    @Test
    void theSyntheticCtIsReadBackWithJapaneseNames() throws IOException {
        var referral = Samples.referral(2);
        var image = DicomPhantom.ct(referral.patient(), Samples.ISSUED, new Random(2));
        assertEquals(image, DicomPhantom.ct(referral.patient(), Samples.ISSUED, new Random(2)));
        var header = DicomHeader.read(new ByteArrayInputStream(image.toArray()));
        assertEquals(referral.patient().name().written(), header.displayName());
        assertEquals("CT 256×256", header.describe());
        assertEquals("20261120", header.studyDate());
        var answer = assertInstanceOf(AttachmentCheck.Acceptable.class, check("ct.dcm", image));
        assertEquals(Attachment.MediaType.DICOM, answer.attachment().mediaType());
    }

    @Test
    void anIndependentToolkitReadsTheSyntheticCt() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dcmdump")), "skipped: dcmtk's dcmdump is not installed");
        var file = folder.resolve("ct.dcm");
        var referral = Samples.referral(2);
        Files.write(
                file,
                DicomPhantom.ct(referral.patient(), Samples.ISSUED, new Random(2))
                        .toArray());
        var dump = new ProcessBuilder("/usr/bin/dcmdump", "+L", file.toString())
                .redirectErrorStream(true)
                .start();
        var text = new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, dump.waitFor(), text);
        assertTrue(text.contains(referral.patient().name().familyKana()), text);
        assertTrue(text.contains("CTImageStorage") && text.contains("(7fe0,0010) OW"), text);
        assertTrue(!text.contains("E: ") && !text.contains("W: "), text);
    }

    @Test
    void headersOfOtherMakersAreRead() throws IOException {
        assertEquals("CT 128×128", read("CT_small.dcm").describe());
        assertEquals("MR 64×64", read("MR_small.dcm").describe());
        var japanese = read("chrH31.dcm");
        assertEquals(List.of("Yamada Tarou", "山田 太郎", "やまだ たろう"), japanese.patientName());
        assertEquals("1.2.840.10008.1.2.2", read("ExplVR_BigEnd.dcm").transferSyntax());
        assertTrue(read("ExplVR_BigEnd.dcm").rows() > 0);
        assertTrue(read("wsi-000000.dcm").frames() >= 1);
        assertEquals("MR", read("brain-mr/brain_002.dcm").modality());
    }

    @Test
    void aDicomHeaderCutOffAnywhereIsRefused() {
        var image = DicomPhantom.ct(Samples.referral(2).patient(), Samples.ISSUED, new Random(2));
        int header = image.size() - 256 * 256 * 2 - 12;
        for (int length = 0; length < header; length += 7) {
            var cut = Arrays.copyOf(image.toArray(), length);
            try {
                DicomHeader.read(new ByteArrayInputStream(cut));
            } catch (Refusal refusal) {
                assertEquals("dicom-unreadable", refusal.code());
            }
        }
        assertThrows(
                Refusal.class, () -> DicomHeader.read(new ByteArrayInputStream(Arrays.copyOf(image.toArray(), 140))));
    }

    @Test
    void aDicomFileThatPromisesMoreThanItHoldsIsRefused() {
        var image = DicomPhantom.ct(Samples.referral(2).patient(), Samples.ISSUED, new Random(2))
                .toArray();
        // the length of the first OB element of the meta information
        Arrays.fill(image, 132 + 12 + 8, 132 + 12 + 12, (byte) 0xff);
        assertThrows(Refusal.class, () -> DicomHeader.read(new ByteArrayInputStream(image)));
    }

    private static DicomHeader read(String name) throws IOException {
        try (var in = Files.newInputStream(SharedData.find("dicom/" + name))) {
            return DicomHeader.read(in);
        }
    }

    private AttachmentCheck check(String name, Bytes bytes) throws IOException {
        var file = folder.resolve(name);
        Files.write(file, bytes.toArray());
        return AttachmentReading.check(file);
    }

    private static List<String> codes(AttachmentCheck answer) {
        return answer.findings().stream().map(Finding::code).toList();
    }
}
