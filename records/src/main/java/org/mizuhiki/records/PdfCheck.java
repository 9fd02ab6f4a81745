package org.mizuhiki.records;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.jspecify.annotations.Nullable;

/// Looks at a PDF before it travels: is it one (ISO 32000-1), can the reader open it, does it act by
/// itself? What acts is a warning and not a refusal: forms of public offices hold harmless scripts.
final class PdfCheck {
    static final long MAX_BYTES = 200L << 20;
    private static final long MAX_MEMORY = 256L << 20;
    private static final int MAX_PAGES_LOOKED_AT = 2_000;
    private static final int TAIL = 2048;
    private static final String EXPORT_JAPANESE = "PDFを出力し直してください";
    private static final String EXPORT_ENGLISH = "Export the PDF again";

    private PdfCheck() {}

    /// @return one line about it; errors and warnings go into `findings`
    static String look(Path file, FindingList findings) {
        QuietHapi.hush();
        try {
            return isWhole(file, findings) ? opened(file, findings) : "";
        } catch (InvalidPasswordException e) {
            findings.warning(
                    "pdf-encrypted",
                    "",
                    "パスワードの付いたPDFです。中は検査していません",
                    "This PDF needs a password; it was not looked into",
                    "パスワードを外してください（紹介状は丸ごと封緘されます）",
                    "Remove the password: the whole letter is sealed anyway");
            return "PDF";
        } catch (IOException | RuntimeException e) {
            // PDFBox meets some damage with run-time exceptions of its insides; all of them mean "not readable"
            findings.error(
                    "pdf-unreadable",
                    "",
                    "PDFとして読めません",
                    "This cannot be read as a PDF",
                    EXPORT_JAPANESE,
                    EXPORT_ENGLISH);
            return "";
        }
    }

    private static boolean isWhole(Path file, FindingList findings) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() > MAX_BYTES) {
                findings.error(
                        "pdf-too-large",
                        "",
                        "PDFが200 MBを超えています",
                        "The PDF exceeds 200 MB",
                        "分割するか、解像度を下げてください",
                        "Split it or lower its resolution");
                return false;
            }
            var tail = new byte[(int) Math.min(TAIL, in.length())];
            in.seek(in.length() - tail.length);
            in.readFully(tail);
            if (!new String(tail, StandardCharsets.ISO_8859_1).contains("%%EOF")) {
                findings.error(
                        "pdf-cut-off", "", "PDFが途中で切れています", "The PDF is cut off", EXPORT_JAPANESE, EXPORT_ENGLISH);
                return false;
            }
            return true;
        }
    }

    private static String opened(Path file, FindingList findings) throws IOException {
        var memory = MemoryUsageSetting.setupMainMemoryOnly(MAX_MEMORY).streamCache;
        try (var document = Loader.loadPDF(file.toFile(), memory)) {
            if (document.isEncrypted()) {
                findings.warning(
                        "pdf-encrypted",
                        "",
                        "暗号化（利用制限）されたPDFです",
                        "This PDF is encrypted (restricted)",
                        "制限のないPDFにしてください",
                        "Export it without restrictions");
            }
            if (acts(document)) {
                findings.warning(
                        "pdf-active",
                        "",
                        "開くと動作する内容（スクリプトや外部起動）を含むPDFです",
                        "This PDF holds scripts or launches something when opened",
                        "印刷用のPDFに出力し直してください",
                        "Print it into a plain PDF");
            }
            return "PDF %.1f, %d 頁".formatted(document.getVersion(), document.getNumberOfPages());
        }
    }

    private static boolean acts(PDDocument document) {
        var catalog = document.getDocumentCatalog().getCOSObject();
        var names = catalog.getCOSDictionary(COSName.NAMES);
        boolean atOpening = isActive(catalog.getDictionaryObject(COSName.OPEN_ACTION))
                || catalog.containsKey(COSName.AA)
                || (names != null && names.containsKey(COSName.getPDFName("JavaScript")));
        return atOpening
                || StreamSupport.stream(document.getPages().spliterator(), false)
                        .limit(MAX_PAGES_LOOKED_AT)
                        .anyMatch(PdfCheck::acts);
    }

    private static boolean acts(PDPage page) {
        if (page.getCOSObject().containsKey(COSName.AA)) {
            return true;
        }
        var annotations = page.getCOSObject().getCOSArray(COSName.ANNOTS);
        if (annotations == null) {
            return false;
        }
        for (int i = 0; i < annotations.size(); i++) {
            if (annotations.getObject(i) instanceof COSDictionary annotation
                    && (isActive(annotation.getDictionaryObject(COSName.A)) || annotation.containsKey(COSName.AA))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isActive(@Nullable COSBase action) {
        if (!(action instanceof COSDictionary dictionary)) {
            return false;
        }
        var kind = dictionary.getNameAsString(COSName.S);
        return "JavaScript".equals(kind)
                || "Launch".equals(kind)
                || "SubmitForm".equals(kind)
                || "GoToR".equals(kind)
                || "ImportData".equals(kind);
    }
}
