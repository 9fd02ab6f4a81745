package org.mizuhiki.records;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.dicom.HeaderValues;

/// What the header of a DICOM image says (PS3.10; explicit and implicit little endian, big endian, and the
/// header of every compressed syntax). Pixel data is never read. The patient's data in it stays on the
/// device of whoever may open the image.
///
/// @param patientName its groups: alphabetic, ideographic, phonetic (PS3.5, 6.2)
/// @param studyDate `YYYYMMDD`, or empty
public record DicomHeader(
        String transferSyntax,
        String sopClass,
        String sopInstance,
        String study,
        String modality,
        List<String> patientName,
        String patientId,
        String birthDate,
        String sex,
        String studyDate,
        String studyDescription,
        int rows,
        int columns,
        int frames) {
    private static final int TRANSFER_SYNTAX = 0x0002_0010;
    private static final int SOP_CLASS = 0x0008_0016;
    private static final int SOP_INSTANCE = 0x0008_0018;
    private static final int STUDY_DATE = 0x0008_0020;
    private static final int MODALITY = 0x0008_0060;
    private static final int STUDY_DESCRIPTION = 0x0008_1030;
    private static final int PATIENT_NAME = 0x0010_0010;
    private static final int PATIENT_ID = 0x0010_0020;
    private static final int BIRTH_DATE = 0x0010_0030;
    private static final int SEX = 0x0010_0040;
    private static final int STUDY = 0x0020_000d;
    private static final int FRAMES = 0x0028_0008;
    private static final int ROWS = 0x0028_0010;
    private static final int COLUMNS = 0x0028_0011;
    private static final Set<Integer> WANTED = Set.of(
            TRANSFER_SYNTAX,
            SOP_CLASS,
            SOP_INSTANCE,
            STUDY_DATE,
            MODALITY,
            STUDY_DESCRIPTION,
            PATIENT_NAME,
            PATIENT_ID,
            BIRTH_DATE,
            SEX,
            STUDY,
            FRAMES,
            ROWS,
            COLUMNS);

    public DicomHeader {
        patientName = List.copyOf(patientName);
    }

    /// Leaves the stream open, somewhere before or in the pixel data.
    ///
    /// @throws Refusal `dicom-unreadable` when it is not a DICOM file, is cut off, or its header exceeds
    /// a bound
    public static DicomHeader read(InputStream file) {
        try {
            return of(HeaderValues.read(file, WANTED));
        } catch (IOException e) {
            throw Refusal.of(
                    "dicom-unreadable",
                    "DICOMファイルとして読めません（壊れているか、途中で切れています）。装置またはPACSから出力し直してください",
                    "This cannot be read as a DICOM file; it is damaged or cut off. Export it again",
                    e);
        }
    }

    private static DicomHeader of(HeaderValues values) {
        return new DicomHeader(
                line(values, TRANSFER_SYNTAX),
                line(values, SOP_CLASS),
                line(values, SOP_INSTANCE),
                line(values, STUDY),
                line(values, MODALITY),
                Arrays.stream(values.text(PATIENT_NAME).split("=", 4))
                        .limit(3)
                        .map(group -> Texts.shortened(group.replace('^', ' '), 100))
                        .toList(),
                line(values, PATIENT_ID),
                line(values, BIRTH_DATE),
                line(values, SEX),
                line(values, STUDY_DATE),
                line(values, STUDY_DESCRIPTION),
                values.number(ROWS),
                values.number(COLUMNS),
                frames(values.text(FRAMES)));
    }

    private static String line(HeaderValues values, int tag) {
        return Texts.shortened(values.text(tag), 200);
    }

    private static int frames(String text) {
        return text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : 1;
    }

    /// The name as written in kanji where given, otherwise the first group.
    public String displayName() {
        return patientName.size() > 1 && !patientName.get(1).isBlank()
                ? patientName.get(1)
                : patientName.stream().findFirst().orElse("");
    }

    /// One line for a person, for example `CT 256×256`.
    public String describe() {
        return "%s %d×%d%s"
                .formatted(modality.isEmpty() ? "DICOM" : modality, columns, rows, frames > 1 ? " ×" + frames : "");
    }
}
