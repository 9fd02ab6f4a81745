package org.mizuhiki.devices;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Issuing;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Revocation;

/// Orders over the authority's database. The chip's own sequence is what makes them happen once and in
/// turn; here they only wait.
public final class PostgresChipOrders {
    private static final int MOST_WAITING = 100;
    /// A provider's about its slot, whatever the manager left: with all slots that is less than
    /// [#MOST_WAITING], so that no provider takes the manager's place.
    private static final int MOST_WAITING_OF_SLOT = 5;

    private final Database database;
    private final Issuing issuing;
    private final Clock clock;

    public PostgresChipOrders(Database database, Issuing issuing, Clock clock) {
        this.database = database;
        this.issuing = issuing;
        this.clock = clock;
    }

    /// As this institution sees them.
    public ChipOrders of(InstitutionCode institution) {
        return new ChipOrders() {
            @Override
            public ChipStanding standing(Member.Device device) {
                return database.inTransaction(rows -> {
                    var chip = ChipRows.ofDevice(rows, device).orElseThrow(PostgresChipOrders::unknown);
                    int last = last(chip);
                    var placed = ChipRows.placed(rows, chip, last, institution, MOST);
                    return new ChipStanding(
                            chip.name(), chip.identity(), chip.information(), next(rows, chip, last), placed);
                });
            }

            @Override
            public void place(SignedOrder signed) {
                database.inTransaction(rows -> {
                    put(rows, signed, institution);
                    return signed;
                });
            }
        };
    }

    private void put(Handle rows, SignedOrder signed, InstitutionCode by) {
        // 1. a chip that we know, and nobody else orders anything of it meanwhile
        var chip = ChipRows.locked(rows, signed.chip()).orElseThrow(PostgresChipOrders::unknown);
        var before = ChipRows.order(rows, chip.name(), signed.number());
        int last = last(chip);
        boolean managers = signed.isBy(chip.manager());
        // 2. its manager's takes the place of one that waits: of one number the chip carries out one at most
        if (managers && before.isPresent() && signed.number() > last) {
            ChipRows.replace(rows, signed, by, clock.instant());
            return;
        }
        // 3. a lost answer is given again
        if (before.map(SignedOrder::form).equals(Optional.of(signed.form()))) {
            return;
        }
        // 4. its place in the chip's sequence
        int next = next(rows, chip, last);
        if (signed.number() != next) {
            throw outOfTurn(next);
        }
        if (next - last > MOST_WAITING) {
            throw tooMany(MOST_WAITING);
        }
        // 5. whose it is: one that the chip would not take would stand in the way of all after it
        if (!managers) {
            mustBeProviders(rows, signed, last);
        }
        ChipRows.add(rows, signed, by, managers, clock.instant());
    }

    private static int last(ChipRows.Kept chip) {
        return chip.last().map(PostgresChipOrders::number).orElseThrow(PostgresChipOrders::notHeard);
    }

    private static int number(Bytes record) {
        return java.nio.ByteBuffer.wrap(record.toArray()).getInt();
    }

    private static int next(Handle rows, ChipRows.Kept chip, int last) {
        return Math.max(last, ChipRows.highest(rows, chip.name())) + 1;
    }

    /// Of the service that is in the slot, and stays until the chip gets to this order, as far as orders
    /// went through here: the chip takes nothing of a provider whose service is not there, and uses no number
    /// for it.
    private static void mustBeProviders(Handle rows, SignedOrder signed, int last) {
        var order = signed.order();
        var changes = sinceSettled(ChipRows.changes(rows, signed.chip(), order.slot(), MOST_WAITING));
        if (!isProvidersToo(order.action()) || changes.stream().noneMatch(c -> isOfProvider(signed, c.order()))) {
            throw notTheirs();
        }
        if (!changes.getFirst().done()) {
            throw slotChanges();
        }
        if (ChipRows.waitingOfProvider(rows, signed.chip(), order.slot(), last) >= MOST_WAITING_OF_SLOT) {
            throw tooMany(MOST_WAITING_OF_SLOT);
        }
    }

    private static boolean isProvidersToo(ChipOrder.Action action) {
        return switch (action) {
            case SUSPEND, RESUME, REMOVE -> true;
            case INSTALL, UNBLOCK, DEVICE_CODE -> false;
        };
    }

    /// The last of which the chip said that it was done, and those after it.
    private static List<ChipRows.Change> sinceSettled(List<ChipRows.Change> newestFirst) {
        int settled = newestFirst.stream().map(ChipRows.Change::done).toList().indexOf(true);
        return settled < 0 ? newestFirst : newestFirst.subList(0, settled + 1);
    }

    private static boolean isOfProvider(SignedOrder signed, ChipOrder coming) {
        return coming.action() == ChipOrder.Action.INSTALL
                && coming.service().equals(signed.order().service())
                && signed.isBy(coming.provider());
    }

    /// What a device does again and again: says what its chip did, one after the other, and gets what it is
    /// to do next.
    ///
    /// @throws Refusal `chip-unknown` (also for another device's chip), `receipt-not-chips`,
    ///     `chip-went-back` (it carried out more before: somebody put an old image of it back)
    public Optional<SignedOrder> report(Member.Device device, Digest name, OrderReceipt receipt) {
        return database.inTransaction(rows -> {
            // 1. the chip itself speaks
            var chip = ChipRows.locked(rows, name)
                    .filter(c -> c.device().equals(device.identity()))
                    .orElseThrow(PostgresChipOrders::unknown);
            if (!receipt.isBy(chip.identityKey())) {
                throw notTheChips();
            }
            // 2. it has forgotten nothing that it said before
            chip.last().ifPresent(before -> mustFollow(before, receipt));
            // 3. kept; what was done under an order's number at the device itself is no receipt for it
            ChipRows.report(rows, name, receipt);
            ChipRows.order(rows, name, receipt.number())
                    .filter(receipt::isFor)
                    .ifPresent(o -> ChipRows.receive(rows, o, receipt, clock.instant()));
            // 4. a service that is gone is certified no longer
            if (chip.last().filter(before -> number(before) == receipt.number()).isEmpty()) {
                ServiceRows.gone(rows, name, device, receipt).stream()
                        .filter(service -> issuing.stands(rows, service))
                        .forEach(service -> issuing.revoke(rows, service, Revocation.Reason.CESSATION));
            }
            // 5. what is next
            return ChipRows.order(rows, name, receipt.number() + 1);
        });
    }

    private static void mustFollow(Bytes before, OrderReceipt receipt) {
        int last = number(before);
        if (receipt.number() < last
                || (receipt.number() == last && !receipt.record().equals(before))) {
            throw Refusal.of(
                    "chip-went-back",
                    "チップの記録が以前より戻っています。古い複製が使われた疑いがあるため、提供者に連絡してください",
                    "The chip's record has gone back: an old copy of it may be in use; tell whoever manages it");
        }
    }

    private static Refusal unknown() {
        return Refusal.of(
                "chip-unknown",
                "この機器のチップは認証局に登録されていません。先に `mizuhiki chip enrol` で機器証明書を受け取ってください",
                "The authority knows no chip of this device; enrol the device first with `mizuhiki chip enrol`");
    }

    private static Refusal notHeard() {
        return Refusal.of(
                "chip-not-heard",
                "このチップからまだ報告がありません。機器で `mizuhiki chip sync` を実行してから、もう一度指示してください",
                "The chip has not reported yet: run `mizuhiki chip sync` at the device, then order again");
    }

    private static Refusal outOfTurn(int next) {
        return Refusal.of(
                "order-number",
                "先に別の指示が入りました。次の番号は" + next + "です。もう一度署名してください",
                "Another order came first; the next number is " + next + ": sign again");
    }

    private static Refusal tooMany(int waiting) {
        return Refusal.of(
                "orders-too-many",
                "実行待ちの指示が" + waiting + "件あります。機器が受け取るまで待ってください",
                waiting + " orders wait already; wait until the device has fetched them");
    }

    private static Refusal slotChanges() {
        return Refusal.of(
                "order-slot-changes",
                "このスロットの導入か削除の指示について、チップの答えがまだ届いていません。機器が同期してから指示してください",
                "The chip has not said yet what became of an order to install or remove in this slot; "
                        + "order again when the device has synchronised");
    }

    private static Refusal notTheirs() {
        return Refusal.of(
                "order-signer",
                "この指示は、チップの管理者の署名でも、そのサービスの提供者の署名でもありません",
                "Neither the chip's manager signed this order nor the provider of that service");
    }

    static Refusal notTheChips() {
        return Refusal.of("receipt-not-chips", "受領証にこのチップの署名がありません", "The receipt is not signed by this chip");
    }
}
