package org.mizuhiki.enrol;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Optional;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.EKeyFactory;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.devices.OrderErrand;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;

/// A device as its maker ships it: an e-Key with two services installed, no keys.
record Router(Member.Device member, EKey key) implements OrderErrand.Ordered {
    static final KeyPair MANAGER = KeyFiles.newKeyPair(LiveAuthority.DIE);
    static final KeyPair PROVIDER = KeyFiles.newKeyPair(LiveAuthority.DIE);

    static Router of(Member.Device member) {
        return madeBy(LiveAuthority.MAKER, member);
    }

    static Router madeBy(KeyPair maker, Member.Device member) {
        var factory = new EKeyFactory(signer(maker), signer(MANAGER));
        var key = factory.make(SoftCard.inMemory(LiveAuthority.DIE), member.identity(), 3, code());
        factory.install(key, 1, signer(PROVIDER), EKeyForms.serviceName("medical-vpn"), code());
        factory.install(key, 2, signer(PROVIDER), EKeyForms.serviceName("image-exchange"), code());
        return new Router(member, key);
    }

    static ChipSigner signer(KeyPair pair) {
        return ChipSigner.of(pair.getPublic(), pair.getPrivate(), LiveAuthority.DIE);
    }

    private static Secret code() {
        return Secret.taking(new byte[16]);
    }

    KeySlot slot(int number) {
        return key.slot(number, code());
    }

    PublicKey generated(int number) {
        return slot(number).generate();
    }

    SlotCertificate certificate(int number, Path folder, LiveAuthority authority) {
        var request = folder.resolve(member.serial() + "-" + number + ".csr");
        return new SlotCertificate(slot(number), request, authority.asDevicesSeeIt());
    }

    @Override
    public Digest name() {
        return key.view().chip();
    }

    @Override
    public OrderReceipt receipt() {
        return key.receipt();
    }

    @Override
    public OrderReceipt carryOut(SignedOrder signed) {
        return key.carryOut(signed, signed.order().givesCode() ? Optional.of(code()) : Optional.empty());
    }
}
