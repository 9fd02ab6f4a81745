package org.mizuhiki.devices;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Peer;

/// Orders over HTTP, as the institution that the connection shows.
public record RemoteChipOrders(Peer authority) implements ChipOrders {
    @Override
    public ChipStanding standing(Member.Device device) {
        var asked = URLEncoder.encode(device.identity(), StandardCharsets.UTF_8);
        // what is signed next is for the chip that is named here
        return authority
                .get(DeviceRoutes.ORDERS + "?device=" + asked, ChipStanding.class)
                .checked(device);
    }

    @Override
    public void place(SignedOrder signed) {
        authority.post(DeviceRoutes.ORDERS, DeviceRoutes.ChipOrderBody.of(signed), DeviceRoutes.ChipOrderBody.class);
    }
}
