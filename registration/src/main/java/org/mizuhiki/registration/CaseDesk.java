package org.mizuhiki.registration;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Issuing;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Revocation;

/// Takes acts of cases, in the caller's transaction: steps a) to l), declinations, withdrawals.
record CaseDesk(Issuing issuing, Clock clock) {
    private static final int MOST_ACTS = 500;
    private static final int MOST_UNDECIDED = 1000;

    void take(Handle rows, SignedAct signed) {
        var act = signed.act();
        // 1. where it stands, and whether it may
        var before = before(rows, act);
        before.ifPresent(c -> CaseRules.mustFit(c, act));
        // 2. whoever acts, or is named to act next, is accredited for it
        mustBeAccredited(rows, before, act);
        mustBeIssued(rows, act);
        // 3. what it has issued
        var done = new Done(act, issue(rows, before, act));
        var after = before.map(c -> c.with(done)).orElseGet(() -> new Case(List.of(done)));
        // 4. what it ends
        var ended = new LinkedHashSet<Member>();
        before.ifPresent(c -> ended.addAll(c.certified()));
        ended.removeAll(after.certified());
        ended.forEach(member -> issuing.revoke(rows, member, reason(after, act)));
        // 5. kept, to be logged
        keep(rows, signed, after, done.issued());
    }

    private Optional<Case> before(Handle rows, Act act) {
        if (act.place().isEmpty()) {
            if (RegistryRows.undecided(rows, act.by()) >= MOST_UNDECIDED) {
                throw Refusal.of(
                        "files-too-many",
                        "審査中の手続きが多すぎます。済んでから新しい手続きを始めてください",
                        "Too many files of this institution are undecided; finish some first");
            }
            RegistryRows.open(rows, act, false, clock.instant());
            return Optional.empty();
        }
        var done = RegistryRows.done(rows, act.file());
        if (done.size() >= MOST_ACTS) {
            throw Refusal.of(
                    "file-too-long", "この手続きの記録が長くなりすぎました。新しい手続きを始めてください", "This file has too many acts; open another");
        }
        return Optional.of(new Case(done));
    }

    /// Saying no and taking back are always allowed: whoever lost an accreditation must be able to end what
    /// hangs on it.
    private void mustBeAccredited(Handle rows, Optional<Case> before, Act act) {
        var by = act.by();
        switch (act.step()) {
            case Step.MembershipApplication s -> need(rows, s.provider(), Role.PROVIDER);
            case Step.MembershipAnswer s when s.approved() -> need(rows, by, Role.PROVIDER);
            case Step.PurchaseApplication s -> need(rows, s.vendor(), Role.VENDOR);
            case Step.DeviceRegistration s -> {
                needVendor(rows, by, s.device());
                need(rows, s.deviceCa(), Role.DEVICE_CA);
                mustBeFree(rows, s.device());
            }
            case Step.DeviceCertificate _ -> need(rows, by, Role.DEVICE_CA);
            case Step.DeviceLoading _ -> need(rows, by, Role.VENDOR);
            case Step.UseApplication _, Step.ConnectionApplication _ ->
                need(rows, before.flatMap(Case::provider).orElseThrow(), Role.PROVIDER);
            case Step.UseAnswer s when s.approved() -> need(rows, by, Role.PROVIDER);
            case Step.ServiceRequest s -> {
                need(rows, by, Role.PROVIDER);
                need(rows, s.serviceCa(), Role.SERVICE_CA);
            }
            case Step.ServiceCertificate _ -> need(rows, by, Role.SERVICE_CA);
            case Step.ServiceLoading _, Step.ServiceProvision _ -> need(rows, by, Role.PROVIDER);
            case Step.MembershipAnswer _,
                    Step.UseAnswer _,
                    Step.DeviceReceipt _,
                    Step.Declination _,
                    Step.Withdrawal _,
                    Step.AccreditationApplication _,
                    Step.AccreditationAnswer _,
                    Step.AccreditationWithdrawal _ -> {}
        }
    }

    /// A certificate that a device was renewed to is one of the authority's own and stands: whoever holds a key of
    /// their own could write the device's name into one.
    private void mustBeIssued(Handle rows, Act act) {
        if (act.step() instanceof Step.ServiceLoading loading) {
            loading.deviceCertificate()
                    .map(KeyFiles::certificate)
                    .ifPresent(c -> CaseRules.mustAgree(issuing.stands(rows, c)));
        }
    }

    private void need(Handle rows, InstitutionCode who, Role role) {
        if (!LicenceRows.accredited(rows, who, role, clock.instant())) {
            throw Refusal.of(
                    "not-accredited",
                    "機関 " + who + " は" + role.japanese() + "として認定されていないか、認定の期限が切れています",
                    "Institution " + who + " has no accreditation as " + role.text() + " that stands");
        }
    }

    private void needVendor(Handle rows, InstitutionCode who, Member.Device device) {
        need(rows, who, Role.VENDOR);
        boolean own = LicenceRows.of(rows, who, Role.VENDOR).stream()
                .anyMatch(l -> l.stands(clock.instant())
                        && l.vendor().filter(device.vendor()::equals).isPresent());
        if (!own) {
            throw Refusal.of(
                    "vendor-differs",
                    "機器の提供者コードが、認定されたものと違います",
                    "The device's vendor code is not the one that this vendor is accredited for");
        }
    }

    private void mustBeFree(Handle rows, Member.Device device) {
        RegistryRows.lock(rows, device.identity());
        if (RegistryRows.isDeviceTaken(rows, device.identity()) || issuing.stands(rows, device)) {
            throw Refusal.of("device-taken", "この機器は既に登録されています", "This device is registered already");
        }
    }

    private List<X509Certificate> issue(Handle rows, Optional<Case> before, Act act) {
        return switch (act.step()) {
            case Step.DeviceCertificate _ -> {
                var registered = before.flatMap(Case::registration).orElseThrow();
                yield issuing.certify(rows, registered.device(), registered.request())
                        .signing();
            }
            case Step.ServiceCertificate _ -> {
                var service = before.flatMap(Case::service).orElseThrow();
                var request = before.flatMap(Case::request).orElseThrow().request();
                yield issuing.certify(rows, service, request).signing();
            }
            default -> List.of();
        };
    }

    private static Revocation.Reason reason(Case after, Act act) {
        return act.by().equals(after.subscriber())
                ? Revocation.Reason.CESSATION
                : Revocation.Reason.PRIVILEGE_WITHDRAWN;
    }

    private static void keep(Handle rows, SignedAct signed, Case after, List<X509Certificate> issued) {
        RegistryRows.add(rows, signed, after.done().size() - 1, issued);
        var outline = new RegistryRows.Outline(
                after.state().name(),
                after.isOver() ? Optional.empty() : after.device().map(Member.Device::identity),
                after.isOver() ? Optional.empty() : after.service().map(Member.Service::identity));
        RegistryRows.outline(rows, after.file(), outline, after.parties(), after.turns());
    }
}
