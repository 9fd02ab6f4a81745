package org.mizuhiki.chip;

import java.io.ByteArrayOutputStream;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The e-Key on a card, from the host's side. What comes onto the chip and goes needs an order with the next
/// number, signed by the chip's manager, or by a provider for its own service; a slot needs its code.
public final class EKey implements SecureElement {
    /// What a provider may put into its slot.
    public enum Content {
        CONNECTION(2),
        SEALED_PPK(3);

        private final int number;

        Content(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /// Whether a slot is free, and how far its service has got.
    public enum SlotState {
        FREE,
        INSTALLED,
        KEYED,
        CERTIFIED
    }

    /// @param suspended by the manager
    public record SlotView(SlotState state, boolean suspended) {}

    /// What anybody may know of a chip.
    ///
    /// @param slots slot 0, the device's, first
    public record View(boolean personalised, Digest chip, PublicKey identity, List<SlotView> slots) {
        public View {
            slots = List.copyOf(slots);
        }
    }

    /// Which service is in a slot, and whose it is.
    ///
    /// @param name 16 bytes
    public record Service(Bytes name, PublicKey provider) {}

    static final int CODE = 16;
    private static final int STATE = 0xca;
    private static final int RECEIPT = 0x36;
    private static final int PROVE = 0x88;
    private static final int STAGE = 0x44;
    private static final int STORE = 0x48;
    private static final int READ = 0xb0;
    private static final int ORIGIN = 4;
    private static final int SERVICE = 5;
    private static final int NAME = 16;
    private static final int PIECE = 250;

    private final CardChannel channel;
    private final ReentrantLock one = new ReentrantLock();

    private EKey(CardChannel channel) {
        this.channel = channel;
    }

    /// Selects the e-Key on a card.
    ///
    /// @throws Refusal `chip-without-ekey`
    public static EKey on(CardChannel channel) {
        var key = new EKey(channel);
        key.select();
        return key;
    }

    private void select() {
        var aid = Programs.EKEY.aid().toArray();
        var command = new byte[5 + aid.length];
        System.arraycopy(new byte[] {0, (byte) 0xa4, 4, 0, (byte) aid.length}, 0, command, 0, 5);
        System.arraycopy(aid, 0, command, 5, aid.length);
        var answer = channel.transmit(command);
        if (answer.length != 2 || answer[0] != (byte) 0x90) {
            throw Refusal.of("chip-without-ekey", "このカードには e-Key がありません", "There is no e-Key on this card");
        }
    }

    /// What a factory gives the applet when it is installed.
    ///
    /// @param services 1 to 16
    public static Bytes parameters(PublicKey manufacturer, int services) {
        return joined(Points.point(manufacturer), Bytes.of((byte) services));
    }

    /// Several commands that belong together, with no other of this object's between them.
    <T> T together(Function<CardChannel, T> commands) {
        one.lock();
        try {
            return commands.apply(channel);
        } finally {
            one.unlock();
        }
    }

    public View view() {
        var raw = together(c -> Command.of(STATE, 0).send(c)).toArray();
        var slots = new ArrayList<SlotView>();
        for (int i = 98; i < raw.length; i++) {
            slots.add(new SlotView(SlotState.values()[raw[i] & 0x7f], raw[i] < 0));
        }
        return new View(
                raw[0] != 0,
                Digest.ofHash(Arrays.copyOfRange(raw, 1, 33)),
                Points.key(Bytes.of(Arrays.copyOfRange(raw, 33, 98))),
                slots);
    }

    /// Initial registration (table A.1), once: information that the manufacturer signed for this very chip.
    ///
    /// @param signature over [EKeyForms#personalisation]
    /// @throws Refusal `chip-not-permitted`, also for a chip that has it
    public void personalise(Bytes information, Bytes signature) {
        together(c -> {
            stage(c, 0, 0, information);
            return new Command(STORE, 0, 0, joined(number(information.size(), 2), signature)).send(c);
        });
    }

    /// The same, with the information made and signed here.
    ///
    /// @param manager who will manage what is on the chip
    public void personalise(PublicKey manager, String text, ChipSigner manufacturer) {
        var information = EKeyForms.information(manager, text);
        personalise(information, manufacturer.apply(EKeyForms.personalisation(view().chip(), information)));
    }

    /// Reads what the manufacturer wrote (table A.1).
    public Bytes information() {
        return together(c -> read(c, 0, 0));
    }

    /// The manufacturer's signature over it.
    public Bytes origin() {
        return together(c -> read(c, 0, ORIGIN));
    }

    /// @return empty for a slot without a service, and for the device's own
    public Optional<Service> service(int slot) {
        mustBe(slot, view());
        var raw = together(c -> new Command(READ, slot, SERVICE, number(0, 2)).send(c))
                .toArray();
        return raw.length == 0
                ? Optional.empty()
                : Optional.of(new Service(
                        Bytes.of(Arrays.copyOf(raw, NAME)),
                        Points.key(Bytes.of(Arrays.copyOfRange(raw, NAME, raw.length)))));
    }

    /// Has the chip carry out an order; or find that it cannot be, which the receipt says: either way the
    /// order is done with.
    ///
    /// @param code what opens the slot from now on, where the order wants one ([ChipOrder#givesCode])
    /// @throws Refusal `chip-order-number` out of turn, `chip-not-permitted` when neither the manager
    ///     signed it nor a provider for a service of its own
    public OrderReceipt carryOut(SignedOrder signed, Optional<Secret> code) {
        var order = signed.order();
        var view = view();
        if (!signed.chip().equals(view.chip())) {
            throw Command.refused(0x6982); // the signature would not hold there; said before anything is sent
        }
        if (code.isPresent() != order.givesCode()
                || code.filter(c -> c.size() != CODE).isPresent()) {
            throw new IllegalArgumentException("a slot's code has 16 bytes, and not every order gives one");
        }
        var data = joined(
                number(signed.number(), 4),
                order.body(),
                code.map(c -> c.lend(Bytes::of)).orElse(Bytes.of()),
                signed.signature());
        return together(c -> OrderReceipt.read(new Command(order.instruction(), order.slot(), order.parameter(), data)
                .send(c, false, sw -> sw == 0x6984 ? SignedOrder.outOfTurn() : Command.refused(sw))));
    }

    /// Orders something here and now.
    ///
    /// @throws Refusal as [#carryOut], and those of [OrderReceipt#mustBeDone]
    public void order(ChipOrder order, Optional<Secret> code, ChipSigner by) {
        mustBe(order.slot(), view());
        var signed = SignedOrder.of(view().chip(), receipt().number() + 1, order, by);
        carryOut(signed, code).mustBeDone();
    }

    /// What became of the last order, in the chip's own words.
    public OrderReceipt receipt() {
        return together(c -> OrderReceipt.read(Command.of(RECEIPT, 0).send(c)));
    }

    /// The chip proves that it is itself, and which key lies in its device slot.
    ///
    /// @return a signature for [EKeyForms#isProof]
    public Bytes prove(Bytes nonce) {
        return together(c -> prove(c, 0, nonce));
    }

    static Bytes prove(CardChannel channel, int slot, Bytes nonce) {
        return new Command(PROVE, slot, 0, nonce).send(channel);
    }

    /// @throws Refusal `chip-not-permitted` when the provider did not sign it, `chip-slot-suspended` when it
    ///     is not later than what is there
    public void deliver(int slot, Secret code, Content kind, int version, Bytes content, Bytes signature) {
        slot(slot, code).opened(c -> {
            stage(c, slot, kind.number(), content);
            return new Command(
                            STORE,
                            slot,
                            kind.number(),
                            joined(number(content.size(), 2), number(version, 4), signature))
                    .send(c);
        });
    }

    public Bytes connection(int slot, Secret code) {
        return slot(slot, code).opened(c -> read(c, slot, Content.CONNECTION.number()));
    }

    /// The PPK that the centre sealed to this slot's agreement key (RFC 8784).
    ///
    /// @throws Refusal `chip-state` without one
    public Secret ppk(int slot, Secret code) {
        return slot(slot, code)
                .opened(c -> Secret.taking(Command.of(0x4a, slot).send(c).toArray()));
    }

    @Override
    public int services() {
        return view().slots().size() - 1;
    }

    @Override
    public WrongCodes wrongCodes() {
        return WrongCodes.BLOCK_SLOT;
    }

    @Override
    public EKeySlot slot(int number, Secret code) {
        mustBe(number, view());
        return new EKeySlot(this, number, code);
    }

    private static void mustBe(int slot, View view) {
        if (slot < 0 || slot >= view.slots().size()) {
            throw Command.refused(0x6a86);
        }
    }

    static void stage(CardChannel channel, int slot, int kind, Bytes content) {
        var all = content.toArray();
        for (int at = 0; at < all.length; at += PIECE) {
            var piece = Bytes.of(Arrays.copyOfRange(all, at, Math.min(all.length, at + PIECE)));
            new Command(STAGE, slot, kind, joined(number(at, 2), piece)).send(channel);
        }
    }

    static Bytes read(CardChannel channel, int slot, int kind) {
        var all = new ByteArrayOutputStream();
        while (true) {
            var piece = new Command(READ, slot, kind, number(all.size(), 2)).send(channel);
            all.writeBytes(piece.toArray());
            if (piece.size() < 256) {
                return Bytes.of(all.toByteArray());
            }
        }
    }

    static Bytes number(int value, int size) {
        var raw = new byte[size];
        for (int i = 0; i < size; i++) {
            raw[i] = (byte) (value >> (8 * (size - 1 - i)));
        }
        return Bytes.of(raw);
    }

    static Bytes joined(Bytes... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part.toArray());
        }
        return Bytes.of(out.toByteArray());
    }

    @Override
    public void close() {
        channel.close();
    }
}
