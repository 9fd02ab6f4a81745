package org.mizuhiki.pocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.disk.Handed;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.AttachmentCheck;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.Exported;
import org.mizuhiki.records.HospitalExport;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.records.ReferralWriter;
import org.mizuhiki.wire.Json;

/// What a hospital system handed in, as a copy that it can no longer change.
///
/// @param name of its folder
/// @param digest over names and contents of all files
/// @param document the FHIR document, if there is one
/// @param exported what the hospital system wrote out by itself: `*.hl7`, `*.mml`
record Drop(
        String name,
        Digest digest,
        HospitalLetter letter,
        Optional<Path> document,
        Optional<Exported> exported,
        List<Path> attachments) {
    static final String LETTER = "letter.json";
    static final String DOCUMENT = "document.json";
    private static final int MOST_EXPORTS = 50;
    static final int MAX_LETTER = 1 << 20;
    static final Handed.Bounds BOUNDS = new Handed.Bounds(202, Attachment.MAX_BYTES, 8L << 30);

    /// @param folder as it was handed in
    /// @param copy where to copy it to; this process's alone
    /// @throws Refusal `drop-incomplete`, `drop-entry`, `drop-too-large`, `body-malformed`
    static Drop take(Path folder, Path copy) {
        return of(String.valueOf(folder.getFileName()), Handed.copy(folder, copy, BOUNDS));
    }

    /// @param files that nobody else can change, all in one folder, in the order of their names
    /// @throws Refusal `drop-incomplete`, `body-malformed`
    static Drop of(String name, List<Path> files) {
        var letter = named(files, LETTER)
                .orElseThrow(() -> Refusal.of(
                        "drop-incomplete",
                        "フォルダーに letter.json がありません。入れて出し直してください",
                        "There is no letter.json in the folder"));
        var document = named(files, DOCUMENT);
        var said = Json.read(Bytes.of(Disk.read(letter, MAX_LETTER)), HospitalLetter.class);
        var exports = files.stream().filter(f -> isHl7(f) || isMml(f)).toList();
        var attachments = files.stream()
                .filter(f -> !f.equals(letter) && !document.filter(f::equals).isPresent() && !exports.contains(f))
                .toList();
        boolean written = document.isPresent();
        boolean nothing = attachments.isEmpty() && exports.isEmpty();
        if (written == said.referral().isPresent() || (written ? !exports.isEmpty() : nothing)) {
            throw Refusal.of(
                    "drop-incomplete",
                    "FHIR文書（document.json）か、PDF・HL7・MMLと letter.json の referral か、どちらか一方を入れてください",
                    "Put either a FHIR document (document.json), or PDF, HL7 or MML files with \"referral\" in"
                            + " letter.json, not both");
        }
        return new Drop(name, digest(files), said, document, exported(exports), attachments);
    }

    private static boolean isHl7(Path file) {
        return String.valueOf(file.getFileName()).endsWith(".hl7");
    }

    private static boolean isMml(Path file) {
        return String.valueOf(file.getFileName()).endsWith(".mml");
    }

    private static Optional<Exported> exported(List<Path> files) {
        if (files.size() > MOST_EXPORTS) {
            throw Refusal.of(
                    "export-too-large",
                    "書き出しファイルは50件までです",
                    "There are more than 50 exported files; send what the letter needs");
        }
        var read = files.stream()
                .map(file -> {
                    var content = Disk.read(file, HospitalExport.MAX_BYTES);
                    return isHl7(file) ? HospitalExport.hl7(content) : HospitalExport.mml(content);
                })
                .toList();
        return read.isEmpty() ? Optional.empty() : Optional.of(Exported.together(read));
    }

    private static Optional<Path> named(List<Path> files, String name) {
        return files.stream()
                .filter(f -> String.valueOf(f.getFileName()).equals(name))
                .findFirst();
    }

    /// Of the letter's draft: the same files give the same letter.
    String id() {
        return digest.hex().substring(0, 32);
    }

    /// As the hospital system wrote it, or written from its words.
    NewLetter toWrite(LetterForm form) {
        var content = document.map(file -> Bytes.of(Disk.read(file, LetterForm.MAX_BYTES)))
                .orElseGet(this::fromWords);
        return new NewLetter(letter.patient(), content, attachments, form, AttachmentReading::check);
    }

    private Bytes fromWords() {
        var known = attachments.stream()
                .map(AttachmentReading::check)
                .filter(AttachmentCheck.Acceptable.class::isInstance) // the others are refused, with a reason, later
                .map(a -> ((AttachmentCheck.Acceptable) a).attachment())
                .toList();
        // the parts' identifiers come from the content: a second run after a crash writes the same document
        var die = new SplittableRandom(ByteBuffer.wrap(digest.toArray()).getLong());
        try {
            return ReferralWriter.write(
                    letter.referral().orElseThrow().with(exported.orElse(Exported.NONE), known), die);
        } catch (Refusal refusal) {
            throw refusal;
        } catch (RuntimeException e) {
            throw Refusal.of(
                    "drop-words",
                    "letter.json の referral から文書を作れません。文字や日付を確認してください",
                    "No document can be written from \"referral\" in letter.json; check its texts and dates",
                    e);
        }
    }

    private static Digest digest(List<Path> files) {
        return Disk.attempt(() -> {
            var all = Digest.sha256();
            for (var file : files) {
                var name = String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8);
                all.update(ByteBuffer.allocate(4).putInt(name.length).array());
                all.update(name);
                all.update(content(file));
            }
            return Digest.ofHash(all.digest());
        });
    }

    private static byte[] content(Path file) throws IOException {
        var hash = Digest.sha256();
        try (var in = new DigestInputStream(Files.newInputStream(file), hash)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return hash.digest();
    }
}
