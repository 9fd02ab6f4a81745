package org.mizuhiki.centre;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Approval;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenancePapers;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.RouterSide;
import org.mizuhiki.vpn.Side;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.vpn.Verdict;

/// A router as far as the centre can tell: it checks what it is sent and builds nothing.
final class Box {
    final Member.Service service;
    final Author author;
    final RouterDesk desk;
    private final World world;
    private final Opener.XWing key = World.SEALS.newReaderKey();
    private final Map<String, RouterSide.Known> known = new HashMap<>();
    RouterDesk.Done last = RouterDesk.Done.NOTHING;

    Box(World world, Member.Service service) {
        this.world = world;
        this.service = service;
        this.author = world.router(service);
        this.desk = new RemoteRouterDesk(world.peer(author));
        locate("127.0.0.1");
    }

    RouterDesk.Seen locate(String host) {
        return locate(host, Optional.empty());
    }

    RouterDesk.Seen locate(String host, Optional<String> other) {
        return desk.locate(new RouterDesk.Location(host, key.publicKey(), Optional.empty(), other));
    }

    /// The next orders that build or cut something; papers on the way are read over.
    List<Order> next() {
        while (true) {
            var orders = desk.orders(last);
            if (orders.isEmpty()) {
                return orders;
            }
            last = orders.getLast().done();
            var deeds = new ArrayList<>(orders);
            deeds.removeIf(o -> o.connect().isEmpty() && o.cut().isEmpty());
            if (!deeds.isEmpty()) {
                return deeds;
            }
        }
    }

    /// Signature and own side's consent, with the papers that came along.
    Verdict verify(Order order) {
        var now = world.clock.instant();
        var information = order.connect().orElseThrow().open(world.validator, now);
        var said = order.papers().stream().map(world.declarations::check).toList();
        var policy = said.stream()
                .filter(s -> s.declaration() instanceof SubscriberPolicy)
                .map(s -> s.as(SubscriberPolicy.class))
                .findFirst()
                .orElseThrow();
        var uniform = said.stream()
                .filter(s -> s.declaration() instanceof UniformPolicy)
                .map(s -> s.as(UniformPolicy.class))
                .findFirst()
                .orElseThrow();
        var memberships = said.stream()
                .filter(s -> s.declaration() instanceof Membership)
                .map(s -> s.as(Membership.class).declaration())
                .toList();
        var approvals = said.stream()
                .filter(s -> s.declaration() instanceof Approval)
                .map(s -> s.as(Approval.class).declaration())
                .toList();
        var maintenance = new MaintenancePapers(
                said.stream()
                        .filter(s -> s.declaration() instanceof MaintenanceAgreement)
                        .map(s -> s.as(MaintenanceAgreement.class).declaration())
                        .toList(),
                said.stream()
                        .filter(s -> s.declaration() instanceof MaintenanceWork)
                        .map(s -> s.as(MaintenanceWork.class).declaration())
                        .toList());
        var side = new RouterSide(
                service,
                KeyFiles.encoded(author.certificate()).sha256(),
                new Side.SaidPolicy(policy.declaration(), policy.id()),
                uniform.declaration(),
                uniform.id(),
                memberships,
                approvals,
                maintenance,
                known,
                List.of());
        var verdict = side.verify(information, now);
        known.put(information.connection(), RouterSide.Known.of(information));
        return verdict;
    }

    Secret ppk(ConnectionInformation information) {
        var sealed = information.end(service).orElseThrow().ppk();
        return World.SEALS.unwrap(new Slot(key.keyId(), sealed), key);
    }
}
