package org.mizuhiki.centre;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.SignedInformation;

/// All that the centre holds of a connection, as its parties handed it in: to be checked by whoever reads it
/// ([RecordsCheck]), not to be believed.
///
/// @param information of the newest serial
/// @param ended absent while it runs
/// @param clocks how far each router's clock was before the centre's when it told where it is: the centre's
/// word, for batches without a time check of their own
/// @param batches in the order in which they came
public record Recorded(
        SignedInformation information, Optional<End> ended, List<Ahead> clocks, List<SignedBatch> batches) {
    /// Batches of one answer.
    public static final int PAGE = 50;

    public Recorded {
        clocks = List.copyOf(clocks);
        batches = List.copyOf(batches);
    }

    /// @param reason code word
    public record End(Instant at, String reason) {
        /// The connection's own 128 random bits keep the digest from telling anything.
        Entry entry(String connection) {
            var record = Canonical.of(Map.of(
                    "form",
                    "mizuhiki-vpn-1",
                    "kind",
                    PostgresCentre.END,
                    "connection",
                    connection,
                    "reason",
                    reason,
                    "at",
                    at.toString()));
            return new Entry(PostgresCentre.END, record.digest());
        }
    }

    public record Ahead(String router, Duration ahead) {}

    /// All pages of a desk's answer.
    ///
    /// @throws Refusal `connection-unknown`, `log-too-large`
    public static Recorded all(SubscriberDesk desk, String connection) {
        var read = desk.recorded(connection, 0);
        var batches = new java.util.ArrayList<>(read.batches());
        for (var page = read.batches(); page.size() == PAGE; ) {
            page = desk.recorded(connection, batches.size()).batches();
            batches.addAll(page);
            if (batches.size() > MOST) {
                throw Refusal.of(
                        "log-too-large",
                        "通信記録が多すぎて一度に検証できません（" + MOST + "件まで）",
                        "More than " + MOST + " batches of records; they cannot be checked at once");
            }
        }
        return new Recorded(read.information(), read.ended(), read.clocks(), batches);
    }

    private static final int MOST = 20_000;

    /// Without its signature having been checked.
    ConnectionInformation decided() {
        return ConnectionInformation.decode(information.information());
    }
}
