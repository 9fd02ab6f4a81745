package org.mizuhiki.devices;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.chip.ChipProof;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.trust.Member;

/// Which services were certified on which chip.
final class ServiceRows {
    private ServiceRows() {}

    /// The newest chip of a device is where its service is: what another says later ends nothing here.
    static void note(Handle rows, ChipProof proof, Member.Service service) {
        rows.createUpdate("""
                        delete from chip_service where subscriber = :subscriber and name = :name
                            and chip in (select name from device_chip where device = :device)""")
                .bind("subscriber", service.subscriber())
                .bind("name", service.name())
                .bind("device", service.device().identity())
                .execute();
        rows.createUpdate("""
                        insert into chip_service (chip, service, subscriber, name)
                        values (:chip, :service, :subscriber, :name) on conflict do nothing""")
                .bind("chip", proof.chip().toArray())
                .bind("service", proof.service().toArray())
                .bind("subscriber", service.subscriber())
                .bind("name", service.name())
                .execute();
    }

    private record Kept(Bytes service, String subscriber, String name) {}

    /// Those that are gone by this receipt; they are forgotten.
    static List<Member.Service> gone(Handle rows, Digest chip, Member.Device device, OrderReceipt receipt) {
        var gone = rows
                .createQuery("select * from chip_service where chip = :chip")
                .bind("chip", chip.toArray())
                .map((row, context) ->
                        new Kept(Bytes.of(row.getBytes("service")), row.getString("subscriber"), row.getString("name")))
                .list()
                .stream()
                .filter(kept -> receipt.isRemovalOf(kept.service()))
                .toList();
        gone.forEach(kept -> rows.createUpdate("delete from chip_service where chip = :chip and service = :service")
                .bind("chip", chip.toArray())
                .bind("service", kept.service().toArray())
                .execute());
        return gone.stream()
                .map(kept -> new Member.Service(kept.subscriber(), kept.name(), device))
                .toList();
    }
}
