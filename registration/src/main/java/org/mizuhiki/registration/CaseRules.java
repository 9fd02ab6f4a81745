package org.mizuhiki.registration;

import java.security.cert.X509Certificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;

/// Whether an act may follow on those that a case has: the party, the order, the place in the chain, and
/// that it speaks of the same request, certificate and device as the acts before it.
final class CaseRules {
    private final Case before;
    private final Act act;

    private CaseRules(Case before, Act act) {
        this.before = before;
        this.act = act;
    }

    /// @throws Refusal `file-unknown`, `case-over`, `step-done`, `step-too-early`, `step-not-yours`,
    /// `act-not-next`, `act-mismatch`, `receipt-broken`
    static void mustFit(Case before, Act act) {
        var rules = new CaseRules(before, act);
        // 1. a stranger learns nothing, not even that there is such a case
        if (!before.parties().contains(act.by())) {
            throw unknown();
        }
        // 2. the order, and who
        rules.mustBeInTurn();
        // 3. the chain: what came in between was not seen when this was signed
        mustFollow(act, before.last());
        // 4. what it speaks of
        rules.mustMatch(before.last());
    }

    static void mustFollow(Act act, Digest last) {
        if (act.place().filter(p -> p.before().equals(last)).isEmpty()) {
            throw Refusal.of(
                    "act-not-next",
                    "この手続き書が作られたあとに、別の手続きが受け付けられました。内容を確認して作り直してください",
                    "Something else was accepted since this act was made; read the file again and sign anew");
        }
    }

    private void mustBeInTurn() {
        if (before.isOver()) {
            throw Refusal.of("case-over", "この手続きは既に終了しています", "This case is over");
        }
        switch (act.step()) {
            case Step.Declination _ -> mustBeTheirs(before.mayDecline(act.by()));
            case Step.Withdrawal s -> mustBeTheirs(before.mayWithdraw(act.by(), s.part()));
            default -> {
                if (!before.turns().contains(new Turn(act.kind(), act.by()))) {
                    throw notInTurn(before, act.kind());
                }
            }
        }
    }

    /// Why a kind of act cannot come now from whoever wants it.
    static Refusal notInTurn(Case now, Kind kind) {
        if (now.turns().stream().anyMatch(t -> t.kind() == kind)) {
            return notTheirs();
        }
        return now.standing(kind).isPresent() ? alreadyDone() : notHere();
    }

    static Refusal alreadyDone() {
        return Refusal.of("step-done", "この手順は既に済んでいます", "This step was done already");
    }

    static Refusal notHere() {
        return Refusal.of(
                "step-too-early", "この手順の前に済ませるべき手順が残っています", "Steps that come before this one are not done yet");
    }

    static void mustBeTheirs(boolean theirs) {
        if (!theirs) {
            throw notTheirs();
        }
    }

    private static Refusal notTheirs() {
        return Refusal.of(
                "step-not-yours",
                "この手順はあなたの機関の役割ではないか、今は行えません",
                "This step is not your institution's to do, or not now");
    }

    private void mustMatch(Digest last) {
        switch (act.step()) {
            case Step.DeviceRegistration s ->
                mustAgree(before.model().filter(s.device().model()::equals).isPresent());
            case Step.DeviceCertificate s ->
                mustAgree(s.request().equals(registered().request().sha256()));
            case Step.DeviceLoading s -> {
                var device = issued(Kind.DEVICE_CERTIFICATE);
                mustAgree(s.certificate().equals(device.certificate()));
                mustHold(Chip.Tier.DEVICE, last, s.certificate(), leaf(device), s.receipt());
            }
            case Step.DeviceReceipt s ->
                mustAgree(s.device().equals(registered().device()));
            case Step.UseApplication s ->
                mustAgree(s.device().equals(registered().device()));
            case Step.ServiceCertificate s ->
                mustAgree(s.request()
                        .equals(before.request().orElseThrow().request().sha256()));
            case Step.ServiceLoading s -> {
                var service = issued(Kind.SERVICE_CERTIFICATE);
                mustAgree(s.certificate().equals(service.certificate()));
                mustHold(Chip.Tier.SERVICE, last, s.certificate(), leaf(service), s.receipt());
                mustHold(Chip.Tier.DEVICE, last, s.certificate(), device(s), s.deviceReceipt());
            }
            case Step.ConnectionApplication s -> mustAgree(s.service().equals(service()));
            case Step.ServiceProvision s -> mustAgree(s.service().equals(service()));
            case Step.MembershipApplication _,
                    Step.MembershipAnswer _,
                    Step.PurchaseApplication _,
                    Step.UseAnswer _,
                    Step.ServiceRequest _,
                    Step.Declination _,
                    Step.Withdrawal _ -> {}
            case Step.AccreditationApplication _, Step.AccreditationAnswer _, Step.AccreditationWithdrawal _ ->
                throw notHere();
        }
    }

    private Step.DeviceRegistration registered() {
        return before.registration().orElseThrow();
    }

    private String service() {
        return before.service().orElseThrow().name();
    }

    private Done issued(Kind kind) {
        return before.standing(kind).orElseThrow();
    }

    /// The device's certificate that the chip has now: of d), or what it was renewed to since. Whether the
    /// authority issued that, and whether it stands, is for [CaseDesk] to say, by the rows.
    private X509Certificate device(Step.ServiceLoading loading) {
        var renewed = loading.deviceCertificate().map(KeyFiles::certificate);
        renewed.ifPresent(c -> mustAgree(Member.of(c).equals(registered().device())));
        return renewed.orElseGet(() -> leaf(issued(Kind.DEVICE_CERTIFICATE)));
    }

    private static X509Certificate leaf(Done issued) {
        return issued.issued().getFirst();
    }

    static void mustAgree(boolean agrees) {
        if (!agrees) {
            throw Refusal.of(
                    "act-mismatch",
                    "手続き書の機器・申請・証明書が、これまでの手続きのものと一致しません",
                    "The act names another device, request, certificate or service than the acts before it");
        }
    }

    private static void mustHold(
            Chip.Tier tier, Digest last, Digest certificate, X509Certificate signer, Bytes receipt) {
        if (!ChipReceipt.holds(tier, last, certificate, signer.getPublicKey(), receipt)) {
            throw Refusal.of(
                    "receipt-broken",
                    "チップの署名（受領証）が正しくありません。証明書を搭載した機器で署名し直してください",
                    "The chip's receipt does not verify; let the device that holds the certificate sign it");
        }
    }

    static Refusal unknown() {
        return Refusal.of("file-unknown", "その手続きは見つからないか、あなたの機関は当事者ではありません", "No such file, or none of yours");
    }
}
