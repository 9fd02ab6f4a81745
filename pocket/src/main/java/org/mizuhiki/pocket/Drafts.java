package org.mizuhiki.pocket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.seal.Streams;

/// `drafts/<id>/draft` (document and manifest, closed under the keyring's local key) and
/// `drafts/<id>/<digest>` (the attachments, closed under their own keys already).
record Drafts(Path folder, Secret local, Streams streams) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final int MAX_DRAFT = 24 << 20;

    /// A draft as it was kept.
    record Kept(String id, Manifest manifest, Bytes document) {
        @Override
        public String toString() {
            return "Kept[" + id + "]";
        }
    }

    static Drafts of(Device device, Streams streams) {
        return new Drafts(Disk.folder(device.folder().resolve("drafts")), device.local(), streams);
    }

    /// Closes each attachment in constant memory, then keeps the whole draft at once.
    Kept keep(String id, PersonId owner, Bytes document, Map<Attachment, Path> attachments) {
        Disk.remove(folder.resolve("." + id)); // what a crash left
        var prepared = Disk.folder(folder.resolve("." + id));
        var items = new ArrayList<Manifest.Item>();
        var binding = new Manifest(owner, id, List.of()).binding();
        try {
            attachments.forEach((attachment, file) -> items.add(close(attachment, file, prepared, binding)));
            var kept = new Kept(id, new Manifest(owner, id, items), document);
            Disk.write(prepared.resolve("draft"), encode(kept));
            Disk.publish(prepared, folder.resolve(id));
            return kept;
        } catch (Refusal refusal) {
            Disk.remove(prepared);
            throw refusal;
        }
    }

    List<String> ids() {
        return Disk.list(folder).stream()
                .map(p -> p.getFileName().toString())
                .filter(n -> ID.matcher(n).matches())
                .toList();
    }

    boolean has(String id) {
        return ID.matcher(id).matches() && Files.isDirectory(folder.resolve(id));
    }

    /// @throws Refusal `draft-unknown`, `draft-damaged`
    Kept read(String id) {
        var file = ID.matcher(id).matches() ? folder.resolve(id).resolve("draft") : folder.resolve("none");
        if (!Files.exists(file)) {
            throw Refusal.of("draft-unknown", "その番号の下書きはありません", "There is no such draft");
        }
        try (var in = new DataInputStream(
                streams.open(new ByteArrayInputStream(Disk.read(file, MAX_DRAFT)), local, context(id)))) {
            var manifest = Manifest.read(Canonical.decode(Bytes.of(part(in))));
            return new Kept(id, manifest, Bytes.of(part(in)));
        } catch (Refusal | IOException e) {
            throw Refusal.of(
                    "draft-damaged", "下書きが壊れています。もう一度作成してください", "The draft is damaged; write the letter again");
        }
    }

    Map<Digest, Path> blobs(Kept kept) {
        var blobs = new HashMap<Digest, Path>();
        kept.manifest()
                .objects()
                .forEach(d -> blobs.put(d, folder.resolve(kept.id()).resolve(d.hex())));
        return blobs;
    }

    void remove(String id) {
        Disk.remove(folder.resolve(id));
    }

    private Manifest.Item close(Attachment attachment, Path file, Path prepared, Bytes binding) {
        return Disk.attempt(() -> {
            var temporary = prepared.resolve(".closing");
            try (var key = streams.newKey();
                    var in = Files.newInputStream(file);
                    var channel = Disk.create(temporary)) {
                var written = streams.close(in, Channels.newOutputStream(channel), key, binding);
                if (!written.plain().equals(attachment.sha256())) {
                    throw Refusal.of(
                            "attachment-changed",
                            "添付ファイルが確認のあとに変わりました。もう一度実行してください",
                            "An attachment changed while it was being read; try again");
                }
                channel.force(true);
                Files.move(temporary, prepared.resolve(written.closed().hex()));
                return new Manifest.Item(attachment, written.closed(), key.lend(Bytes::of));
            }
        });
    }

    private byte[] encode(Kept kept) {
        return Disk.attempt(() -> {
            var plain = new ByteArrayOutputStream();
            var out = new DataOutputStream(plain);
            part(out, kept.manifest().metadata().encode());
            part(out, kept.document());
            var closed = new ByteArrayOutputStream();
            streams.close(new ByteArrayInputStream(plain.toByteArray()), closed, local, context(kept.id()));
            return closed.toByteArray();
        });
    }

    private static void part(DataOutputStream out, Bytes content) throws IOException {
        out.writeInt(content.size());
        out.write(content.toArray());
    }

    private static byte[] part(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > MAX_DRAFT) {
            throw new IOException("too large");
        }
        return in.readNBytes(size);
    }

    private static Bytes context(String id) {
        return Bytes.utf8("mizuhiki-draft:" + id);
    }
}
