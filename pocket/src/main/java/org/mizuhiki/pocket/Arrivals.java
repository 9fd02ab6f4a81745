package org.mizuhiki.pocket;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.disk.Handed;
import org.mizuhiki.store.Store;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Temporary;

/// Puts what came in into the folder that the hospital system reads: `in/LETTER/` with the original
/// document, a page to read, the attachments and what was verified. Each letter once, whatever becomes of
/// the folder afterwards; marks in the device's folder remember.
final class Arrivals {
    private static final int PAGE = 100;

    private final Desk desk;
    private final Pocket pocket;
    private final Path in;
    private final Path prepared;
    private final Function<ReadLetter, Bytes> print;
    private final Consumer<HospitalFolder.Event> told;

    Arrivals(
            Desk desk,
            Pocket pocket,
            Path in,
            Path prepared,
            Function<ReadLetter, Bytes> print,
            Consumer<HospitalFolder.Event> told) {
        this.desk = desk;
        this.pocket = pocket;
        this.in = in;
        this.prepared = prepared;
        this.print = print;
        this.told = told;
    }

    void all(String purpose) {
        // the oldest first: then everything before a known one is known too, and looking back ends there
        for (var notice : unknown().reversed()) {
            var name = notice.letter().hex();
            try {
                put(notice, purpose);
            } catch (Refusal refusal) {
                if (Temporary.is(refusal) || refusal.code().startsWith("device-")) {
                    told.accept(new HospitalFolder.Event(HospitalFolder.Step.WAITS, name, refusal.code()));
                    return;
                }
                refuse(notice, refusal);
            }
        }
    }

    private List<Store.Notice> unknown() {
        var unknown = new ArrayList<Store.Notice>();
        for (long before = Long.MAX_VALUE; ; ) {
            var page = pocket.post().inbox(PAGE, before);
            var fresh = page.stream().filter(n -> !isKnown(n)).toList();
            unknown.addAll(fresh);
            if (fresh.isEmpty() || page.size() < PAGE) {
                return unknown;
            }
            long last = page.getLast().number();
            if (last >= before) {
                return unknown; // a store whose pages do not go back would never end
            }
            before = last;
        }
    }

    private void put(Store.Notice notice, String purpose) {
        var name = notice.letter().hex();
        var target = in.resolve(name);
        if (!Files.exists(target)) {
            Disk.remove(prepared); // before opening: a disk that does not write must fail now
            Disk.folder(prepared);
            var read = pocket.reading().open(notice.letter(), purpose);
            told.accept(new HospitalFolder.Event(HospitalFolder.Step.OPENED, name, ""));
            Disk.write(prepared.resolve(Drop.DOCUMENT), read.document().toArray());
            Disk.write(prepared.resolve("letter.pdf"), print.apply(read).toArray());
            // the sender chose these names: in a folder of their own they replace nothing
            pocket.reading().save(read, prepared.resolve("attachments"));
            Disk.write(prepared.resolve(Drop.LETTER), Json.write(arrived(read)).toArray());
            Handed.publish(prepared, target);
        }
        Disk.write(mark(name));
        told.accept(new HospitalFolder.Event(HospitalFolder.Step.ARRIVED, name, ""));
    }

    private ArrivedLetter arrived(ReadLetter read) {
        var verified = read.proofs().stream()
                .map(p -> new ArrivedLetter.Verified(
                        p.statement().kind(), p.statement().id(), p.evidence().index(), p.loggedBy()))
                .toList();
        return new ArrivedLetter(
                read.id(),
                read.owner(),
                read.author().id(),
                read.author().name(),
                read.author().institutionName(),
                read.signedAt(),
                desk.now(),
                verified);
    }

    private void refuse(Store.Notice notice, Refusal why) {
        var name = notice.letter().hex();
        Disk.remove(prepared);
        Handed.write(
                in.resolve(name + ".refused.json"),
                Json.write(new HospitalFolder.Refused(name, why.code(), why.japanese(), why.english(), List.of()))
                        .toArray());
        // a new grant of the same letter is a new notice, and counts again
        Disk.write(mark(name + "-" + notice.number()));
        told.accept(new HospitalFolder.Event(HospitalFolder.Step.REFUSED, name, why.code()));
    }

    private boolean isKnown(Store.Notice notice) {
        var name = notice.letter().hex();
        return notice.from().equals(desk.me())
                || Files.exists(mark(name))
                || Files.exists(mark(name + "-" + notice.number()));
    }

    private Path mark(String name) {
        return Disk.folder(desk.device().folder().resolve("arrived")).resolve(name);
    }
}
