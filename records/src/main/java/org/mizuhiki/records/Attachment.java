package org.mizuhiki.records;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// What a letter's attachment is; its bytes travel as a sealed object of their own.
///
/// @param name a file name without folders
/// @param size in bytes
public record Attachment(String name, MediaType mediaType, long size, Digest sha256) {
    /// Largest attachment, in bytes: 5 GB, a long series or a whole slide.
    public static final long MAX_BYTES = 5_000_000_000L;

    /// As a file's name; a kanji takes three.
    private static final int MAX_NAME_BYTES = 255;

    private static final Pattern NAME = Pattern.compile("[^/\\\\\\p{Cntrl}\\p{Cf}]{1,200}");

    /// @throws Refusal `attachment-name` on a name with folders or control characters or one that is too long
    /// for a disk, `attachment-size` over [#MAX_BYTES]
    public Attachment {
        if (!NAME.matcher(name).matches()
                || name.startsWith(".")
                || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            // a name is used to save the file at the reader: it must not point anywhere else
            throw Refusal.of(
                    "attachment-name",
                    "添付ファイルの名前が使えません。フォルダ名や制御文字を含まない200文字以内（漢字・仮名だけなら85文字以内）の名前にしてください",
                    "This attachment name cannot be used; choose one of at most 200 characters and 255 bytes of"
                            + " UTF-8, without folders");
        }
        if (size < 0 || size > MAX_BYTES) {
            throw Refusal.of(
                    "attachment-size", "添付ファイルが大きすぎます（上限5 GB）", "The attachment is too large, the limit is 5 GB");
        }
    }

    /// The content's name (RFC 6920 named information), by which the letter refers to it.
    public String uri() {
        return "ni:///sha-256;" + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.toArray());
    }

    /// The formats that a letter may carry.
    public enum MediaType {
        PDF("application/pdf"),
        DICOM("application/dicom");

        private final String text;

        MediaType(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
