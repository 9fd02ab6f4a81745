package org.mizuhiki.devices;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.ChipProof;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.Points;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;

/// Chips and orders at rest.
final class ChipRows {
    private ChipRows() {}

    /// @param last the record of the last order that the chip told us of; absent before it ever reported
    record Kept(Digest name, String device, Bytes identity, Bytes information, Optional<Bytes> last) {
        java.security.PublicKey identityKey() {
            return Points.key(identity);
        }

        java.security.PublicKey manager() {
            return EKeyForms.manager(information);
        }
    }

    static void note(Handle rows, ChipProof proof, Member.Device device, Instant now) {
        rows.createUpdate("""
                        insert into device_chip (name, device, identity, information, since)
                        values (:name, :device, :identity, :information, :now) on conflict do nothing""")
                .bind("name", proof.chip().toArray())
                .bind("device", device.identity())
                .bind("identity", Points.point(proof.identity()).toArray())
                .bind("information", proof.information().toArray())
                .bind("now", now)
                .execute();
    }

    /// The chip of a device: the newest, after a repair.
    static Optional<Kept> ofDevice(Handle rows, Member.Device device) {
        return rows.createQuery("select * from device_chip where device = :device order by since desc, name limit 1")
                .bind("device", device.identity())
                .map((row, context) -> kept(row))
                .findOne();
    }

    /// Ours until the transaction ends.
    static Optional<Kept> locked(Handle rows, Digest chip) {
        return rows.createQuery("select * from device_chip where name = :name for update")
                .bind("name", chip.toArray())
                .map((row, context) -> kept(row))
                .findOne();
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                Digest.ofHash(row.getBytes("name")),
                row.getString("device"),
                Bytes.of(row.getBytes("identity")),
                Bytes.of(row.getBytes("information")),
                Optional.ofNullable(row.getBytes("last")).map(Bytes::of));
    }

    static void report(Handle rows, Digest chip, OrderReceipt receipt) {
        rows.createUpdate("update device_chip set last = :last where name = :name")
                .bind("last", receipt.record().toArray())
                .bind("name", chip.toArray())
                .execute();
    }

    /// @param managers whether the chip's manager signed it
    static void add(Handle rows, SignedOrder signed, InstitutionCode by, boolean managers, Instant now) {
        rows.createUpdate("""
                        insert into chip_order (chip, number, placed_by, by_manager, placed, form, signature)
                        values (:chip, :number, :by, :managers, :now, :form, :signature)""")
                .bind("managers", managers)
                .bind("chip", signed.chip().toArray())
                .bind("number", signed.number())
                .bind("by", by.value())
                .bind("now", now)
                .bind("form", signed.form().toArray())
                .bind("signature", signed.signature().toArray())
                .execute();
    }

    static Optional<SignedOrder> order(Handle rows, Digest chip, int number) {
        return rows.createQuery("select form, signature from chip_order where chip = :chip and number = :number")
                .bind("chip", chip.toArray())
                .bind("number", number)
                .map((row, context) -> signed(row))
                .findOne();
    }

    /// The manager's in the place of the one of this number, which waits.
    static void replace(Handle rows, SignedOrder signed, InstitutionCode by, Instant now) {
        rows.createUpdate("""
                        delete from chip_order where chip = :chip and number = :number and receipt is null""")
                .bind("chip", signed.chip().toArray())
                .bind("number", signed.number())
                .execute();
        add(rows, signed, by, true, now);
    }

    /// Number of the last order that was left; 0 without one.
    static int highest(Handle rows, Digest chip) {
        return rows.createQuery("select coalesce(max(number), 0) from chip_order where chip = :chip")
                .bind("chip", chip.toArray())
                .mapTo(Integer.class)
                .one();
    }

    /// How many orders of providers about a slot come after this number.
    static int waitingOfProvider(Handle rows, Digest chip, int slot, int last) {
        return rows.createQuery("""
                        select count(*) from chip_order
                        where chip = :chip and slot = :slot and number > :last and not by_manager""")
                .bind("chip", chip.toArray())
                .bind("slot", slot)
                .bind("last", last)
                .mapTo(Integer.class)
                .one();
    }

    /// A service that comes or goes.
    ///
    /// @param done whether the chip said so; else it is not known
    record Change(ChipOrder order, boolean done) {}

    /// What came into a slot and went, newest first, without what was impossible.
    static List<Change> changes(Handle rows, Digest chip, int slot, int most) {
        return rows.createQuery("""
                        select form, signature, done from chip_order
                        where chip = :chip and slot = :slot and changes and done is distinct from false
                        order by number desc limit :most""")
                .bind("chip", chip.toArray())
                .bind("slot", slot)
                .bind("most", most)
                .map((row, context) -> new Change(signed(row).order(), row.getBoolean("done")))
                .list();
    }

    private static SignedOrder signed(ResultSet row) throws SQLException {
        return SignedOrder.read(Bytes.of(row.getBytes("form")), Bytes.of(row.getBytes("signature")));
    }

    static void receive(Handle rows, SignedOrder signed, OrderReceipt receipt, Instant now) {
        rows.createUpdate("""
                        update chip_order set receipt = :receipt, receipt_signature = :signature, received = :now
                        where chip = :chip and number = :number and receipt is null""")
                .bind("receipt", receipt.record().toArray())
                .bind("signature", receipt.signature().toArray())
                .bind("now", now)
                .bind("chip", signed.chip().toArray())
                .bind("number", signed.number())
                .execute();
    }

    /// What this institution ordered, newest first.
    static List<ChipOrders.PlacedOrder> placed(Handle rows, Kept chip, int last, InstitutionCode by, int most) {
        return rows.createQuery("""
                        select * from chip_order where chip = :chip and placed_by = :by
                        order by number desc limit :most""")
                .bind("chip", chip.name().toArray())
                .bind("by", by.value())
                .bind("most", most)
                .map((row, context) -> placed(row, last))
                .list();
    }

    private static ChipOrders.PlacedOrder placed(ResultSet row, int last) throws SQLException {
        var signed = signed(row);
        var record = row.getBytes("receipt");
        var receipt = record == null
                ? Optional.<ChipOrders.KeptReceipt>empty()
                : Optional.of(new ChipOrders.KeptReceipt(
                        Bytes.of(record),
                        Bytes.of(row.getBytes("receipt_signature")),
                        row.getTimestamp("received").toInstant()));
        return ChipOrders.PlacedOrder.of(
                signed, signed.number() > last, row.getTimestamp("placed").toInstant(), receipt);
    }
}
