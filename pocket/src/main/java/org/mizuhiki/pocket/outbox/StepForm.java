package org.mizuhiki.pocket.outbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Slot;

/// Steps as canonical records, and back.
final class StepForm {
    private static final int MAX_LIST = 1000;

    private StepForm() {}

    static Canonical write(Step step) {
        return switch (step) {
            case Step.Keep keep -> record("keep", Map.of("blob", keep.blob().hex()));
            case Step.Register register ->
                list(
                        record(
                                "register",
                                Map.of(
                                        "letter",
                                        register.letter().hex(),
                                        "owner",
                                        register.owner().value())),
                        "object",
                        register.objects(),
                        Digest::hex);
            case Step.FileLetter file -> withSlots("file", file.signed(), file.slots());
            case Step.FileRegistration file -> withSlots("registration", file.signed(), file.slots());
            case Step.Say say -> record("say", Map.of("signed", say.signed().asBase64()));
            case Step.Grant grant ->
                record("grant", Map.of("signed", grant.signed().asBase64(), "slot", slot(grant.slot())));
            case Step.Share share ->
                record(
                        "share",
                        Map.of(
                                "letter",
                                share.letter().hex(),
                                "reader",
                                share.reader().value(),
                                "grant",
                                share.grant().hex(),
                                "until",
                                share.until().toString()));
            case Step.Unshare unshare ->
                record(
                        "unshare",
                        Map.of(
                                "letter",
                                unshare.letter().hex(),
                                "reader",
                                unshare.reader().value()));
            case Step.Logged logged ->
                record(
                        "logged",
                        Map.of("kind", logged.kind(), "record", logged.record().hex()));
        };
    }

    static Step read(Canonical record) {
        return switch (record.get("step")) {
            case "keep" -> new Step.Keep(digest(record, "blob"));
            case "register" ->
                new Step.Register(
                        digest(record, "letter"), items(record, "object", Digest::new), person(record, "owner"));
            case "file" -> new Step.FileLetter(signed(record), slots(record));
            case "registration" -> new Step.FileRegistration(signed(record), slots(record));
            case "say" -> new Step.Say(signed(record));
            case "grant" -> new Step.Grant(signed(record), slot(record.get("slot")));
            case "share" ->
                new Step.Share(
                        digest(record, "letter"), person(record, "reader"), digest(record, "grant"), until(record));
            case "unshare" -> new Step.Unshare(digest(record, "letter"), person(record, "reader"));
            case "logged" -> new Step.Logged(record.get("kind"), digest(record, "record"));
            default -> throw damaged();
        };
    }

    static int number(String text, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw damaged();
        }
        throw damaged();
    }

    private static Canonical record(String step, Map<String, String> fields) {
        return Canonical.of(fields).with("step", step);
    }

    private static Canonical withSlots(String step, Bytes signed, Map<PersonId, Slot> slots) {
        return list(
                record(step, Map.of("signed", signed.asBase64())),
                "slot",
                List.copyOf(slots.entrySet()),
                e -> e.getKey().value() + " " + slot(e.getValue()));
    }

    private static <T> Canonical list(Canonical record, String name, List<T> items, Function<T, String> text) {
        var more = record.with(name + "s", Integer.toString(items.size()));
        for (int i = 0; i < items.size(); i++) {
            more = more.with(name + "." + i, text.apply(items.get(i)));
        }
        return more;
    }

    private static <T> List<T> items(Canonical record, String name, Function<String, T> parse) {
        var items = new ArrayList<T>();
        int count = number(record.get(name + "s"), MAX_LIST);
        for (int i = 0; i < count; i++) {
            items.add(parse.apply(record.get(name + "." + i)));
        }
        return items;
    }

    private static String slot(Slot slot) {
        return slot.keyId().hex() + " " + slot.encoded().asBase64();
    }

    private static Map<PersonId, Slot> slots(Canonical record) {
        var slots = new TreeMap<PersonId, Slot>();
        for (var text : items(record, "slot", t -> t)) {
            int blank = text.indexOf(' ');
            if (blank < 0) {
                throw damaged();
            }
            slots.put(new PersonId(text.substring(0, blank)), slot(text.substring(blank + 1)));
        }
        return slots;
    }

    private static Slot slot(String text) {
        int blank = text.indexOf(' ');
        if (blank < 0) {
            throw damaged();
        }
        return new Slot(new Digest(text.substring(0, blank)), Bytes.base64(text.substring(blank + 1)));
    }

    private static Digest digest(Canonical record, String field) {
        return new Digest(record.get(field));
    }

    private static PersonId person(Canonical record, String field) {
        return new PersonId(record.get(field));
    }

    private static Bytes signed(Canonical record) {
        return Bytes.base64(record.get("signed"));
    }

    private static Instant until(Canonical record) {
        try {
            return Instant.parse(record.get("until"));
        } catch (DateTimeException e) {
            throw damaged();
        }
    }

    static Refusal damaged() {
        return Refusal.of(
                "outbox-damaged",
                "送信箱の内容が壊れています。「mizuhiki letter outbox --drop」で取り除き、もう一度送ってください",
                "An entry of the outbox is damaged; remove it with 'mizuhiki letter outbox --drop' and send again");
    }
}
