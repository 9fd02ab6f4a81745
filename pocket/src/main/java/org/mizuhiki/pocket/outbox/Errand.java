package org.mizuhiki.pocket.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;

/// Something prepared whole: every step is signed and sealed already, so that pushing needs no key and no
/// decision.
///
/// @param id random, names the errand's folder
/// @param kind such as `letter`, `grant`
/// @param about what the person is shown about it; never content
public record Errand(String id, String kind, Canonical about, List<Step> steps) {
    private static final int MAX_STEPS = 1000;

    public Errand {
        steps = List.copyOf(steps);
        if (steps.size() > MAX_STEPS) {
            throw Refusal.of("too-many-attachments", "添付が多すぎます", "A letter has at most a few hundred attachments");
        }
    }

    Bytes encode() {
        var record = Canonical.of(Map.of(
                "id", id, "kind", kind, "about", about.encode().asUtf8(), "steps", Integer.toString(steps.size())));
        for (int i = 0; i < steps.size(); i++) {
            record = record.with(
                    "step." + i, StepForm.write(steps.get(i)).encode().asUtf8());
        }
        return record.encode();
    }

    static Errand decode(Bytes encoded) {
        var record = Canonical.decode(encoded);
        var steps = new ArrayList<Step>();
        int count = StepForm.number(record.get("steps"), MAX_STEPS);
        for (int i = 0; i < count; i++) {
            steps.add(StepForm.read(Canonical.decode(Bytes.utf8(record.get("step." + i)))));
        }
        var about = Canonical.decode(Bytes.utf8(record.get("about")));
        return new Errand(record.get("id"), record.get("kind"), about, steps);
    }
}
