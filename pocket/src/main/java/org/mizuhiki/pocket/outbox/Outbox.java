package org.mizuhiki.pocket.outbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.seal.Streams;

/// What lies on disk: `outbox/<id>/errand` (closed under the keyring's local key) and
/// `outbox/<id>/blobs/<digest>` (closed under letters' own keys). The folder appears whole by one rename;
/// when every step was told it moves to `sent/<id>` and loses its blobs. A folder whose name starts with a
/// dot was not finished and never counts.
public final class Outbox {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final int MAX_ERRAND = 2 << 20;
    private static final int CHEAP = 1 << 20;
    private final Path waiting;
    private final Path sent;
    private final Secret local;
    private final Streams streams;

    /// @param device the device's folder
    /// @param local the keyring's key for this disk
    public Outbox(Path device, Secret local, Streams streams) {
        this.waiting = Disk.folder(device.resolve("outbox"));
        this.sent = Disk.folder(device.resolve("sent"));
        this.local = local;
        this.streams = streams;
    }

    /// When this returns the errand survives any crash. A second errand of the same ID changes nothing.
    ///
    /// @param blobs files that exist already and were fsynced; they are linked, not read
    public void put(Errand errand, Map<Digest, Path> blobs) {
        locked(() -> {
            if (isWaiting(errand.id()) || isSent(errand.id())) {
                return errand;
            }
            var prepared = waiting.resolve("." + errand.id());
            Disk.remove(prepared);
            var folder = Disk.folder(prepared.resolve("blobs"));
            for (var blob : blobs.entrySet()) {
                Files.createLink(folder.resolve(blob.getKey().hex()), blob.getValue());
            }
            Disk.sync(folder);
            Disk.write(prepared.resolve("errand"), close(errand));
            Disk.publish(prepared, waiting.resolve(errand.id()));
            return errand;
        });
    }

    public List<String> waiting() {
        return names(waiting);
    }

    public List<String> sent() {
        return names(sent);
    }

    public boolean isWaiting(String id) {
        return Files.isDirectory(waiting.resolve(checked(id)));
    }

    public boolean isSent(String id) {
        return Files.isDirectory(sent.resolve(checked(id)));
    }

    /// @throws Refusal `errand-unknown`, `outbox-damaged`
    public Errand read(String id) {
        var folder = isWaiting(id) ? waiting.resolve(id) : sent.resolve(id);
        var file = folder.resolve("errand");
        if (!Files.exists(file)) {
            throw Refusal.of("errand-unknown", "送信箱にその番号のものはありません", "The outbox has no such entry");
        }
        var errand = open(id, Disk.read(file, MAX_ERRAND));
        if (!errand.id().equals(id)) {
            throw StepForm.damaged();
        }
        return errand;
    }

    /// Tells every step to its server, in order, and returns the checked evidence of the [Step.Logged]
    /// ones. The first refusal ends the push; the errand then waits for the next one.
    public List<Evidence> push(String id, Servers servers) {
        return locked(() -> {
            var errand = read(id);
            var evidence = new ArrayList<Evidence>();
            if (isSent(id)) {
                return evidence;
            }
            var folder = waiting.resolve(id);
            int told = progress(folder);
            for (int i = 0; i < errand.steps().size(); i++) {
                var step = errand.steps().get(i);
                if (step instanceof Step.Keep && i < told) {
                    continue; // large uploads are not repeated; everything else is cheap and may be
                }
                servers.tell(step, folder.resolve("blobs")).ifPresent(evidence::add);
                if (step instanceof Step.Keep keep && isLarge(folder, keep)) {
                    Disk.write(
                            folder.resolve("progress"), Integer.toString(i + 1).getBytes(US_ASCII));
                }
            }
            Disk.publish(folder, sent.resolve(id));
            Disk.remove(sent.resolve(id).resolve("blobs"));
            return evidence;
        });
    }

    /// Sending less again costs less than writing down, durably, that it was sent.
    private static boolean isLarge(Path folder, Step.Keep keep) throws IOException {
        return Files.size(folder.resolve("blobs").resolve(keep.blob().hex())) > CHEAP;
    }

    /// Gives an errand up; what servers have been told stays told.
    public void drop(String id) {
        locked(() -> {
            Disk.remove(waiting.resolve(checked(id)));
            return id;
        });
    }

    private static final java.nio.charset.Charset US_ASCII = java.nio.charset.StandardCharsets.US_ASCII;

    private static int progress(Path folder) {
        var file = folder.resolve("progress");
        return Files.exists(file) ? StepForm.number(new String(Disk.read(file, 16), US_ASCII), Integer.MAX_VALUE) : 0;
    }

    private byte[] close(Errand errand) throws IOException {
        var out = new ByteArrayOutputStream();
        streams.close(new ByteArrayInputStream(errand.encode().toArray()), out, local, context(errand.id()));
        return out.toByteArray();
    }

    private Errand open(String id, byte... closed) {
        try (var in = streams.open(new ByteArrayInputStream(closed), local, context(id))) {
            return Errand.decode(Bytes.of(in.readNBytes(MAX_ERRAND)));
        } catch (Refusal | IOException e) {
            throw StepForm.damaged();
        }
    }

    /// Binds an errand to its folder: errands cannot be swapped on disk.
    private static Bytes context(String id) {
        return Bytes.utf8("mizuhiki-outbox:" + id);
    }

    private static List<String> names(Path folder) {
        return Disk.list(folder).stream()
                .map(p -> p.getFileName().toString())
                .filter(n -> ID.matcher(n).matches())
                .toList();
    }

    private static String checked(String id) {
        if (!ID.matcher(id).matches()) {
            throw Refusal.of("errand-unknown", "送信箱の番号は32桁の16進数です", "An errand's ID is 32 hexadecimal digits");
        }
        return id;
    }

    /// One process and one thread at a time.
    private synchronized <T> T locked(Disk.Work<T> work) {
        return Disk.attempt(() -> {
            try (var channel = FileChannel.open(
                            waiting.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = Optional.ofNullable(channel.lock()).orElseThrow()) {
                if (!lock.isValid()) {
                    throw new IllegalStateException("a lock just taken is valid");
                }
                return work.run();
            } catch (OverlappingFileLockException e) {
                throw Refusal.of(
                        "device-busy",
                        "この端末のフォルダーは別の処理が使用中です。少し待ってからもう一度実行してください",
                        "The device's folder is in use by another task; try again shortly");
            }
        });
    }
}
