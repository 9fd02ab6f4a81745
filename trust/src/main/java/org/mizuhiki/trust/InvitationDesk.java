package org.mizuhiki.trust;

import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Invitations.Stage;
import org.mizuhiki.trust.Invitations.Standing;

/// The desk's side of invitations, over the authority's database; the device's side is a redemption like
/// any other, see [EnrolmentDesk].
final class InvitationDesk {
    private static final Pattern CODE = Pattern.compile("[0-9]{6}");

    private final EnrolmentDesk desk;
    private final Database database;
    private final Clock clock;

    InvitationDesk(EnrolmentDesk desk, Database database, Clock clock) {
        this.desk = desk;
        this.database = database;
        this.clock = clock;
    }

    /// As this registrar may use them.
    Invitations of(Registrar by) {
        var registrar = EnrolmentDesk.text(by);
        return new Invitations() {
            @Override
            public Ticket invite(Member member) {
                if (!EnrolmentDesk.isPerson(member)) {
                    throw EnrolmentDesk.notAllowed(); // machines stand at no desk
                }
                return desk.invite(by, member);
            }

            @Override
            public Standing standing(String id) {
                return database.inTransaction(rows -> ofKept(mine(rows, registrar, id)));
            }

            @Override
            public Standing confirm(String id, String code) {
                return decide(registrar, id, Optional.of(code));
            }

            @Override
            public Standing decline(String id) {
                return decide(registrar, id, Optional.empty());
            }
        };
    }

    /// What a device that shows an invitation is told instead of certificates. Whatever is counted or bound
    /// here is committed though the device is refused.
    ///
    /// @param digest of its request, which was read and found fit
    /// @return nothing when the desk has confirmed this very request
    static Optional<Refusal> keptWaiting(Handle rows, TicketRows.Kept kept, Bytes digest) {
        var invitation = kept.invitation().orElseThrow();
        if (invitation.declined()) {
            return Optional.of(declined());
        }
        if (invitation.bound().isEmpty()) {
            TicketRows.bind(rows, kept.id(), digest);
            return Optional.of(awaited());
        }
        if (!invitation.bound().get().equals(digest)) {
            TicketRows.countOther(rows, kept.id());
            return Optional.of(Redemption.used());
        }
        return invitation.confirmed() ? Optional.empty() : Optional.of(awaited());
    }

    private record Decided(Standing standing, Optional<Refusal> refusal) {}

    private Standing decide(String registrar, String id, Optional<String> code) {
        var decided = database.inTransaction(rows -> {
            var kept = mine(rows, registrar, id);
            var refusal = code.map(c -> confirm(rows, kept, c)).orElseGet(() -> decline(rows, kept));
            return new Decided(ofKept(mine(rows, registrar, id)), refusal);
        });
        decided.refusal().ifPresent(r -> {
            throw r;
        });
        return decided.standing();
    }

    private Optional<Refusal> confirm(Handle rows, TicketRows.Kept kept, String code) {
        return switch (ofKept(kept).stage()) {
            case WAITING ->
                Optional.of(Refusal.of(
                        "invitation-waiting", "まだどの端末もQRコードを読み取っていません", "No device has shown the QR code yet"));
            case DECLINED, EXPIRED -> Optional.of(over());
            case CONFIRMED, ISSUED -> Optional.empty(); // the same "yes" again
            case SHOWN -> {
                var shown = ConfirmationCode.of(
                        kept.id(), kept.invitation().orElseThrow().bound().orElseThrow());
                if (CODE.matcher(code).matches()
                        && MessageDigest.isEqual(
                                Bytes.utf8(shown).toArray(), Bytes.utf8(code).toArray())) {
                    TicketRows.confirm(rows, kept.id(), clock.instant());
                    yield Optional.empty();
                }
                TicketRows.countWrong(rows, kept.id());
                if (kept.invitation().orElseThrow().wrong() + 1 >= Invitations.MOST_WRONG) {
                    TicketRows.decline(rows, kept.id(), clock.instant());
                }
                yield Optional.of(wrong());
            }
        };
    }

    private Optional<Refusal> decline(Handle rows, TicketRows.Kept kept) {
        return switch (ofKept(kept).stage()) {
            case ISSUED, EXPIRED -> Optional.of(over());
            case DECLINED -> Optional.empty();
            case WAITING, SHOWN, CONFIRMED -> {
                TicketRows.decline(rows, kept.id(), clock.instant());
                yield Optional.empty();
            }
        };
    }

    private static TicketRows.Kept mine(Handle rows, String registrar, String id) {
        return TicketRows.locked(rows, id)
                .filter(kept ->
                        kept.invitation().isPresent() && kept.registrar().equals(registrar))
                .orElseThrow(() -> Refusal.of(
                        "invitation-unknown", "この医療機関の招待ではありません", "This institution gave out no such invitation"));
    }

    private Standing ofKept(TicketRows.Kept kept) {
        var invitation = kept.invitation().orElseThrow();
        return new Standing(stage(kept, invitation), invitation.others(), invitation.wrong(), kept.expires());
    }

    private Stage stage(TicketRows.Kept kept, TicketRows.Invitation invitation) {
        if (kept.request().isPresent()) {
            return Stage.ISSUED;
        }
        if (invitation.declined()) {
            return Stage.DECLINED;
        }
        if (!clock.instant().isBefore(kept.expires())) {
            return Stage.EXPIRED;
        }
        if (invitation.confirmed()) {
            return Stage.CONFIRMED;
        }
        return invitation.bound().isPresent() ? Stage.SHOWN : Stage.WAITING;
    }

    private static Refusal awaited() {
        return Refusal.of(
                "confirmation-awaited",
                "窓口の確認を待っています。画面の6桁の番号を係の人に伝えてください",
                "Waiting for the desk; tell the six digits on this screen to the person there");
    }

    private static Refusal wrong() {
        return Refusal.of(
                "confirmation-wrong",
                "番号が、QRコードを読み取った端末のものと一致しません。別の端末が読み取った可能性があります（3回で無効になります）",
                "The code is not the one of the device that showed the QR code; another device may have read it (three"
                        + " wrong codes end the invitation)");
    }

    private static Refusal declined() {
        return Refusal.of(
                "invitation-declined", "窓口で取り消されました。新しいQRコードを発行してもらってください", "The desk declined; ask for a new QR code");
    }

    private static Refusal over() {
        return Refusal.of(
                "invitation-over",
                "この招待は終わっています（期限切れ、取り消し、または発行済み）。新しいQRコードを発行してください",
                "This invitation is over: expired, declined or used; make a new QR code");
    }
}
