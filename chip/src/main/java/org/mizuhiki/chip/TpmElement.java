package org.mizuhiki.chip;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.mizuhiki.chip.tpm.Line;
import org.mizuhiki.chip.tpm.Reader;
import org.mizuhiki.chip.tpm.Tpm;
import org.mizuhiki.chip.tpm.TpmFailed;
import org.mizuhiki.chip.tpm.Writer;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Slots in a TPM 2.0. Each has a place in the TPM's memory for certificates, which is there once the slot is
/// installed and wants the slot's code, and a key at a persistent handle that wants the same code: `0x01804d00`
/// and `0x814d5a00` plus the slot's number. Other programs find them there (strongSwan's `tpm` plugin).
///
/// The TPM's owner installs and removes slots, and can take a slot away from its service, never use it. Wrong
/// codes are counted for the whole TPM ([WrongCodes#BLOCK_ELEMENT]), so one service can lock the others out for
/// a while.
public final class TpmElement implements SecureElement {
    /// A TPM keeps at least seven keys (TCG PC Client Platform TPM Profile); one is the parent, one for ticks.
    static final int SERVICES = 4;

    private static final int PARENT = 0x81000001;
    private static final int KEYS = 0x814d5a00;
    private static final int PLACES = 0x01804d00;
    /// TPMA_NV: read and written with the place's own code only, by the owner neither.
    private static final int BY_CODE = 1 << 2 | 1 << 18;

    private static final int SHA256 = 0x000b;
    private static final int FAILURES = 0x20e;
    private static final int MOST_FAILURES = 0x20f;
    private static final int FORGIVEN_AFTER = 0x210;
    private static final int CODE = 32;

    private final Tpm tpm;
    private final Secret owner;

    private TpmElement(Tpm tpm, Secret owner) {
        this.tpm = tpm;
        this.owner = owner;
    }

    /// @param device the kernel's (`/dev/tpmrm0`), or the socket of an emulator
    /// @param owner authorisation of the TPM's owner, often empty; must stay open as long as the element
    /// @throws Refusal `tpm-unreachable`
    public static TpmElement open(Path device, Secret owner) {
        return new TpmElement(new Tpm(Line.to(device)), owner);
    }

    Tpm tpm() {
        return tpm;
    }

    Tpm.Shown owner() {
        return new Tpm.Shown(Tpm.OWNER, owner);
    }

    /// Everybody's: who has no code below it gets nothing by it.
    Tpm.Shown parent() {
        return new Tpm.Shown(PARENT, Secret.taking());
    }

    static int key(int number) {
        return KEYS + number;
    }

    static int place(int number) {
        return PLACES + number;
    }

    /// Prepares a slot: from now on it wants this code.
    ///
    /// @param code 8 to 32 bytes, of which the last is not zero: a TPM takes zeros at the end for nothing
    /// @throws Refusal `chip-slot-taken`, `chip-slot-unknown`, `chip-not-permitted` without the owner's word
    public synchronized void install(int number, Secret code) {
        expectNumber(number);
        boolean fine = code.size() >= 8 && code.size() <= CODE && code.lend(c -> c[c.length - 1] != 0);
        if (!fine) {
            throw new IllegalArgumentException("a slot's code has 8 to 32 bytes, the last not zero");
        }
        asking(() -> {
            if (tpm.place(place(number)).isPresent()) {
                throw Refusal.of("chip-slot-taken", "このスロットは使われています", "The slot is installed already");
            }
            makeParent();
            // what a crash while removing has left has nobody's place, and nobody's certificate
            forgetKey(number);
            tpm.define(
                    owner(),
                    code,
                    new Writer()
                            .number32(place(number))
                            .number16(SHA256)
                            .number32(BY_CODE)
                            .number16(0)
                            .number16(TpmSlot.PLACE)
                            .done());
            tpm.write(new Tpm.Shown(place(number), code), place(number), TpmSlot.NO_CERTIFICATE, 0);
            return number;
        });
    }

    void makeParent() {
        if (tpm.area(PARENT).isEmpty()) {
            tpm.makeParent(owner(), PARENT);
        }
    }

    void forgetKey(int number) {
        if (tpm.area(key(number)).isPresent()) {
            tpm.forget(owner(), key(number));
        }
    }

    /// Forgets the slot and all in it.
    ///
    /// @throws Refusal `chip-slot-unknown`, `chip-not-permitted` without the owner's word
    public synchronized void remove(int number) {
        expectNumber(number);
        asking(() -> {
            forgetKey(number);
            tpm.undefine(owner(), place(number));
            return number;
        });
    }

    /// How the whole TPM holds off wrong codes.
    ///
    /// @param tries until it is locked out
    /// @param each time after which one wrong code is forgiven
    /// @param lockout authorisation of the lock-out, often empty
    public void limitWrongCodes(int tries, Duration each, Secret lockout) {
        int seconds = Math.toIntExact(each.toSeconds());
        asking(() -> {
            tpm.limit(new Tpm.Shown(Tpm.LOCKOUT, lockout), tries, seconds, seconds);
            return tries;
        });
    }

    /// The TPM as the element of a terminal.
    ///
    /// @param code of its key, 16 random bytes, the last not zero: it is not held off by a lock-out
    /// @param privacy authorisation of the endorsement hierarchy, often empty; both must stay open
    public TpmTicks ticks(Secret code, Secret privacy) {
        return new TpmTicks(this, code, privacy);
    }

    private static void expectNumber(int number) {
        if (number < 0 || number > SERVICES) {
            throw Command.refused(0x6a86);
        }
    }

    /// What the TPM's response codes mean to people.
    <T> T asking(Supplier<T> commands) {
        try {
            return commands.get();
        } catch (TpmFailed e) {
            throw refused(e);
        } catch (Reader.Malformed e) {
            throw Refusal.of("chip-refused", "TPMの応答を読めません", "The TPM's answer cannot be read", e);
        }
    }

    private Refusal refused(TpmFailed e) {
        return switch (e.code()) {
            case TpmFailed.WRONG_CODE -> {
                int left = Math.max(0, tpm.property(MOST_FAILURES) - tpm.property(FAILURES));
                yield Command.refused(0x63c0 | Math.min(left, 0xf));
            }
            case TpmFailed.WRONG_AUTHORISATION -> Command.refused(0x6982);
            case TpmFailed.LOCKED_OUT -> {
                int seconds = tpm.property(FORGIVEN_AFTER);
                yield Refusal.of(
                        "chip-code-blocked",
                        "コードを続けて間違えたため、TPMが止まっています。" + seconds + "秒ほど待ってください",
                        "Too many wrong codes have locked the TPM; wait about " + seconds + " seconds");
            }
            case TpmFailed.HANDLE -> Command.refused(0x6a86);
            default ->
                Refusal.of(
                        "chip-refused", "TPMが拒否しました（" + e.getMessage() + "）", "The TPM refused: " + e.getMessage(), e);
        };
    }

    @Override
    public int services() {
        return SERVICES;
    }

    @Override
    public WrongCodes wrongCodes() {
        return WrongCodes.BLOCK_ELEMENT;
    }

    @Override
    public KeySlot slot(int number, Secret code) {
        expectNumber(number);
        return new TpmSlot(this, number, code);
    }

    @Override
    public void close() {
        tpm.close();
    }
}
