package org.mizuhiki.apps.demo;

import org.mizuhiki.apps.demo.RegistrationStory.Parties;
import org.mizuhiki.house.Digest;
import org.mizuhiki.registration.Chip;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry.Filed;
import org.mizuhiki.registration.Step;
import org.mizuhiki.trust.Member;

/// The steps a) to l) of seed 003, D.6, for one device and one service.
///
/// @param clinic the subscriber: a person of the clinic
record Procedure(Parties parties, Party clinic, Member.Device device, Chip chip, Teller teller) {
    static final String SERVICE = "medical-vpn";

    /// Who carries an act out tells of it, or does not.
    interface Teller {
        Filed act(String step, String japanese, String english, Acting acting) throws Exception;
    }

    interface Acting {
        Filed act() throws Exception;
    }

    /// @return the case's name
    Digest play() throws Exception {
        var file = forDevice();
        forService(file);
        return file;
    }

    private void act(String step, String japanese, String english, Acting acting) throws Exception {
        teller.act(step, japanese, english, acting);
    }

    /// a) to f)
    private Digest forDevice() throws Exception {
        var vendor = parties.vendor();
        var file = teller.act(
                        "a-membership",
                        "a) 診療所が加入を申請し、提供者の担当者が承認する",
                        "a) The clinic applies for membership, a person of the provider approves",
                        () -> {
                            var opened = clinic.open(new Step.MembershipApplication(
                                    parties.provider().person().code()));
                            parties.provider().person().answer(opened.file(), true, "加入審査済み");
                            return opened;
                        })
                .file();
        act(
                "b-purchase",
                "b) 診療所が機器の購入を申請する",
                "b) The clinic applies to buy a device",
                () -> clinic.next(
                        file, new Step.PurchaseApplication(vendor.person().code(), device.model())));
        act(
                "c-device-registered",
                "c) 機器提供者がチップの鍵と機器を登録する",
                "c) The vendor registers the device",
                () -> vendor.machine()
                        .register(
                                file, device, chip, parties.deviceCa().person().code()));
        act(
                "d-device-certificate",
                "d) 機器証明書が発行される",
                "d) The device-CA issues the certificate",
                () -> parties.deviceCa().machine().issue(file));
        act(
                "e-device-loaded",
                "e) 機器証明書を1階層目に搭載し、機器が署名する",
                "e) It is loaded into tier 1; the device signs the receipt",
                () -> vendor.machine().load(file, chip));
        act("f-device-received", "f) 診療所が機器を受け取る", "f) The clinic has the device", () -> clinic.receive(file));
        return file;
    }

    /// g) to l)
    private void forService(Digest file) throws Exception {
        var provider = parties.provider();
        act(
                "g-use-application",
                "g) 診療所が利用を申請し、提供者の担当者が承認する",
                "g) The clinic applies for the service, a person of the provider approves",
                () -> {
                    clinic.use(file, SERVICE);
                    return provider.person().answer(file, true, "利用審査済み");
                });
        act(
                "h-service-requested",
                "h) 提供者がサービス証明書の発行を依頼する",
                "h) The provider asks for the service's certificate",
                () -> provider.machine()
                        .request(file, chip, parties.serviceCa().person().code()));
        act(
                "i-service-certificate",
                "i) サービス証明書が発行される",
                "i) The service-CA issues it",
                () -> parties.serviceCa().machine().issue(file));
        act(
                "j-service-loaded",
                "j) サービス証明書を2階層目に搭載し、両方の鍵が署名する",
                "j) It is loaded into tier 2; both keys sign the receipt",
                () -> provider.machine().load(file, chip));
        act(
                "k-connection-application",
                "k) 診療所が接続を申請する",
                "k) The clinic applies to be connected",
                () -> clinic.connect(file));
        act(
                "l-service-provided",
                "l) サービスが始まる",
                "l) The service begins",
                () -> provider.machine().provide(file));
    }
}
