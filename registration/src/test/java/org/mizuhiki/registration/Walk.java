package org.mizuhiki.registration;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;

/// One case, step by step as the seed has it.
final class Walk {
    static final String SERVICE = "medical-vpn";

    /// In the order of the seed; a) before b).
    static final List<Kind> ORDER = List.of(
            Kind.MEMBERSHIP_APPLICATION,
            Kind.MEMBERSHIP_ANSWER,
            Kind.PURCHASE_APPLICATION,
            Kind.DEVICE_REGISTRATION,
            Kind.DEVICE_CERTIFICATE,
            Kind.DEVICE_LOADING,
            Kind.DEVICE_RECEIPT,
            Kind.USE_APPLICATION,
            Kind.USE_ANSWER,
            Kind.SERVICE_REQUEST,
            Kind.SERVICE_CERTIFICATE,
            Kind.SERVICE_LOADING,
            Kind.CONNECTION_APPLICATION,
            Kind.SERVICE_PROVISION);

    final World world;
    final Chip chip;
    final Member.Device device;
    final Digest file;
    private final Map<Kind, Supplier<Registry.Filed>> moves;

    /// Opens a case with a).
    Walk(World world) {
        this(world, Kind.MEMBERSHIP_APPLICATION);
    }

    Walk(World world, Kind opening) {
        this.world = world;
        this.chip = world.chip();
        this.device = world.someDevice();
        this.file = clinic().open(content(opening)).file();
        this.moves = Map.ofEntries(
                Map.entry(
                        Kind.MEMBERSHIP_APPLICATION, () -> clinic().next(here(), content(Kind.MEMBERSHIP_APPLICATION))),
                Map.entry(Kind.MEMBERSHIP_ANSWER, () -> party(World.PROVIDER).answer(here(), true, "審査済み")),
                Map.entry(Kind.PURCHASE_APPLICATION, () -> clinic().next(here(), content(Kind.PURCHASE_APPLICATION))),
                Map.entry(
                        Kind.DEVICE_REGISTRATION,
                        () -> party(World.VENDOR).register(here(), device, chip, World.DEVICE_CA)),
                Map.entry(Kind.DEVICE_CERTIFICATE, () -> party(World.DEVICE_CA).issue(here())),
                Map.entry(Kind.DEVICE_LOADING, () -> party(World.VENDOR).load(here(), chip)),
                Map.entry(Kind.DEVICE_RECEIPT, () -> clinic().receive(here())),
                Map.entry(Kind.USE_APPLICATION, () -> clinic().use(here(), SERVICE)),
                Map.entry(Kind.USE_ANSWER, () -> party(World.PROVIDER).answer(here(), true, "審査済み")),
                Map.entry(Kind.SERVICE_REQUEST, () -> party(World.PROVIDER).request(here(), chip, World.SERVICE_CA)),
                Map.entry(
                        Kind.SERVICE_CERTIFICATE, () -> party(World.SERVICE_CA).issue(here())),
                Map.entry(Kind.SERVICE_LOADING, () -> party(World.PROVIDER).load(here(), chip)),
                Map.entry(Kind.CONNECTION_APPLICATION, () -> clinic().connect(here())),
                Map.entry(Kind.SERVICE_PROVISION, () -> party(World.PROVIDER).provide(here())));
    }

    private Digest here() {
        return file;
    }

    Registry.Filed go(Kind kind) {
        return java.util.Objects.requireNonNull(moves.get(kind)).get();
    }

    /// All steps up to and with this one that are not done yet.
    Walk upTo(Kind last) {
        for (var kind : ORDER) {
            if (look().standing(kind).isEmpty()) {
                go(kind);
            }
            if (kind == last) {
                break;
            }
        }
        return this;
    }

    Case look() {
        return clinic().look(file);
    }

    Party clinic() {
        return party(World.CLINIC);
    }

    Party party(InstitutionCode code) {
        return world.party(code);
    }

    Member.Service service() {
        return new Member.Service(World.CLINIC.value(), SERVICE, device);
    }

    /// What such a step could say; for what only its own party can know, something of the right form.
    Step content(Kind kind) {
        var some = Bytes.utf8("something else");
        return switch (kind) {
            case MEMBERSHIP_APPLICATION -> new Step.MembershipApplication(World.PROVIDER);
            case MEMBERSHIP_ANSWER -> new Step.MembershipAnswer(true, "承認");
            case PURCHASE_APPLICATION -> new Step.PurchaseApplication(World.VENDOR, "R-1");
            case DEVICE_REGISTRATION -> new Step.DeviceRegistration(device, some, World.DEVICE_CA);
            case DEVICE_CERTIFICATE -> new Step.DeviceCertificate(some.sha256());
            case DEVICE_LOADING -> new Step.DeviceLoading(some.sha256(), some);
            case DEVICE_RECEIPT -> new Step.DeviceReceipt(device);
            case USE_APPLICATION -> new Step.UseApplication(device, SERVICE);
            case USE_ANSWER -> new Step.UseAnswer(true, "承認");
            case SERVICE_REQUEST -> new Step.ServiceRequest(some, World.SERVICE_CA);
            case SERVICE_CERTIFICATE -> new Step.ServiceCertificate(some.sha256());
            case SERVICE_LOADING -> new Step.ServiceLoading(some.sha256(), some, some, java.util.Optional.empty());
            case CONNECTION_APPLICATION -> new Step.ConnectionApplication(SERVICE);
            case SERVICE_PROVISION -> new Step.ServiceProvision(SERVICE);
            case ACCREDITATION_APPLICATION ->
                new Step.AccreditationApplication(Role.PROVIDER, java.util.Optional.empty());
            case ACCREDITATION_ANSWER -> new Step.AccreditationAnswer(java.util.Optional.empty(), "不認定");
            case ACCREDITATION_WITHDRAWAL -> new Step.AccreditationWithdrawal("取消し");
            case DECLINATION -> new Step.Declination("在庫なし");
            case WITHDRAWAL -> new Step.Withdrawal(Step.Withdrawal.Part.DEVICE, "取消し");
        };
    }
}
