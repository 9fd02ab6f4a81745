package org.mizuhiki.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The file form of a [Bundle]: JSON, one spelling only, so that not one bit of it can change unseen.
/// Checkpoints that several items share stand once.
public final class BundleFile {
    private static final String FORMAT = "mizuhiki-ledger-bundle/1";
    private static final int MAX_STATEMENT = 256 << 10;
    private static final int MAX_STAMP = 64 << 10;
    private static final JsonMapper JSON = StrictJson.reading(Bundle.MAX_BYTES);

    private BundleFile() {}

    /// @param checkpoints each stands once
    record Form(String format, List<LedgerRoutes.CheckpointBody> checkpoints, List<ItemForm> items) {}

    /// @param checkpoint position in [Form#checkpoints]
    /// @param statement base64; empty when none travels along
    record ItemForm(LedgerRoutes.EntryBody entry, long index, List<String> path, int checkpoint, String statement) {}

    /// @throws Refusal `bundle-too-large`
    public static Bytes write(Bundle bundle) {
        var places = new LinkedHashMap<SignedCheckpoint, Integer>();
        var items = new ArrayList<ItemForm>();
        for (var item : bundle.items()) {
            var evidence = item.evidence();
            int place = places.computeIfAbsent(evidence.checkpoint(), c -> places.size());
            items.add(new ItemForm(
                    LedgerRoutes.EntryBody.of(evidence.entry()),
                    evidence.index(),
                    evidence.path().stream().map(Digest::hex).toList(),
                    place,
                    item.statement().map(Bytes::asBase64).orElse("")));
        }
        var checkpoints =
                places.keySet().stream().map(LedgerRoutes.CheckpointBody::of).toList();
        var written = Bytes.of(JSON.writeValueAsBytes(new Form(FORMAT, checkpoints, items)));
        if (items.size() > Bundle.MAX_ITEMS || written.size() > Bundle.MAX_BYTES) {
            throw tooLarge();
        }
        return written;
    }

    /// @throws Refusal `bundle-malformed`, `bundle-too-large`
    public static Bundle read(Bytes file) {
        if (file.size() > Bundle.MAX_BYTES) {
            throw tooLarge();
        }
        try {
            var form = JSON.readValue(file.toArray(), Form.class);
            if (form == null
                    || !form.format().equals(FORMAT)
                    || form.items().size() > Bundle.MAX_ITEMS
                    || form.checkpoints().size() > form.items().size()) {
                throw malformed("its format or its counts are wrong");
            }
            var bundle = bundle(form);
            // one spelling only: what a signature does not cover cannot hide anything either
            if (!write(bundle).equals(file)) {
                throw malformed("it is not spelled as this program writes it");
            }
            return bundle;
        } catch (JacksonException e) {
            throw malformed("it is not the JSON that was expected", e);
        } catch (Refusal r) {
            throw r.code().startsWith("bundle-") ? r : malformed(r.english(), r);
        }
    }

    private static Bundle bundle(Form form) {
        var checkpoints =
                form.checkpoints().stream().map(c -> bounded(c.checkpoint())).toList();
        var items = new ArrayList<Bundle.Item>();
        for (var item : form.items()) {
            if (item.checkpoint() < 0
                    || item.checkpoint() >= checkpoints.size()
                    || item.path().size() > 64) {
                throw malformed("an item points at no checkpoint, or its path is too long");
            }
            var statement = Optional.of(item.statement())
                    .filter(text -> !text.isEmpty())
                    .map(Bytes::base64);
            if (statement.isPresent() && statement.get().size() > MAX_STATEMENT) {
                throw malformed("a statement is too large");
            }
            var path = item.path().stream().map(Digest::new).toList();
            items.add(new Bundle.Item(
                    new Evidence(item.entry().entry(), item.index(), path, checkpoints.get(item.checkpoint())),
                    statement));
        }
        return new Bundle(items);
    }

    private static SignedCheckpoint bounded(SignedCheckpoint checkpoint) {
        if (checkpoint.stamp().size() > MAX_STAMP) {
            throw malformed("a stamp is too large");
        }
        return checkpoint;
    }

    private static Refusal tooLarge() {
        return Refusal.of(
                "bundle-too-large",
                "証明ファイルが大きすぎます。分割してください",
                "A bundle has at most " + Bundle.MAX_ITEMS + " items and " + (Bundle.MAX_BYTES >> 20) + " MiB");
    }

    private static Refusal malformed(String why) {
        return Refusal.of("bundle-malformed", "証明ファイルの形式が正しくありません", "The bundle is malformed: " + why);
    }

    private static Refusal malformed(String why, Exception cause) {
        return Refusal.of("bundle-malformed", "証明ファイルの形式が正しくありません", "The bundle is malformed: " + why, cause);
    }
}
