package org.mizuhiki.centre;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.TimeCheck;

/// What one router saw of one connection since its batch before. The batches of a connection are a chain that
/// is closed by the last one: none can be left out, put in or changed without notice, also not by the centre.
///
/// @param form [#FORM]
/// @param router who saw it
/// @param number 1, 2, 3 and so on
/// @param before digest of the batch before; absent in the first
/// @param at when it was closed, by the router's clock
/// @param clock what that clock was last found to be beside a time server's; absent when nobody could tell
/// @param lost lines that the router could not keep since the batch before
/// @param last whether the connection is over at this router and nothing follows
/// @param nonce 128 random bits, so that the digest tells outsiders nothing
/// @param lines all of this connection, at most [RouterDesk#MOST]
public record LogBatch(
        String form,
        String router,
        String connection,
        long number,
        Optional<Digest> before,
        Instant at,
        Optional<TimeCheck> clock,
        long lost,
        boolean last,
        String nonce,
        List<LogLine> lines) {
    public static final String FORM = "mizuhiki-vpn-log-1";

    /// Name of the ledger's entry.
    public static final String EVENT = "vpn-log";

    /// Batches of one router about one connection; the last of them closes the chain.
    public static final int MOST_OF_CHAIN = 10_000;

    /// Largest encoding that is read, in bytes.
    public static final int MAX_BYTES = 96 << 10;

    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9.:-]{1,64}");
    private static final int LONGEST_NAME = 300;
    private static final int PORTS = 0x10000;
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final Duration CENTURY = Duration.ofDays(36_525);

    /// @throws Refusal `log-malformed`
    public LogBatch {
        lines = List.copyOf(lines);
        need(form.equals(FORM) && router.length() <= LONGEST_NAME && isPlain(router), "form");
        need(isOfOurTime(at) && clock.stream().allMatch(LogBatch::isPossible), "at");
        need(NONCE.matcher(connection).matches() && NONCE.matcher(nonce).matches(), "connection");
        need(number >= 1 && before.isPresent() == (number > 1), "number");
        need(lost >= 0, "lost");
        need(lines.size() <= RouterDesk.MOST, "lines");
        for (var line : lines) {
            need(line.connection().equals(connection), "connection");
            need(isWord(line.source()) && isWord(line.target()) && isWord(line.protocol()), "lines");
            need(isOfOurTime(line.at()), "at");
            need(line.port() >= 0 && line.port() < PORTS && line.bytes() >= 0, "lines");
        }
    }

    /// Times that can be added to and taken from each other; a clock that was never set begins in 1970.
    private static boolean isOfOurTime(Instant time) {
        return !time.isBefore(Instant.EPOCH) && time.isBefore(LATEST);
    }

    private static boolean isPossible(TimeCheck clock) {
        return isOfOurTime(clock.at())
                && clock.ahead().abs().compareTo(CENTURY) < 0
                && clock.within().compareTo(CENTURY) < 0
                && isPlain(clock.server());
    }

    /// It is shown on a terminal.
    private static boolean isPlain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static boolean isWord(String text) {
        return WORD.matcher(text).matches();
    }

    public Bytes encode() {
        return Json.write(this);
    }

    /// Refuses every other spelling of the same batch.
    ///
    /// @throws Refusal `log-malformed`, `body-malformed`
    public static LogBatch decode(Bytes encoded) {
        need(encoded.size() <= MAX_BYTES, "size");
        var read = Json.read(encoded, LogBatch.class);
        need(read.encode().equals(encoded), "form");
        return read;
    }

    /// What the next one names as the one before it.
    public Digest id() {
        return encode().sha256();
    }

    /// What the ledger holds of it.
    public Entry entry() {
        return new Entry(EVENT, id());
    }

    private static void need(boolean holds, String field) {
        if (!holds) {
            throw malformed(field);
        }
    }

    static Refusal malformed(String field) {
        return Refusal.of(
                "log-malformed",
                "通信記録の項目「" + field + "」が正しくありません。一度に100行まで、項目は64文字までです",
                "The field '" + field + "' of records of traffic is not as it must be: at most 100 lines, 64 characters"
                        + " each");
    }
}
