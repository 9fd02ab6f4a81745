package org.mizuhiki.mail;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.seal.MailSeals.Form;

/// A mail as it is shown: plain text and files, each line of it either covered by the signature that is
/// told, or the
/// mail is told to be unsigned. Nothing in it is ever rendered or fetched.
///
/// @param from where the signature is believed the certified address alone: a display name is anybody's word
/// @param subject the signed one where there is one (RFC 9788), else the envelope's, which proves nothing;
/// likewise the others
/// @param outside names of header fields of a signed mail that its signature does not cover
/// @param closed in which cipher it came; absent: it came in the clear
/// @param answering how the sender's program likes answers, when its signature says so
/// @param notes what a careful reader has to know, Japanese and English
public record ReadMail(
        String from,
        String to,
        String subject,
        String date,
        String messageId,
        Optional<String> closed,
        Judged signature,
        Form answering,
        List<Bytes> certificates,
        List<String> outside,
        String text,
        List<File> files,
        List<Note> notes) {
    public ReadMail {
        certificates = List.copyOf(certificates);
        outside = List.copyOf(outside);
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }

    /// What can be saved.
    ///
    /// @param type of PDF, images and such as it is said, everything else `application/octet-stream`: no
    /// program is to open it by itself
    public record File(String name, String type, Bytes content) {
        /// Its size only: the content is a patient's.
        @Override
        public String toString() {
            return "File[" + type + ", " + content.size() + " B]";
        }
    }

    public record Note(String japanese, String english) {}

    /// What is to be thought of it, in lines for people.
    public String explained() {
        var lines = new StringBuilder();
        lines.append(signature.japanese())
                .append("\n")
                .append(signature.english())
                .append("\n");
        for (var note : notes) {
            lines.append(note.japanese()).append("\n").append(note.english()).append("\n");
        }
        return lines.toString();
    }

    /// Sizes only: the content is a patient's.
    @Override
    public String toString() {
        return "ReadMail[" + signature.code() + ", " + files.size() + " files]";
    }
}
