package org.mizuhiki.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.List;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Peer;

/// The store as its callers reach it. The peer's own certificate says who calls; `caller` must be that
/// person.
public final class RemoteStore implements Store {
    private final Peer peer;
    private final Path folder;

    /// @param folder for what is fetched (kept under its digest) and for what is on its way; made if
    /// missing
    public RemoteStore(Peer peer, Path folder) {
        this.peer = peer;
        this.folder = folder;
    }

    @Override
    public void put(PersonId caller, Digest digest, InputStream content, long size) {
        withTemporary(file -> {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            upload(digest, file, size);
            return file;
        });
    }

    @Override
    public void put(PersonId caller, Digest digest, Path file) throws IOException {
        upload(digest, file, Files.size(file));
    }

    private void upload(Digest digest, Path file, long size) {
        peer.upload("/v1/blobs/" + digest + "?size=" + size, file);
    }

    /// {@inheritDoc}
    ///
    /// What arrives is hashed: a store that hands out something else is found out here.
    ///
    /// @throws Refusal `blob-mismatch`
    @Override
    public Path fetch(PersonId caller, Digest digest) {
        var target = folder.resolve(digest.hex());
        return withTemporary(file -> {
            // even what lies here is asked for again: whoever lost access must not get it from this folder
            peer.download("/v1/blobs/" + digest, file);
            if (!digestOf(file).equals(digest)) {
                throw Refusal.of(
                        "blob-mismatch",
                        "保管サーバから届いたデータが識別子と一致しません。改ざんまたは破損の可能性があります",
                        "What the store sent is not what the digest says; it was damaged or altered");
            }
            return Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    private static Digest digestOf(Path file) throws IOException {
        var hash = Digest.sha256();
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
            Files.copy(file, out);
        }
        return Digest.ofHash(hash.digest());
    }

    private Path withTemporary(Transfer transfer) {
        try {
            Files.createDirectories(folder);
            var file = Files.createTempFile(folder, ".transfer", "");
            try {
                return transfer.through(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw Refusal.of(
                    "device-disk",
                    "この端末のディスクに読み書きできません。空き容量を確かめてください",
                    "This device's disk cannot be read or written; check that there is room",
                    e);
        }
    }

    @FunctionalInterface
    private interface Transfer {
        Path through(Path file) throws IOException;
    }

    @Override
    public void register(PersonId caller, Envelope envelope) {
        peer.post("/v1/envelopes", envelope, Void.class);
    }

    @Override
    public void share(PersonId caller, Share share) {
        peer.post("/v1/shares", share, Void.class);
    }

    @Override
    public void unshare(PersonId caller, Digest letter, PersonId reader) {
        peer.delete("/v1/shares/" + letter + "/" + reader);
    }

    @Override
    public List<Notice> inbox(PersonId caller, int limit, long before) {
        return peer.get("/v1/inbox?limit=" + limit + "&before=" + before, StoreRoutes.Inbox.class)
                .notices();
    }
}
