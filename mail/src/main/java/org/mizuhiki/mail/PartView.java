package org.mizuhiki.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mizuhiki.house.Refusal;

/// What of a mail is shown: its plain text, and files. Marked-up text is reduced to its words and never
/// rendered: it
/// could fetch something from outside, or look like what it is not.
///
/// @param text at most [#LONGEST] characters
record PartView(String text, List<ReadMail.File> files, List<ReadMail.Note> notes) {
    static final int LONGEST = 1 << 20;
    private static final Map<String, String> HARMLESS = Map.of(
            "application/pdf", ".pdf",
            "image/png", ".png",
            "image/jpeg", ".jpg",
            "application/dicom", ".dcm",
            "application/fhir+json", ".json");

    PartView {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }

    static PartView of(Part part) {
        var seen = new Seen();
        seen.see(part);
        return new PartView(seen.text.toString(), seen.files, seen.notes);
    }

    private static final class Seen {
        private final StringBuilder text = new StringBuilder();
        private final List<ReadMail.File> files = new ArrayList<>();
        private final List<ReadMail.Note> notes = new ArrayList<>();
        private final Set<String> names = new java.util.HashSet<>();

        void see(Part part) {
            if (part.isMultipart() && !part.children().isEmpty()) {
                if (part.headers().isType("multipart/alternative")) {
                    see(plainest(part.children()));
                } else {
                    part.children().forEach(this::see);
                }
            } else if (part.headers().isType("text/plain") && !part.isAttached()) {
                show(part.text());
            } else if (part.headers().isType("text/html") && !part.isAttached()) {
                note("HTMLは表示せず、文字だけを示します", "HTML is not rendered; its words are shown");
                show(MarkedUp.words(part.text()));
            } else {
                keep(part);
            }
        }

        /// Of texts that claim to say the same, the one that cannot hide anything.
        private static Part plainest(List<Part> choices) {
            return choices.stream()
                    .filter(p -> p.headers().isType("text/plain"))
                    .findFirst()
                    .orElseGet(choices::getLast);
        }

        private void show(String more) {
            if (!text.isEmpty()) {
                text.append("\n");
            }
            text.append(more, 0, Math.min(more.length(), LONGEST - Math.min(LONGEST, text.length())));
            if (more.length() > LONGEST) {
                note("長すぎるため、途中までを示します", "Too long: only the beginning is shown");
            }
        }

        private void keep(Part part) {
            if (Envelopes.isCms(part)) {
                note(
                        "メールの一部だけが暗号化または署名されています。開かず、ファイルとして示します",
                        "Only a part of the mail is encrypted or signed: it is not opened, and given as a file");
            }
            try {
                var type = part.mediaType();
                var harmless = HARMLESS.get(type);
                var name = part.fileName()
                        .orElseGet(() -> "file-" + (files.size() + 1) + (harmless == null ? ".bin" : harmless));
                var single = names.add(name) ? name : (files.size() + 1) + "-" + name;
                files.add(new ReadMail.File(
                        single, harmless == null ? "application/octet-stream" : type, part.content()));
            } catch (Refusal refusal) {
                note("読めない部分があります", "A part of it cannot be read");
            }
        }

        private void note(String japanese, String english) {
            var note = new ReadMail.Note(japanese, english);
            if (!notes.contains(note)) {
                notes.add(note);
            }
        }
    }
}
