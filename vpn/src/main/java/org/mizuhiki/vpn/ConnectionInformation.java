package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Json;

/// All that two routers need to build one connection, the same for both, and the two consents that it rests
/// on. The centre signs it ([SignedInformation]); each router verifies it against its own side's policy
/// ([RouterSide]). Times are whole seconds, UTC.
///
/// @param form [#FORM], or [#FORM_2] where the two can meet by either kind of addresses
/// @param connection 128 random bits, hexadecimal: the same through all renewals
/// @param serial 1 for the first; rises with every renewal, new address or new PPK. An older one counts no
/// more
/// @param since when the connection was decided; the same through all renewals
/// @param until when it ends; a later serial never says a later time
/// @param idle without traffic, after which the routers end it
/// @param renewal how often it gets new keys: IKE and ESP by rekeying, the PPK by the next serial
/// @param request digest of the [Request] that it answers
/// @param uniformPolicy digest of the provider's policy
/// @param group of which both routers are members
/// @param initiator which end begins IKE: the one that the other cannot reach
/// @param ppkId RFC 8784, the same at both ends, another one for each PPK; both require it
/// @param maintenance who does what under which contract, where the service is remote maintenance
public record ConnectionInformation(
        String form,
        String connection,
        long serial,
        Instant issued,
        Instant since,
        Instant until,
        Duration idle,
        Duration renewal,
        Digest request,
        Digest uniformPolicy,
        String group,
        Service service,
        Proposals proposals,
        Initiator initiator,
        String ppkId,
        End asking,
        End asked,
        Optional<Maintenance> maintenance) {
    /// Stands in all of them, so that a signature over something else is never passed off as one.
    public static final String FORM = "mizuhiki-connection-1";

    /// The same with another way for each end. A router that reads only the first form refuses it.
    public static final String FORM_2 = "mizuhiki-connection-2";

    /// Largest encoding that is read, in bytes.
    public static final int MAX_BYTES = 32 << 10;

    /// Name of the ledger's entry for a connection that begins, or is renewed.
    static final String EVENT = "vpn-connection";

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public ConnectionInformation {
        boolean second = form.equals(FORM_2);
        Words.need(second || form.equals(FORM), "form");
        Words.need(asking.other().isPresent() == second && asked.other().isPresent() == second, "other");
        Words.need(!second || meet(asking, asked), "other");
        Words.nonce(connection, "connection");
        Words.need(serial >= 1, "serial");
        Words.life(issued, until);
        Words.life(since, issued);
        var _ = new Terms(Duration.between(since, until).plusSeconds(1), idle, renewal);
        Words.word(group, "group");
        Words.nonce(ppkId, "ppkId");
        Words.need(!asking.router().equals(asked.router()), "asked");
        Words.need(maintenance.isPresent() == (service.kind() == ServiceClass.REMOTE_MAINTENANCE), "maintenance");
    }

    /// The first ways of both are of one kind, the other ways of the other.
    private static boolean meet(End asking, End asked) {
        return asking.address().stream()
                .allMatch(a -> asked.address().filter(b -> a.sameFamily(b)).isPresent()
                        && asking.other().filter(o -> !o.sameFamily(a)).isPresent()
                        && asked.other().filter(o -> !o.sameFamily(a)).isPresent());
    }

    /// Of a service that takes no agreement but both sides' policies.
    public ConnectionInformation(
            String form,
            String connection,
            long serial,
            Instant issued,
            Instant since,
            Instant until,
            Duration idle,
            Duration renewal,
            Digest request,
            Digest uniformPolicy,
            String group,
            Service service,
            Proposals proposals,
            Initiator initiator,
            String ppkId,
            End asking,
            End asked) {
        this(
                form,
                connection,
                serial,
                issued,
                since,
                until,
                idle,
                renewal,
                request,
                uniformPolicy,
                group,
                service,
                proposals,
                initiator,
                ppkId,
                asking,
                asked,
                Optional.empty());
    }

    /// What remote maintenance rests on.
    ///
    /// @param contract the two sides' name of the [MaintenanceContract]
    /// @param purpose code word for what is done
    /// @param customer digest of the customer's [MaintenanceAgreement]
    /// @param maintainer digest of the maintainer's
    /// @param work digest of the technician's [MaintenanceWork]
    public record Maintenance(
            String contract, PersonId technician, String purpose, Digest customer, Digest maintainer, Digest work) {
        public Maintenance {
            Words.word(contract, "contract");
            Words.word(purpose, "purpose");
        }
    }

    /// Which end begins IKE.
    public enum Initiator {
        ASKING,
        ASKED
    }

    /// One side.
    ///
    /// @param router subject of the service certificate with which it authenticates in IKE
    /// @param certificate SHA-256 of that certificate (DER): no other one of the same name will do
    /// @param address where it is reachable now; absent for one that nobody can reach, who initiates then
    /// @param networks of the zone that the service is for
    /// @param ppk the PPK sealed to this router: a `Slot` of room seal for its X-Wing key
    /// @param other where else it is reachable now, by the other kind of addresses: for whoever begins, when
    /// nobody answers at the first
    public record End(
            Member.Service router,
            Digest certificate,
            Optional<Address> address,
            List<Translated> networks,
            Bytes ppk,
            Consent consent,
            Optional<Address> other) {
        private static final int MOST_NETWORKS = 32;
        private static final int LARGEST_SLOT = 8 << 10;

        public End {
            networks = List.copyOf(networks);
            Words.need(!networks.isEmpty(), "networks");
            Words.atMost(networks, MOST_NETWORKS, "networks");
            Words.need(ppk.size() > 0 && ppk.size() <= LARGEST_SLOT, "ppk");
            Words.need(other.isEmpty() || address.isPresent(), "other");
        }

        /// Of one that is reachable by one kind of addresses.
        public End(
                Member.Service router,
                Digest certificate,
                Optional<Address> address,
                List<Translated> networks,
                Bytes ppk,
                Consent consent) {
            this(router, certificate, address, networks, ppk, consent, Optional.empty());
        }
    }

    /// @param host address literal as others see it, outside of a NAT
    /// @param port of IKE as others see it: 500, or what a NAT made of 4500
    /// @param translated whether a NAT stands before it
    public record Address(String host, int port, boolean translated) {
        public Address {
            var _ = Network.bytes(host);
            Words.need(port >= 1 && port <= 0xffff, "port");
        }

        /// Whether both are IPv4, or both IPv6.
        public boolean sameFamily(Address another) {
            return six() == another.six();
        }

        boolean six() {
            return host.contains(":");
        }
    }

    /// A network behind a router.
    ///
    /// @param real its addresses at its site
    /// @param shown its addresses as the partner sees them, and in the traffic selectors; the same as `real`
    /// unless they overlap with something at the partner: then this side's router translates 1:1
    public record Translated(Network real, Network shown) {
        public Translated {
            Words.need(real.prefix() == shown.prefix() && real.sameFamily(shown), "shown");
        }

        /// The address at its own site of a machine that was seen as this.
        public Optional<Network> realOf(Network seen) {
            return real.contains(seen)
                    ? Optional.of(seen)
                    : Optional.of(seen).filter(shown::contains).map(s -> shown.moved(s, real));
        }
    }

    /// Why this side wants it.
    ///
    /// @param policy digest of its [SubscriberPolicy]
    /// @param rule name of the rule that said yes
    /// @param approval digest of the [Approval], where the rule asks a person
    public record Consent(Digest policy, String rule, Optional<Digest> approval) {
        public Consent {
            Words.word(rule, "rule");
        }
    }

    /// This router's side, if it is one of the two.
    public Optional<End> end(Member.Service router) {
        return asking.router().equals(router)
                ? Optional.of(asking)
                : Optional.of(asked).filter(e -> e.router().equals(router));
    }

    /// The other side.
    ///
    /// @throws org.mizuhiki.house.Refusal `declaration-malformed` when the router is none of the two
    public End partner(Member.Service router) {
        Words.need(end(router).isPresent(), "router");
        return asking.router().equals(router) ? asked : asking;
    }

    /// The one encoding: what the centre signs.
    public Bytes encode() {
        return Json.write(this);
    }

    /// Refuses every other spelling of the same information.
    ///
    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`, `body-malformed` and those of its values
    public static ConnectionInformation decode(Bytes encoded) {
        Words.need(encoded.size() <= MAX_BYTES, "size");
        var read = Json.read(encoded, ConnectionInformation.class);
        Words.need(read.encode().equals(encoded), "form");
        return read;
    }

    public Digest id() {
        return encode().sha256();
    }

    /// What the ledger holds of it.
    public Entry entry() {
        return new Entry(EVENT, id());
    }
}
