package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;

/// A router's configuration file (YAML). It names no key and no partner: the first stay in the tokens, the
/// others come from the centre.
///
/// @param role `router`
/// @param folder where everything of this router lies, the engine's sockets too: a short path, mode 0700
/// @param region file with the region's roots, the authority and the centre, handed over out of band
/// @param provider code of the institution whose VPN it is: its uniform policy counts
/// @param outside interfaces towards the Internet
/// @param towards an address on the Internet, by the way to which the router knows its own; by default the
///     centre's
/// @param token where the keys are
/// @param tickets files with one-time tickets, for the first start; not for a device with an e-Key
/// @param time time servers by which the clock is checked, `name` or `name:port`; best three
/// @param router which router this is to be, `<subscriber>/<service>/<vendor>/<model>/<serial>`; another one's
///     tickets make no other of it
/// @param firstBoot digest of the first-boot document that this configuration was made of
public record RouterConfig(
        String role,
        Path folder,
        Path region,
        String provider,
        Set<String> outside,
        Optional<String> towards,
        Token token,
        Optional<Tickets> tickets,
        Optional<List<String>> time,
        Optional<String> router,
        Optional<String> firstBoot) {
    static final String ROLE = "router";

    public RouterConfig {
        var _ = new InstitutionCode(provider);
        outside = Set.copyOf(outside);
    }

    /// Tokens behind PKCS#11, one for the device (tier 1) and one for the service (tier 2). The device's is
    /// missing where its key lies in an e-Key: then the first certificates are fetched with the chip's word, by
    /// the router itself if `chip` names it, else with `mizuhiki chip router-key`; `chip renew` renews the
    /// device's.
    ///
    /// @param library shared object of the tokens' maker
    /// @param device PKCS#11's number of the slot with the device's token
    /// @param service the same for the service's
    /// @param devicePin file with the token's PIN, likewise `servicePin`
    /// @param environment variables that the library wants to find, such as `SOFTHSM2_CONF`; this program
    ///     itself must be started with them
    /// @param chip the e-Key beside the service's token
    public record Token(
            Path library,
            Optional<Long> device,
            long service,
            Optional<Path> devicePin,
            Path servicePin,
            Optional<Map<String, String>> environment,
            Optional<Chip> chip) {
        /// @throws Refusal `config-invalid`
        public Token {
            if (device.isPresent() && chip.isPresent()) {
                throw Refusal.of(
                        "config-invalid",
                        "設定の token では、機器の鍵は device（トークン）か chip（e-Key）のどちらか一方に書いてください",
                        "token: in the configuration has the device's key in a token (device) or in its e-Key (chip),"
                                + " not in both");
            }
            if (device.isPresent() != devicePin.isPresent()) {
                throw Refusal.of(
                        "config-invalid",
                        "設定の token では、device と devicePin は両方書くか、両方省いてください",
                        "token: in the configuration has both device and devicePin, or neither");
            }
        }
    }

    /// The device's e-Key (docs/flows/chip.md).
    ///
    /// @param slot of its service, from 1: it vouches for the key in the token
    public record Chip(Path folder, int slot) {}

    /// Files with tickets; each is deleted once it is redeemed.
    public record Tickets(Path device, Path service) {}

    /// @throws org.mizuhiki.house.Refusal `config-missing`, `config-invalid` naming what is wrong and where
    public static RouterConfig read(Path file) {
        return ConfigFile.read(file, RouterConfig.class).in(file.toAbsolutePath());
    }

    /// Relative paths are meant from the file in which they stand.
    static Token in(Path file, Token token) {
        return new Token(
                token.library(),
                token.device(),
                token.service(),
                token.devicePin().map(pin -> ConfigFile.beside(file, pin)),
                ConfigFile.beside(file, token.servicePin()),
                token.environment(),
                token.chip().map(c -> new Chip(ConfigFile.beside(file, c.folder()), c.slot())));
    }

    private RouterConfig in(Path file) {
        return new RouterConfig(
                role,
                ConfigFile.beside(file, folder),
                ConfigFile.beside(file, region),
                provider,
                outside,
                towards,
                in(file, token),
                tickets.map(
                        t -> new Tickets(ConfigFile.beside(file, t.device()), ConfigFile.beside(file, t.service()))),
                time,
                router,
                firstBoot);
    }
}
