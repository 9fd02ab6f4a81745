package org.mizuhiki.chip.card;

import java.lang.reflect.InvocationTargetException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.AppletEvent;
import javacard.framework.CardRuntimeException;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Shareable;
import javacard.framework.SystemException;
import javacardx.apdu.ExtendedLength;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.Endless;
import org.mizuhiki.javacard.Machine;
import org.mizuhiki.javacard.Memory;
import org.mizuhiki.javacard.Oscillator;
import org.mizuhiki.javacard.PowerLost;

/// A card: applets are installed, selected, given commands and deselected as the Java Card runtime
/// environment 3.0.5 says. It has one channel and does one thing at a time.
///
/// **What is durable when.** [Keeper] gets the card's image before the answer to a command leaves, when an
/// applet commits a transaction, and before a PIN is compared. So an answer that somebody saw is true after
/// any crash, and a try that somebody had is spent.
public final class Card implements Machine {
    /// Makes an image durable; returns when it is.
    @FunctionalInterface
    public interface Keeper {
        void keep(byte[] image);

        /// Whether images are wanted at all.
        default boolean keeps() {
            return true;
        }
    }

    /// A card whose state nobody keeps: for simulations.
    public static final Keeper FORGETFUL = new Keeper() {
        @Override
        public void keep(byte[] image) {}

        @Override
        public boolean keeps() {
            return false;
        }
    };

    private static final int BUFFER = 5 + 256;
    private static final int MOST_APPLETS = 32;
    private static final int NO_ERROR = 0x9000;

    private final ReentrantLock one = new ReentrantLock();
    private final byte[] buffer = new byte[BUFFER];
    private final Map<AID, Installed> applets = new LinkedHashMap<>();
    private final Deque<Installed> contexts = new ArrayDeque<>();
    private final Memory memory = new Memory(buffer, this::keep);
    private final Uptime uptime = new Uptime();
    private final SecureRandom die;
    private final Keeper keeper;
    private @Nullable Installed selected;
    private @Nullable LoadFile installing;
    private @Nullable AID asked;
    private boolean selecting;
    private boolean dead;

    public Card(SecureRandom die, Keeper keeper) {
        this.die = die;
        this.keeper = keeper;
    }

    /// A card as it was kept; nothing is selected and transient memory is empty.
    ///
    /// @throws Refusal `card-image-unreadable`, `card-image-other-applets`
    public static Card revive(byte[] image, Collection<LoadFile> files, SecureRandom die, Keeper keeper) {
        var card = new Card(die, keeper);
        ScopedValue.where(RUNNING, card).run(() -> new ImageReader(card, files).read(image));
        card.memory.takeChanged();
        return card;
    }

    /// Runs an applet's `install`. Either it is installed and kept afterwards, or it never was.
    ///
    /// @param parameters as the applet wants them
    public void install(LoadFile file, String appletClass, byte[] aid, byte[] parameters) {
        alone(() -> {
            var name = new AID(aid, (short) 0, (byte) aid.length);
            if (applets.containsKey(name) || applets.size() == MOST_APPLETS) {
                throw Refusal.of(
                        "applet-not-installed", "同じ名前のアプレットがあるか、満杯です", "The name is taken, or the card is full");
            }
            installing = file;
            asked = name;
            try {
                file.install(appletClass, aid, parameters);
            } catch (InvocationTargetException e) {
                applets.remove(name);
                if (e.getCause() instanceof PowerLost || e.getCause() instanceof Endless) {
                    throw (Error) e.getCause();
                }
                throw failed(e.getCause());
            } finally {
                memory.rollBack();
                contexts.clear();
                installing = null;
                asked = null;
            }
            if (!applets.containsKey(name)) {
                throw failed(null);
            }
            keep();
            return name;
        });
    }

    private static Refusal failed(@Nullable Throwable cause) {
        var why = cause instanceof CardRuntimeException ? String.valueOf(cause.getMessage()) : "did not register";
        return Refusal.of("applet-not-installed", "アプレットを導入できません（" + why + "）", "The applet was not installed: " + why);
    }

    /// Deletes an applet and all it holds.
    public void delete(byte[] aid) {
        alone(() -> {
            memory.writeThrough();
            var gone = applets.remove(new AID(aid, (short) 0, (byte) aid.length));
            if (gone == null) {
                throw Refusal.of("applet-unknown", "そのアプレットはありません", "No such applet is installed");
            }
            if (gone.equals(selected)) {
                selected = null;
            }
            if (gone.applet() instanceof AppletEvent event) {
                within(gone, event::uninstall);
            }
            keep();
            return aid;
        });
    }

    /// Gives the card a command.
    ///
    /// @return answer and status word; always an answer, whatever the command is
    public byte[] transmit(byte[] command) {
        return alone(() -> {
            if (uptime.stood()) {
                powerOn();
            }
            var parsed = CommandApdu.parse(command);
            return parsed.isEmpty() ? status(0x6700) : answer(parsed.get());
        });
    }

    private byte[] answer(CommandApdu command) {
        int refused = command.ofReservedClass() ? 0x6e00 : command.onOtherChannel() ? 0x6881 : NO_ERROR;
        if (refused != NO_ERROR) {
            return status(refused);
        }
        var chosen = command.selectsByName() ? named(command.data().bytes()) : Optional.<Installed>empty();
        if (chosen.isPresent() && !select(chosen.get())) {
            return finished(status(0x6999));
        }
        var current = selected;
        if (current == null) {
            return status(command.ins() == 0xa4 ? 0x6a82 : 0x6985);
        }
        if (command.extended() && !(current.applet() instanceof ExtendedLength)) {
            return status(0x6700);
        }
        var transfer = new Transfer(command, buffer);
        selecting = chosen.isPresent();
        try {
            int status = within(current, () -> current.applet().process(new APDU(transfer)));
            return finished(transfer.answer(status));
        } finally {
            selecting = false;
        }
    }

    private Optional<Installed> named(byte[] aid) {
        return applets.values().stream()
                .filter(i -> aid.length >= 5 && i.aid().partialEquals(aid, (short) 0, (byte) Math.min(aid.length, 17)))
                .findFirst();
    }

    private boolean select(Installed next) {
        var before = selected;
        if (before != null) {
            within(before, before.applet()::deselect);
        }
        memory.clear(JCSystem.CLEAR_ON_DESELECT);
        selected = null;
        var willing = new boolean[1];
        int status = within(next, () -> willing[0] = next.applet().select());
        selected = status == NO_ERROR && willing[0] ? next : null;
        return selected != null;
    }

    /// Runs code of an applet; whatever it leaves open is taken back, whatever it throws becomes a status.
    private int within(Installed applet, Runnable code) {
        enter(applet);
        try {
            code.run();
            return NO_ERROR;
        } catch (ISOException e) {
            return e.getReason() & 0xffff;
        } catch (Endless | PowerLost e) {
            throw e;
        } catch (Throwable e) {
            // the applet's own defect: ISO 7816-4 has one word for it, and the terminal learns no more
            return 0x6f00;
        } finally {
            memory.rollBack();
            contexts.clear();
        }
    }

    private byte[] finished(byte[] answer) {
        keep();
        refuseIfDead(); // an applet may have caught what its commit was told
        return answer;
    }

    private void keep() {
        if (!keeper.keeps() || installing != null || !memory.takeChanged()) {
            return;
        }
        boolean kept = false;
        try {
            keeper.keep(image());
            kept = true;
        } finally {
            // what could not be kept must not be told: this card is silent until it is revived as it was
            dead |= !kept;
        }
    }

    /// Everything that outlives a power cut.
    public byte[] image() {
        return ImageWriter.image(this, applets.values());
    }

    /// Power off and on: what is transient is gone, nothing is selected.
    public void reset() {
        alone(() -> {
            powerOn();
            return buffer;
        });
    }

    private void powerOn() {
        selected = null;
        contexts.clear();
        memory.rollBack();
        memory.clear(JCSystem.CLEAR_ON_RESET);
        uptime.restart();
    }

    /// Gives the card what it counts its time with; a reset too. When it stands still, the card is reset.
    public void wind(Oscillator oscillator) {
        uptime.wind(oscillator);
        reset();
    }

    /// Whose power the permanent writes draw: lets a test end it before any of them.
    public void feed(Memory.Supply supply) {
        memory.feed(supply);
    }

    private <T> T alone(ScopedValue.CallableOp<T, RuntimeException> work) {
        one.lock();
        try {
            refuseIfDead();
            memory.allowance().renew(() -> image().length);
            return ScopedValue.where(RUNNING, this).call(work);
        } catch (Endless e) {
            powerOn();
            throw e.refusal();
        } catch (PowerLost e) {
            memory.rollBack();
            dead = true;
            throw e;
        } finally {
            one.unlock();
        }
    }

    private void refuseIfDead() {
        if (dead) {
            throw ImageWriter.notKept();
        }
    }

    private static byte[] status(int word) {
        return new byte[] {(byte) (word >> 8), (byte) word};
    }

    void enter(Installed applet) {
        contexts.push(applet);
    }

    void leave() {
        contexts.pop();
    }

    @SuppressWarnings("ReferenceEquality") // this very array is meant, not one that looks like it
    boolean isShared(Object object) {
        return object == buffer;
    }

    void put(Installed applet) {
        applets.put(applet.aid(), applet);
    }

    Optional<Installed> find(AID aid) {
        return Optional.ofNullable(applets.get(aid));
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public SecureRandom die() {
        return die;
    }

    @Override
    public long uptime() {
        return uptime.millis();
    }

    @Override
    public void register(Applet applet, @Nullable AID aid) {
        var file = installing;
        var name = asked;
        boolean right = file != null && name != null && (aid == null || aid.equals(name));
        if (!right || file == null || name == null || applets.containsKey(name)) {
            throw new SystemException(SystemException.ILLEGAL_AID);
        }
        memory.writeThrough();
        var installed = new Installed(name, file, applet);
        put(installed);
        enter(installed);
    }

    @Override
    public boolean selecting() {
        return selecting && contexts.size() == 1;
    }

    @Override
    public AID runningAid() {
        var running = contexts.peek();
        if (running == null) {
            throw new SystemException(SystemException.ILLEGAL_USE);
        }
        return running.aid();
    }

    @Override
    public @Nullable AID callingAid() {
        return contexts.stream().skip(1).findFirst().map(Installed::aid).orElse(null);
    }

    @Override
    public @Nullable AID lookup(byte[] bytes, short offset, byte length) {
        return applets.keySet().stream()
                .filter(a -> a.equals(bytes, offset, length))
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable Shareable shareable(AID server, byte parameter) {
        var owner = applets.get(server);
        if (owner == null) {
            return null;
        }
        AID client = contexts.isEmpty() ? null : runningAid();
        enter(owner);
        try {
            var object = client == null ? null : owner.applet().getShareableInterfaceObject(client, parameter);
            return object == null ? null : Crossing.to(this, owner.aid(), object);
        } finally {
            leave();
        }
    }
}
