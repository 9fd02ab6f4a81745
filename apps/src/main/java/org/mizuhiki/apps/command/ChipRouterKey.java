package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.Pkcs11Element;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A tunnel's key, which strongSwan uses: in a token behind PKCS#11, as strongSwan speaks to no e-Key. The
/// slot of its service on the e-Key vouches for it; tier 1 vouches for the device.
@Command(
        name = "router-key",
        description = {
            "VPN機器の鍵をトークン（PKCS#11）の中に作り、チップの保証を付けてサービス証明書を受け取る。登録券なしなら、時期が来た証明書を更新する",
            "Make a router's key in a token (PKCS#11) and have it certified as a service, with the chip's word;"
                    + " without a ticket: renew it when it is due"
        })
final class ChipRouterKey extends ChipUse.WithAuthority {
    /// The token is this service's own, so its key bears the same name in each: routers ask for it.
    private static final int SERVICE = 1;

    private static final SecretLine PIN = new SecretLine("トークンの暗証番号", "token's PIN", "--pin-file");

    @Option(
            names = "--slot",
            paramLabel = "N",
            required = true,
            description = "チップのうち、このサービスのスロット (1-) / the service's slot on the chip")
    private int slot;

    @Option(
            names = "--module",
            paramLabel = "LIBRARY",
            required = true,
            description = "トークンのライブラリー / the token's library, such as /usr/lib/softhsm/libsofthsm2.so")
    @SuppressWarnings("NullAway.Init")
    private Path module;

    @Option(
            names = "--token-slot",
            paramLabel = "N",
            required = true,
            description =
                    "PKCS#11のスロット番号（pkcs11-tool -L の 0x… など）。トークンはこのサービス専用にする"
                            + " / PKCS#11's number of its slot, such as 0x61777204 of `pkcs11-tool -L`; a token of this service's own")
    @SuppressWarnings("NullAway.Init")
    private String tokenSlot;

    @Option(
            names = "--pin-file",
            paramLabel = "FILE",
            description = "トークンの利用者暗証番号を1行目に書いたファイル（省略時は入力を求める）"
                    + " / a file whose first line is the token's user PIN (default: a prompt)")
    private @Nullable Path pin;

    @Option(
            names = "--ticket-file",
            paramLabel = "FILE",
            description = "サービスの登録券（初回） / the service's ticket, the first time")
    private @Nullable Path ticket;

    @Option(
            names = "--certificates",
            paramLabel = "FILE",
            description = "証明書の書き込み先（PEM） / where its certificates go, for strongSwan")
    private @Nullable Path certificates;

    /// A line of `--json`.
    ///
    /// @param handle CKA_ID of key and certificate in the token, hexadecimal
    record Held(int slot, long tokenSlot, String handle, boolean renewed, String holder, String until) {}

    @Override
    void with(DeviceChip chip, SlotCertificate.Authority authority) throws IOException {
        long number = number(tokenSlot);
        try (var code = PIN.of(pin, false)) {
            var token = Pkcs11Element.token(module, number, SERVICE, code);
            var certificate = chip.beside(slot, token, authority);
            boolean renewed = ticket == null
                    ? certificate.renewIfDue(replaced)
                    : enrolled(certificate, ChipUse.ticket(ticket), chip.toldAll(authority));
            if (!renewed) { // one that was revoked is never due, and must not look as if all were well
                authority.validator().check(token.chain(), Validator.Purpose.TLS_CLIENT, clock.instant());
            }
            tell(token, number, renewed);
        }
    }

    private static boolean enrolled(
            SlotCertificate certificate, org.mizuhiki.trust.Ticket ticket, SlotCertificate device) {
        certificate.enrol(ticket, Optional.of(device));
        return true;
    }

    /// Unsigned, 32 bits, as tools write it: decimal or with 0x.
    private static long number(String text) {
        try {
            return text.startsWith("0x")
                    ? Integer.toUnsignedLong(Integer.parseUnsignedInt(text.substring(2), 16))
                    : Integer.toUnsignedLong(Integer.parseUnsignedInt(text));
        } catch (NumberFormatException e) {
            throw Refusal.of(
                    "option-malformed",
                    "--token-slot は数（10進、または0x…）で指定してください: " + text,
                    "--token-slot is a number, decimal or 0x…: " + text,
                    e);
        }
    }

    private void tell(KeySlot token, long number, boolean renewed) {
        var chain = token.chain();
        if (certificates != null) {
            KeyFiles.writeChain(certificates, chain);
        }
        var own = chain.getFirst();
        var holder = Arguments.who(Member.of(own));
        var until = Arguments.when(own.getNotAfter().toInstant());
        var handle = Pkcs11Element.handle(SERVICE).asHex();
        output.tell(
                new Held(slot, number, handle, renewed, holder, until),
                "%s: %s  %s  strongSwan: handle = %s, slot = %d"
                        .formatted(
                                renewed ? "証明書を受け取りました / certified" : "まだです / not due", holder, until, handle, number));
    }
}
