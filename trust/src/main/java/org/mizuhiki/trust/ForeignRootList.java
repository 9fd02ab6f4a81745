package org.mizuhiki.trust;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// The foreign roots as all changes leave them.
///
/// @param number of changes
/// @param last digest of the newest change
public record ForeignRootList(long number, Optional<Digest> last, List<ForeignRoot> roots) {
    /// Changes that a list may have. A region that trusts hundreds of strangers trusts none.
    static final int MOST_CHANGES = 1000;

    public ForeignRootList {
        roots = List.copyOf(roots);
    }

    /// Applies all changes in order.
    ///
    /// @throws Refusal `foreign-roots-forged` if one is missing or does not follow the one before
    static ForeignRootList of(List<Bytes> changes) {
        if (changes.size() > MOST_CHANGES) {
            throw forged(null);
        }
        var roots = new LinkedHashMap<Digest, ForeignRoot>();
        Optional<Digest> last = Optional.empty();
        long number = 0;
        for (var encoded : changes) {
            var change = read(encoded);
            if (change.number() != ++number || !change.before().equals(last)) {
                throw forged(null);
            }
            switch (change.deed()) {
                case ForeignRootChange.Deed.Add(var root) -> roots.put(root.digest(), root);
                case ForeignRootChange.Deed.Withdraw(var root) -> roots.remove(root);
            }
            last = Optional.of(encoded.sha256());
        }
        return new ForeignRootList(number, last, List.copyOf(roots.values()));
    }

    private static ForeignRootChange read(Bytes encoded) {
        try {
            return ForeignRootChange.decode(encoded);
        } catch (Refusal e) {
            throw forged(e);
        }
    }

    static Refusal forged(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "信頼する外部の認証局の一覧が、台帳の記録と一致しません。使用を中止しました。運営者に連絡してください";
        var en = "The list of foreign roots does not match the ledger and is not used. Tell the operator";
        return cause == null
                ? Refusal.of("foreign-roots-forged", ja, en)
                : Refusal.of("foreign-roots-forged", ja, en, cause);
    }
}
