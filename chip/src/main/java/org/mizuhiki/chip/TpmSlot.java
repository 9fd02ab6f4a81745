package org.mizuhiki.chip;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.mizuhiki.chip.tpm.Keys;
import org.mizuhiki.chip.tpm.Tpm;
import org.mizuhiki.chip.tpm.Writer;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// A slot of a TPM. Its place holds `length(2) ‖ certificates`. The length is written last, and first when they
/// are replaced: a loss of power leaves a slot without a certificate, never half of one.
final class TpmSlot implements KeySlot {
    static final int PLACE = 2048;
    static final Bytes NO_CERTIFICATE = Bytes.of((byte) 0, (byte) 0);
    private static final int LENGTH = 2;
    /// What every TPM takes in one command.
    private static final int PIECE = 512;

    private final TpmElement element;
    private final int number;
    private final Secret code;

    TpmSlot(TpmElement element, int number, Secret code) {
        this.element = element;
        this.number = number;
        this.code = code;
    }

    private Tpm tpm() {
        return element.tpm();
    }

    private Tpm.Shown place() {
        return new Tpm.Shown(TpmElement.place(number), code);
    }

    /// To know how long the certificates are, one must show the code: so nothing is said without it.
    private <T> T opened(java.util.function.IntFunction<T> commands) {
        return alone(() -> commands.apply(length()));
    }

    private <T> T alone(Supplier<T> commands) {
        synchronized (element) {
            return element.asking(commands);
        }
    }

    private int length() {
        var raw = tpm().read(place(), TpmElement.place(number), LENGTH, 0).toArray();
        return Math.min(((raw[0] & 0xff) << 8) | (raw[1] & 0xff), PLACE - LENGTH);
    }

    private Optional<PublicKey> key() {
        return tpm().area(TpmElement.key(number)).map(Keys.SLOT::point).map(Points::key);
    }

    @Override
    public PublicKey generate() {
        return opened(length -> {
            if (length > 0) {
                throw Slots.loaded();
            }
            return key().orElseGet(() -> {
                tpm().makeKey(element.owner(), element.parent(), Keys.SLOT, code, TpmElement.key(number));
                return key().orElseThrow();
            });
        });
    }

    @Override
    public Optional<PublicKey> publicKey() {
        return opened(_ -> key());
    }

    @Override
    public Bytes sign(Bytes content) {
        return alone(() -> {
            if (tpm().area(TpmElement.key(number)).isEmpty()) {
                length();
                throw Slots.empty();
            }
            return der(tpm().sign(new Tpm.Shown(TpmElement.key(number), code), content.sha256()));
        });
    }

    /// ECDSA-Sig-Value (RFC 3279): two positive numbers.
    private static Bytes der(Bytes numbers) {
        var raw = numbers.toArray();
        var r = integer(Arrays.copyOf(raw, 32));
        var s = integer(Arrays.copyOfRange(raw, 32, 64));
        return new Writer()
                .number8(0x30)
                .number8(r.size() + s.size())
                .bytes(r)
                .bytes(s)
                .done();
    }

    private static Bytes integer(byte... magnitude) {
        var value = Bytes.of(new BigInteger(1, magnitude).toByteArray());
        return new Writer().number8(0x02).number8(value.size()).bytes(value).done();
    }

    @Override
    public void store(List<X509Certificate> chain) {
        opened(length -> {
            var key = key().orElseThrow(Slots::empty);
            if (chain.isEmpty() || !chain.getFirst().getPublicKey().equals(key)) {
                throw Slots.notMine();
            }
            var encoded = Slots.encoded(chain, PLACE - LENGTH);
            if (!encoded.equals(certificates(length))) {
                write(NO_CERTIFICATE, 0);
                write(encoded, LENGTH);
                write(new Writer().number16(encoded.size()).done(), 0);
            }
            return encoded;
        });
    }

    private void write(Bytes content, int offset) {
        var all = content.toArray();
        for (int at = 0; at < all.length; at += PIECE) {
            var piece = Bytes.of(Arrays.copyOfRange(all, at, Math.min(all.length, at + PIECE)));
            tpm().write(place(), TpmElement.place(number), piece, offset + at);
        }
    }

    private Bytes certificates(int length) {
        var all = new Writer();
        for (int at = 0; at < length; at += PIECE) {
            int size = Math.min(PIECE, length - at);
            all.bytes(tpm().read(place(), TpmElement.place(number), size, LENGTH + at));
        }
        return all.done();
    }

    @Override
    public List<X509Certificate> chain() {
        return Slots.decoded(opened(this::certificates));
    }

    /// The certificate first: a key without one is a state that everybody knows.
    @Override
    public void clear() {
        opened(_ -> {
            write(NO_CERTIFICATE, 0);
            element.forgetKey(number);
            return number;
        });
    }
}
