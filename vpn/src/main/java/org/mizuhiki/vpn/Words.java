package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;

/// What every declaration's fields must be.
final class Words {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");

    private Words() {}

    /// Code words only: servers read policies, so nobody may write about a patient into them.
    static void word(String text, String field) {
        need(WORD.matcher(text).matches(), field);
    }

    static void nonce(String text, String field) {
        need(NONCE.matcher(text).matches(), field);
    }

    /// Whole seconds, and not over before it began.
    static void life(Instant at, Instant until) {
        var seconds = ChronoUnit.SECONDS;
        need(at.equals(at.truncatedTo(seconds)) && until.equals(until.truncatedTo(seconds)), "at");
        need(!until.isBefore(at), "until");
    }

    static boolean whole(Duration time) {
        return time.equals(time.truncatedTo(ChronoUnit.SECONDS));
    }

    static void atMost(Collection<?> list, int most, String field) {
        need(list.size() <= most, field);
    }

    static void distinct(Collection<?> list, String field) {
        need(new HashSet<>(list).size() == list.size(), field);
    }

    static void need(boolean holds, String field) {
        if (!holds) {
            throw malformed(field);
        }
    }

    static Refusal malformed(String field) {
        return malformed(field, null);
    }

    static Refusal malformed(String field, @Nullable Throwable cause) {
        var japanese = "ポリシーまたは接続情報の項目「" + field + "」が正しくありません。作り直して署名してください";
        var english = "The field '" + field + "' of a policy or of connection information is not as it must be; make it"
                + " and sign it again";
        return cause == null
                ? Refusal.of("declaration-malformed", japanese, english)
                : Refusal.of("declaration-malformed", japanese, english, cause);
    }
}
