package org.mizuhiki.registration;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;

/// The case of one subscriber, as its acts add up: who takes part, what stands, whose turn it is. A pure
/// function of the acts, so every party finds the same.
public final class Case {
    /// b) to f), one after the other.
    private static final List<Kind> DEVICE = List.of(
            Kind.PURCHASE_APPLICATION,
            Kind.DEVICE_REGISTRATION,
            Kind.DEVICE_CERTIFICATE,
            Kind.DEVICE_LOADING,
            Kind.DEVICE_RECEIPT);

    /// g) to l), one after the other, once there are a membership and a device.
    private static final List<Kind> SERVICE = List.of(
            Kind.USE_APPLICATION,
            Kind.USE_ANSWER,
            Kind.SERVICE_REQUEST,
            Kind.SERVICE_CERTIFICATE,
            Kind.SERVICE_LOADING,
            Kind.CONNECTION_APPLICATION,
            Kind.SERVICE_PROVISION);

    /// What the party whose turn it is may decline; to applications it answers.
    private static final Set<Kind> DECLINABLE = Set.of(
            Kind.DEVICE_REGISTRATION,
            Kind.DEVICE_CERTIFICATE,
            Kind.SERVICE_REQUEST,
            Kind.SERVICE_CERTIFICATE,
            Kind.SERVICE_PROVISION);

    private final Digest file;
    private final InstitutionCode subscriber;
    private final List<Done> done;
    private final Map<Kind, Done> standing = new EnumMap<>(Kind.class);
    private State state = State.OPEN;

    /// Where a case stands. Nothing follows on `REFUSED` and `WITHDRAWN`; after the two `SERVICE_…` the
    /// device stands, and a service may be applied for anew.
    public enum State {
        OPEN("手続き中"),
        IN_SERVICE("利用中"),
        SERVICE_REFUSED("サービス不承諾"),
        SERVICE_WITHDRAWN("サービス取消し"),
        REFUSED("不承諾により終了"),
        WITHDRAWN("取消しにより終了");

        private final String japanese;

        State(String japanese) {
            this.japanese = japanese;
        }

        public String japanese() {
            return japanese;
        }
    }

    /// @param done all acts of the file in their order, accepted one by one as [CaseRules] allows
    public Case(List<Done> done) {
        var opening = done.getFirst().act();
        this.file = opening.id();
        this.subscriber = opening.by();
        this.done = List.copyOf(done);
        this.done.forEach(this::take);
    }

    /// The same of acts that somebody else says were accepted: each is held against the rules once more.
    ///
    /// @throws org.mizuhiki.house.Refusal those of [CaseRules]
    static Case checked(List<Done> done) {
        var grown = new Case(done.subList(0, 1));
        for (var next : done.subList(1, done.size())) {
            CaseRules.mustFit(grown, next.act());
            grown = grown.with(next);
        }
        return grown;
    }

    /// The case with one act more.
    Case with(Done next) {
        return new Case(Stream.concat(done.stream(), Stream.of(next)).toList());
    }

    private void take(Done next) {
        var turns = turns();
        standing.put(next.act().kind(), next);
        state = State.OPEN;
        switch (next.act().step()) {
            case Step.MembershipAnswer s when !s.approved() -> state = State.REFUSED;
            case Step.UseAnswer s when !s.approved() -> endService(State.SERVICE_REFUSED);
            case Step.ServiceProvision _ -> state = State.IN_SERVICE;
            case Step.Declination _ -> decline(next.act().by(), turns);
            case Step.Withdrawal s when s.part() == Step.Withdrawal.Part.SERVICE -> endService(State.SERVICE_WITHDRAWN);
            case Step.Withdrawal _ -> state = State.WITHDRAWN;
            default -> {}
        }
    }

    private void decline(InstitutionCode by, Set<Turn> turns) {
        boolean service = turns.stream().anyMatch(t -> t.by().equals(by) && SERVICE.contains(t.kind()));
        if (service) {
            endService(State.SERVICE_REFUSED);
        } else {
            state = State.REFUSED;
        }
    }

    private void endService(State how) {
        SERVICE.forEach(standing::remove);
        state = how;
    }

    public Digest file() {
        return file;
    }

    public InstitutionCode subscriber() {
        return subscriber;
    }

    public State state() {
        return state;
    }

    public boolean isOver() {
        return state == State.REFUSED || state == State.WITHDRAWN;
    }

    /// All acts, in their order.
    public List<Done> done() {
        return done;
    }

    /// ID of the newest act.
    public Digest last() {
        return done.getLast().act().id();
    }

    /// The act of this kind that stands, if any.
    public Optional<Done> standing(Kind kind) {
        return Optional.ofNullable(standing.get(kind));
    }

    public Optional<InstitutionCode> provider() {
        return step(Kind.MEMBERSHIP_APPLICATION, Step.MembershipApplication.class)
                .map(Step.MembershipApplication::provider);
    }

    public Optional<InstitutionCode> vendor() {
        return step(Kind.PURCHASE_APPLICATION, Step.PurchaseApplication.class).map(Step.PurchaseApplication::vendor);
    }

    Optional<String> model() {
        return step(Kind.PURCHASE_APPLICATION, Step.PurchaseApplication.class).map(Step.PurchaseApplication::model);
    }

    public Optional<InstitutionCode> deviceCa() {
        return registration().map(Step.DeviceRegistration::deviceCa);
    }

    public Optional<InstitutionCode> serviceCa() {
        return request().map(Step.ServiceRequest::serviceCa);
    }

    public Optional<Member.Device> device() {
        return registration().map(Step.DeviceRegistration::device);
    }

    /// The service that is applied for, or had.
    public Optional<Member.Service> service() {
        return step(Kind.USE_APPLICATION, Step.UseApplication.class)
                .map(s -> new Member.Service(subscriber.value(), s.service(), s.device()));
    }

    Optional<Step.DeviceRegistration> registration() {
        return step(Kind.DEVICE_REGISTRATION, Step.DeviceRegistration.class);
    }

    Optional<Step.ServiceRequest> request() {
        return step(Kind.SERVICE_REQUEST, Step.ServiceRequest.class);
    }

    private <S extends Step> Optional<S> step(Kind kind, Class<S> type) {
        return standing(kind).map(d -> type.cast(d.act().step()));
    }

    /// All institutions that take part so far.
    public Set<InstitutionCode> parties() {
        return Stream.of(Optional.of(subscriber), provider(), vendor(), deviceCa(), everyServiceCa())
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// Also one whose service ended: what it signed stays its own to read.
    private Optional<InstitutionCode> everyServiceCa() {
        return done.reversed().stream()
                .map(d -> d.act().step())
                .filter(Step.ServiceRequest.class::isInstance)
                .map(s -> ((Step.ServiceRequest) s).serviceCa())
                .findFirst();
    }

    /// What has a certificate by this case that nobody ended.
    Set<Member> certified() {
        var all = new LinkedHashSet<Member>();
        if (!isOver()) {
            standing(Kind.SERVICE_CERTIFICATE).ifPresent(_ -> all.add(service().orElseThrow()));
            standing(Kind.DEVICE_CERTIFICATE).ifPresent(_ -> all.add(device().orElseThrow()));
        }
        return all;
    }

    /// What may come next, in the order of the seed: a) and b) whichever comes first or both at once, b) to
    /// f) one after the other, g) to l) when both are done.
    public Set<Turn> turns() {
        var turns = new LinkedHashSet<Turn>();
        if (isOver()) {
            return turns;
        }
        var membership = missing(List.of(Kind.MEMBERSHIP_APPLICATION, Kind.MEMBERSHIP_ANSWER));
        var device = missing(DEVICE);
        Stream.concat(membership.stream(), device.stream()).forEach(k -> turns.add(turn(k)));
        if (turns.isEmpty()) {
            missing(SERVICE).ifPresent(k -> turns.add(turn(k)));
        }
        return turns;
    }

    private Optional<Kind> missing(List<Kind> sequence) {
        return sequence.stream().filter(k -> !standing.containsKey(k)).findFirst();
    }

    private Turn turn(Kind kind) {
        return new Turn(kind, actor(kind).orElseThrow());
    }

    /// Who does this, as the seed names them; known by the time it is their turn.
    private Optional<InstitutionCode> actor(Kind kind) {
        return switch (kind) {
            case MEMBERSHIP_ANSWER, USE_ANSWER, SERVICE_REQUEST, SERVICE_LOADING, SERVICE_PROVISION -> provider();
            case DEVICE_REGISTRATION, DEVICE_LOADING -> vendor();
            case DEVICE_CERTIFICATE -> deviceCa();
            case SERVICE_CERTIFICATE -> serviceCa();
            case MEMBERSHIP_APPLICATION,
                    PURCHASE_APPLICATION,
                    DEVICE_RECEIPT,
                    USE_APPLICATION,
                    CONNECTION_APPLICATION,
                    ACCREDITATION_APPLICATION,
                    ACCREDITATION_ANSWER,
                    ACCREDITATION_WITHDRAWAL,
                    DECLINATION,
                    WITHDRAWAL -> Optional.of(subscriber);
        };
    }

    /// Whether this institution has a turn that it may decline.
    boolean mayDecline(InstitutionCode by) {
        return turns().stream().anyMatch(t -> t.by().equals(by) && DECLINABLE.contains(t.kind()));
    }

    /// Whether this institution may take this part back: the subscriber always, the others what they had
    /// approved, registered or certified.
    boolean mayWithdraw(InstitutionCode by, Step.Withdrawal.Part part) {
        boolean provider = provider().filter(by::equals).isPresent();
        return switch (part) {
            case SERVICE ->
                standing.containsKey(Kind.USE_APPLICATION)
                        && (by.equals(subscriber)
                                || provider
                                || (serviceCa().filter(by::equals).isPresent()
                                        && standing.containsKey(Kind.SERVICE_CERTIFICATE)));
            case DEVICE ->
                by.equals(subscriber)
                        || (provider && standing.containsKey(Kind.MEMBERSHIP_ANSWER))
                        || (vendor().filter(by::equals).isPresent() && standing.containsKey(Kind.DEVICE_REGISTRATION))
                        || (deviceCa().filter(by::equals).isPresent() && standing.containsKey(Kind.DEVICE_CERTIFICATE));
        };
    }
}
