package org.mizuhiki.chip;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A slot of the e-Key. It is opened with its code for one use and closed by the next slot that is opened.
public final class EKeySlot implements KeySlot {
    private static final int VERIFY = 0x20;
    private static final int SIGN = 0x2a;
    private static final int GENERATE = 0x46;
    private static final int PUBLIC_KEYS = 0x47;
    private static final int STORE = 0x48;
    private static final int CLEAR = 0x4c;
    private static final int CERTIFICATE = 1;
    private static final int POINT = 65;
    private static final int OBJECT = 2048;
    private static final int PIECE = 255;

    private final EKey key;
    private final int number;
    private final Secret code;

    EKeySlot(EKey key, int number, Secret code) {
        this.key = key;
        this.number = number;
        this.code = code;
    }

    <T> T opened(Function<CardChannel, T> commands) {
        if (code.size() != EKey.CODE) {
            throw new IllegalArgumentException("a slot's code has 16 bytes");
        }
        return key.together(c -> {
            new Command(VERIFY, number, 0, code.lend(Bytes::of)).send(c);
            return commands.apply(c);
        });
    }

    @Override
    public PublicKey generate() {
        return opened(c -> {
            var points = Command.of(GENERATE, number)
                    .send(c, false, sw -> sw == 0x6985 ? Slots.loaded() : Command.refused(sw));
            return Points.key(half(points, 0));
        });
    }

    @Override
    public Optional<PublicKey> publicKey() {
        return points().map(p -> Points.key(half(p, 0)));
    }

    /// To which the centre seals a PPK.
    public Optional<PublicKey> agreementKey() {
        return points().map(p -> Points.key(half(p, 1)));
    }

    private Optional<Bytes> points() {
        return opened(c -> {
            try {
                return Optional.of(Command.of(PUBLIC_KEYS, number).send(c));
            } catch (Refusal e) {
                if (e.code().equals("chip-state")) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private static Bytes half(Bytes points, int which) {
        return Bytes.of(Arrays.copyOfRange(points.toArray(), which * POINT, (which + 1) * POINT));
    }

    @Override
    public Bytes sign(Bytes content) {
        var all = content.toArray();
        return opened(c -> {
            int at = 0;
            while (all.length - at > PIECE) {
                piece(c, all, at, true);
                at += PIECE;
            }
            return piece(c, all, at, false);
        });
    }

    private Bytes piece(CardChannel channel, byte[] all, int at, boolean more) {
        var piece = Bytes.of(Arrays.copyOfRange(all, at, Math.min(all.length, at + PIECE)));
        return new Command(SIGN, number, at == 0 ? 0 : 1, piece).send(channel, more, EKeySlot::signing);
    }

    private static Refusal signing(int status) {
        return switch (status) {
            case 0x6985 -> Slots.empty();
            case 0x6a80 ->
                Refusal.of(
                        "chip-form-refused",
                        "チップ自身の表明と紛らわしい内容には署名できません",
                        "The chip does not sign content that could be taken for its own statement");
            default -> Command.refused(status);
        };
    }

    @Override
    public void store(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw Slots.notMine();
        }
        var encoded = Slots.encoded(chain, OBJECT);
        if (!publicKey().equals(Optional.of(chain.getFirst().getPublicKey()))) {
            throw publicKey().isEmpty() ? Slots.empty() : Slots.notMine();
        }
        opened(c -> {
            EKey.stage(c, number, CERTIFICATE, encoded);
            var hash = Bytes.of(encoded.sha256().toArray());
            var data = EKey.joined(EKey.number(encoded.size(), 2), hash);
            return new Command(STORE, number, CERTIFICATE, data).send(c, false, EKeySlot::storing);
        });
    }

    private static Refusal storing(int status) {
        return switch (status) {
            case 0x6985 -> Slots.empty();
            case 0x6a80 -> Slots.notMine();
            default -> Command.refused(status);
        };
    }

    @Override
    public List<X509Certificate> chain() {
        var raw = opened(c -> EKey.read(c, number, CERTIFICATE));
        return Slots.decoded(raw);
    }

    @Override
    public Optional<ChipProof> prove(Bytes nonce) {
        return Optional.of(ChipProof.of(key, number, nonce, opened(c -> EKey.prove(c, number, nonce))));
    }

    @Override
    public void clear() {
        opened(c -> Command.of(CLEAR, number).send(c));
    }
}
