package org.mizuhiki.pocket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.Attachment.MediaType;

/// The signed and sealed metadata of a letter: whose it is, and for each attachment its name, digests and
/// the key that opens it. The letter's content is the FHIR document itself, bit for bit.
///
/// @param context authenticated with every segment of the attachments: random, one a letter
record Manifest(PersonId owner, String context, List<Item> items) {
    private static final String KIND = "mizuhiki-letter-manifest-1";

    Manifest {
        items = List.copyOf(items);
    }

    /// One attachment.
    ///
    /// @param closed the digest of its ciphertext, under which the store keeps it
    /// @param key 32 bytes; in the clear only inside the sealed letter and in a draft closed on the
    /// author's disk
    record Item(Attachment attachment, Digest closed, Bytes key) {
        @Override
        public String toString() {
            return "Item[" + closed + "]";
        }
    }

    List<Digest> objects() {
        return items.stream().map(Item::closed).toList();
    }

    Bytes binding() {
        return Bytes.utf8("mizuhiki-object:" + context);
    }

    Canonical metadata() {
        var record = Canonical.of(Map.of(
                "kind",
                KIND,
                "owner",
                owner.value(),
                "media-type",
                "application/fhir+json",
                "context",
                context,
                "objects",
                Integer.toString(items.size())));
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var name = "object." + i;
            record = record.with(name + ".name", item.attachment.name())
                    .with(name + ".media-type", item.attachment.mediaType().text())
                    .with(name + ".size", Long.toString(item.attachment.size()))
                    .with(name + ".plain", item.attachment.sha256().hex())
                    .with(name + ".closed", item.closed.hex())
                    .with(name + ".key", item.key.asBase64());
        }
        return record;
    }

    /// @throws Refusal `manifest-malformed`, also on two attachments of the same name
    static Manifest read(Canonical record) {
        if (!record.get("kind").equals(KIND)) {
            throw malformed();
        }
        var items = new ArrayList<Item>();
        var names = new HashSet<String>();
        long count = number(record.get("objects"));
        if (count > org.mizuhiki.records.Letter.MAX_ATTACHMENTS) {
            throw malformed();
        }
        for (int i = 0; i < count; i++) {
            var name = "object." + i;
            var attachment = new Attachment(
                    record.get(name + ".name"),
                    mediaType(record.get(name + ".media-type")),
                    number(record.get(name + ".size")),
                    new Digest(record.get(name + ".plain")));
            var key = Bytes.base64(record.get(name + ".key"));
            // of two files of one name a reader would see only one, and not know which
            if (key.size() != 32 || !names.add(attachment.name())) {
                throw malformed();
            }
            items.add(new Item(attachment, new Digest(record.get(name + ".closed")), key));
        }
        return new Manifest(new PersonId(record.get("owner")), record.get("context"), items);
    }

    private static MediaType mediaType(String text) {
        for (var type : MediaType.values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        throw malformed();
    }

    private static long number(String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw malformed();
        }
        throw malformed();
    }

    private static Refusal malformed() {
        return Refusal.of(
                "manifest-malformed",
                "文書の目録が正しくありません。作成者のソフトウェアに問題があります",
                "The letter's manifest is malformed: a fault of its author's software");
    }
}
