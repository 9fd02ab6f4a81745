package org.mizuhiki.centre;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Approval;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.UniformPolicy;

/// Takes declarations in, and does what follows from them for what waits and what runs.
record Filing(SaidRows said, InstitutionCode provider, Connecting connecting) {

    /// @throws Refusal those of [org.mizuhiki.vpn.Declarations#check], `declaration-not-yours`,
    /// `declaration-not-allowed`, `membership-too-long`
    Said<Declaration> checked(Bytes signed, InstitutionCode sender) {
        var checked = said.check(signed);
        var declaration = checked.declaration();
        if (!declaration.by().equals(sender)) {
            throw Refusal.of("declaration-not-yours", "他の機関のポリシーです", "This is another institution's declaration");
        }
        if (declaration instanceof Membership m && m.lastsTooLong()) {
            throw Refusal.of(
                    "membership-too-long",
                    "グループへの所属は" + Membership.LONGEST.toDays() + "日までです。短くして署名し直してください",
                    "A membership lasts at most " + Membership.LONGEST.toDays() + " days; sign it again for less");
        }
        boolean providers = declaration instanceof UniformPolicy || declaration instanceof Membership;
        if (providers && !sender.equals(provider)) {
            throw Refusal.of(
                    "declaration-not-allowed",
                    "統一ポリシーとグループへの所属は、プロバイダだけが定めます",
                    "Only the provider lays down the uniform policy and who is in a group");
        }
        return checked;
    }

    /// @return routers that have new orders
    /// @throws Refusal `declaration-older`, `request-unknown`
    List<String> file(Handle rows, Said<Declaration> checked, Instant now) {
        var declaration = checked.declaration();
        if (SaidRows.has(rows, checked.id())) {
            return List.of(); // a lost answer is given again
        }
        // an old policy must not come back by being handed in again
        SaidRows.latest(rows, declaration)
                .filter(at -> !declaration.at().isAfter(at))
                .ifPresent(_ -> {
                    throw Refusal.of(
                            "declaration-older",
                            "より新しいポリシーが登録されています。作り直して署名してください",
                            "A later declaration about the same is known; make it and sign it again");
                });
        var told = new ArrayList<String>();
        switch (declaration) {
            case UniformPolicy _ -> ConnectionRows.makeAllDue(rows, now);
            case Membership m -> told.addAll(toWhomItConcerns(rows, checked, m.router(), now));
            case SubscriberPolicy p -> told.addAll(toOwnRouter(rows, checked, p.router(), now));
            case MaintenanceAgreement a -> {
                var contract = a.contract();
                var customers =
                        a.by().value().equals(contract.customer().router().subscriber());
                var own = customers ? contract.customer() : contract.maintainer();
                told.addAll(toOwnRouter(rows, checked, own.router(), now));
            }
            case MaintenanceWork w ->
                ConnectionRows.makeDue(rows, List.of(w.accessPoint().identity()), now);
            case Approval a -> mustBeParty(rows, a);
        }
        SaidRows.add(rows, checked);
        if (declaration instanceof Approval a) {
            told.addAll(answered(rows, a, now));
        }
        return told;
    }

    /// A member and those that are connected with it: what was once heard of a withdrawal no centre brings back.
    private static List<String> toWhomItConcerns(
            Handle rows, Said<Declaration> checked, Member.Service member, Instant now) {
        var identity = List.of(member.identity());
        var concerned = Stream.concat(
                        identity.stream(),
                        ConnectionRows.of(rows, identity).stream().flatMap(l -> PostgresCentre.routers(l).stream()))
                .distinct()
                .toList();
        RouterRows.lock(rows, concerned);
        tell(rows, checked, concerned);
        ConnectionRows.makeDue(rows, identity, now);
        return concerned;
    }

    /// A router holds its own side's latest word against the centre, so it hears of it at once.
    private static List<String> toOwnRouter(
            Handle rows, Said<Declaration> checked, Member.Service router, Instant now) {
        var identity = router.identity();
        tell(rows, checked, List.of(identity));
        ConnectionRows.makeDue(rows, List.of(identity), now);
        return List.of(identity);
    }

    private static void tell(Handle rows, Said<Declaration> checked, List<String> routers) {
        OrderRows.add(
                rows,
                routers.stream()
                        .map(r -> new OrderRows.To(r, Order.keeping(), List.of(checked.id())))
                        .toList());
    }

    private static void mustBeParty(Handle rows, Approval approval) {
        var request = ConnectionRows.request(rows, approval.request()).orElseThrow(Filing::requestUnknown);
        if (!Connecting.isParty(request, approval.by())) {
            throw requestUnknown();
        }
    }

    /// Decides again about a request that waited.
    private List<String> answered(Handle rows, Approval approval, Instant now) {
        var request = ConnectionRows.request(rows, approval.request()).orElseThrow(Filing::requestUnknown);
        var routers = List.of(request.asking().identity(), request.asked().identity());
        RouterRows.lock(rows, routers); // two who agree at the same time connect once
        var waits = ConnectionRows.outcome(rows, approval.request())
                .filter(o -> o.state() == SubscriberDesk.State.WAITING)
                .isPresent();
        if (waits) {
            connecting.decide(rows, request, now);
        }
        return routers;
    }

    static Refusal requestUnknown() {
        return Refusal.of("request-unknown", "その接続依頼はないか、関係者ではありません", "There is no such request, or it is not yours");
    }
}
