package org.mizuhiki.trust;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;

/// One change of the list of foreign roots; event `foreign-root` of docs/events.md. Each names the one
/// before it, so that the newest one's place in the ledger proves them all, and none can be left out.
///
/// @param number 1 for the first
/// @param before digest of the change before; absent in the first
/// @param by the operator who did it
/// @param reason in words
public record ForeignRootChange(long number, Optional<Digest> before, Instant at, String by, String reason, Deed deed) {
    static final String KIND = "foreign-root";

    private static final String FORM = "mizuhiki-foreign-root-1";
    private static final int LONGEST = 200;

    /// What was done.
    public sealed interface Deed {
        /// Also replaces what was said of the same certificate before.
        record Add(ForeignRoot root) implements Deed {}

        /// @param root digest of the certificate
        record Withdraw(Digest root) implements Deed {}
    }

    /// @throws Refusal `foreign-root-malformed` without a name or reason of fitting length
    public ForeignRootChange {
        if (!isText(by) || !isText(reason) || number < 1 || (number == 1) != before.isEmpty()) {
            throw malformed(null);
        }
    }

    private static boolean isText(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }

    public Canonical canonical() {
        var fields = new HashMap<String, String>();
        fields.put("form", FORM);
        fields.put("kind", KIND);
        fields.put("number", Long.toString(number));
        before.ifPresent(b -> fields.put("before", b.hex()));
        fields.put("at", at.toString());
        fields.put("by", by);
        fields.put("reason", reason);
        switch (deed) {
            case Deed.Withdraw(var root) -> {
                fields.put("deed", "withdraw");
                fields.put("root", root.hex());
            }
            case Deed.Add(var root) -> {
                fields.put("deed", "add");
                fields.put("root", root.digest().hex());
                fields.put("certificate", KeyFiles.encoded(root.certificate()).asBase64());
                fields.put(
                        "purposes",
                        root.purposes().stream().map(p -> p.word()).sorted().collect(Collectors.joining(",")));
                fields.put("domains", joined(root.domains()));
                fields.put("policies", joined(root.policies()));
                fields.put("hosts", joined(root.hosts()));
                fields.put("until", root.until().toString());
            }
        }
        return Canonical.of(fields);
    }

    /// Reads what [#canonical] wrote, and nothing else.
    ///
    /// @throws Refusal `foreign-root-malformed`
    public static ForeignRootChange decode(Bytes encoded) {
        try {
            var fields = Canonical.decode(encoded);
            var read = new ForeignRootChange(
                    Long.parseLong(fields.get("number")),
                    fields.find("before").map(Digest::new),
                    Instant.parse(fields.get("at")),
                    fields.get("by"),
                    fields.get("reason"),
                    deed(fields));
            if (read.canonical().equals(fields)) {
                return read;
            }
            throw malformed(null);
        } catch (Refusal | DateTimeParseException | IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private static Deed deed(Canonical fields) {
        return switch (fields.get("deed")) {
            case "withdraw" -> new Deed.Withdraw(new Digest(fields.get("root")));
            case "add" ->
                new Deed.Add(new ForeignRoot(
                        KeyFiles.certificate(Bytes.base64(fields.get("certificate"))),
                        purposes(fields.get("purposes")),
                        set(fields.get("domains")),
                        set(fields.get("policies")),
                        set(fields.get("hosts")),
                        Instant.parse(fields.get("until"))));
            default -> throw malformed(null);
        };
    }

    /// `mail-signing,tls-client`.
    ///
    /// @throws Refusal `foreign-root-malformed`
    public static Set<ForeignRoot.Purpose> purposes(String words) {
        try {
            return set(words).stream()
                    .map(w -> ForeignRoot.Purpose.valueOf(w.replace('-', '_').toUpperCase(Locale.ROOT)))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    /// Words joined by commas.
    public static Set<String> set(String joined) {
        return joined.isEmpty()
                ? Set.of()
                : Arrays.stream(joined.split(",", -1)).collect(Collectors.toUnmodifiableSet());
    }

    private static String joined(Set<String> all) {
        return all.stream().sorted().collect(Collectors.joining(","));
    }

    Digest digest() {
        return canonical().digest();
    }

    /// As it stands in the ledger.
    public Entry entry() {
        return new Entry(KIND, digest());
    }

    private static Refusal malformed(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "外部の認証局の登録記録が正しくありません（理由と操作者の名前は1〜200文字です）";
        var en = "A record about a foreign root is malformed; reason and name have 1 to 200 characters";
        return cause == null
                ? Refusal.of("foreign-root-malformed", ja, en)
                : Refusal.of("foreign-root-malformed", ja, en, cause);
    }
}
