package org.mizuhiki.records;

import org.mizuhiki.house.Refusal;

/// Reads what Japanese hospital systems write out.
public final class HospitalExport {
    /// Largest file, in bytes.
    public static final int MAX_BYTES = 4 << 20;

    private HospitalExport() {}

    /// A message of an SS-MIX2 storage, HL7 v2.5: ADT-00 (patient), PPR-01 (diagnoses), ADT-61 (allergies),
    /// OMP-01 and -02 (prescriptions, injections). ISO-2022-JP, UTF-8 or Shift_JIS, as MSH-18 says or else the
    /// bytes show.
    ///
    /// @throws Refusal `export-malformed`, `export-encoding`, `export-unsupported` for other messages,
    /// `export-too-large`
    public static Exported hl7(byte... message) {
        mustBeSmall(message);
        QuietHapi.hush();
        return SsMix.read(message);
    }

    /// An MML document (version 3 or 4) with a referral module.
    ///
    /// @throws Refusal `export-malformed`, `export-unsupported`, `export-too-large`
    public static Exported mml(byte... document) {
        mustBeSmall(document);
        return MmlReferral.read(document);
    }

    private static void mustBeSmall(byte... file) {
        if (file.length > MAX_BYTES) {
            throw Refusal.of("export-too-large", "書き出しファイルが大きすぎます（上限 4 MB）", "An exported file is larger than 4 MB");
        }
    }
}
