package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Draft;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.records.ProfileValidator;
import picocli.CommandLine.Option;

/// What a letter is made of.
final class LetterOptions {
    @Option(names = "--letter", paramLabel = "FILE", description = "FHIR R4文書（JSON） / a FHIR R4 document, JSON")
    @Nullable
    Path letter;

    @Option(
            names = "--attach",
            paramLabel = "FILE",
            arity = "1..*",
            description = "添付するPDFまたはDICOM / PDF or DICOM files to attach")
    private List<Path> attachments = List.of();

    @Option(
            names = "--patient",
            paramLabel = "ID",
            description = "患者の個人ID / the patient's ID",
            converter = Arguments.Person.class)
    private @Nullable PersonId patient;

    @Option(
            names = "--fhir-packages",
            paramLabel = "DIR",
            description = "国のプロファイルのフォルダー。指定すると厳密に検証 / validate against the national profiles in DIR")
    private @Nullable Path packages;

    /// A line of `--json`.
    record FindingRow(String severity, String code, String path, String japanese, String english) {}

    /// Checks and keeps the letter as a draft; findings are told to the person.
    Draft write(Pocket pocket, Output output) throws Exception {
        if (letter == null || patient == null) {
            throw Refusal.of(
                    "option-missing",
                    "--letter FILE と --patient ID を指定してください",
                    "Name the document with --letter FILE and the patient with --patient ID");
        }
        if (Files.size(letter) > LetterForm.MAX_BYTES) {
            throw Refusal.of("letter-too-large", "文書が大きすぎます（上限20 MB）", "The document exceeds 20 MB");
        }
        var document = Bytes.of(Files.readAllBytes(letter));
        var written = packages == null
                ? keep(pocket, patient, document, new DocumentRules())
                : againstProfiles(pocket, patient, document, packages);
        for (var finding : written.findings()) {
            output.note(finding.line());
        }
        return switch (written) {
            case Written.Drafted d -> d.draft();
            case Written.NotALetter n -> {
                n.findings()
                        .forEach(f -> output.row(
                                new FindingRow(f.severity().name(), f.code(), f.path(), f.japanese(), f.english())));
                throw Refusal.of(
                        "letter-rejected",
                        "文書または添付が様式に合いません。上の指摘を直してください",
                        "The document or an attachment has not the form; mend what is listed above");
            }
        };
    }

    private Written againstProfiles(Pocket pocket, PersonId owner, Bytes document, Path folder) throws Exception {
        try (var profiles = ProfileValidator.over(folder)) {
            return keep(pocket, owner, document, profiles);
        }
    }

    private Written keep(Pocket pocket, PersonId owner, Bytes document, LetterForm form) {
        return pocket.post().write(new NewLetter(owner, document, attachments, form, AttachmentReading::check));
    }
}
