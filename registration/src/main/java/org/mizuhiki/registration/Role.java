package org.mizuhiki.registration;

import java.util.Locale;
import org.mizuhiki.house.Refusal;

/// What an organisation may be accredited for. Who subscribes needs no accreditation: being an institution
/// of the region is enough.
public enum Role {
    PROVIDER("サービス提供者"),
    VENDOR("VPN機器提供者"),
    DEVICE_CA("機器証明書発行機関"),
    SERVICE_CA("サービス証明書発行機関");

    private final String japanese;

    Role(String japanese) {
        this.japanese = japanese;
    }

    /// As it stands in acts: `device-ca`.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String japanese() {
        return japanese;
    }

    /// @throws Refusal `role-unfit`
    public static Role of(String text) {
        for (var role : values()) {
            if (role.text().equals(text)) {
                return role;
            }
        }
        throw Refusal.of(
                "role-unfit",
                "役割は provider, vendor, device-ca, service-ca のいずれかです",
                "A role is one of provider, vendor, device-ca, service-ca");
    }
}
