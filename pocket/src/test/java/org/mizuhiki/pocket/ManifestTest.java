package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.Attachment.MediaType;

/// What a letter says of its attachments, read at its reader.
@Tag("V6")
class ManifestTest {
    private static Manifest.Item item(String name, String content) {
        var plain = Bytes.utf8(content);
        return new Manifest.Item(
                new Attachment(name, MediaType.PDF, plain.size(), plain.sha256()),
                plain.sha256(),
                Bytes.of(new byte[32]));
    }

    private static Manifest of(Manifest.Item... items) {
        return new Manifest(PersonId.random(new SecureRandom()), "context", List.of(items));
    }

    @Test
    void whatIsWrittenIsRead() {
        var manifest = of(item("a.pdf", "one"), item("b.pdf", "two"));
        assertEquals(manifest, Manifest.read(manifest.metadata()));
    }

    @Test
    void twoAttachmentsOfOneNameAreRefused() {
        var manifest = of(item("a.pdf", "one"), item("b.pdf", "two"), item("a.pdf", "three"));
        Refused.with("manifest-malformed", () -> Manifest.read(manifest.metadata()));
    }
}
