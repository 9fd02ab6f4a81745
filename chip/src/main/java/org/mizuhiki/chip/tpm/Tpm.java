package org.mizuhiki.chip.tpm;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;

/// The commands (Part 3). Codes go to the TPM in clear (password sessions): the line is inside the device.
public final class Tpm implements AutoCloseable {
    public static final int OWNER = 0x40000001;
    public static final int LOCKOUT = 0x4000000a;
    public static final int ENDORSEMENT = 0x4000000b;
    private static final int NOBODY = 0x40000007;
    private static final int PASSWORD = 0x40000009;
    private static final int PLAIN = 0x8001;
    private static final int WITH_SESSIONS = 0x8002;
    private static final int NO_SCHEME = 0x0010;
    private static final int HASHED_ELSEWHERE = 0x8024;
    private static final int PROPERTIES = 6;
    private static final int ECDSA = 0x0018;
    private static final int MOST_TRIES = 100;
    private static final long PAUSE = 20_000_000;
    /// Yielded, testing, retry, too many writes in a while: the same again, later (Part 2, 6.6.3).
    private static final List<Integer> LATER = List.of(0x908, 0x90a, 0x920, 0x922);

    private final Line line;

    public Tpm(Line line) {
        this.line = line;
    }

    /// What somebody shows to be let use a handle.
    public record Shown(int handle, Secret code) {}

    /// @param statement TPMS_ATTEST as it was signed
    /// @param signature r and s, 32 bytes each
    public record Attested(Bytes statement, Bytes signature) {}

    private <T> T send(int code, List<Shown> shown, List<Integer> handles, Bytes more, Function<Reader, T> read) {
        return send(code, shown, handles, more, 0, read);
    }

    /// @param shown handles that need a code, which come first
    private <T> T send(
            int code, List<Shown> shown, List<Integer> handles, Bytes more, int answered, Function<Reader, T> read) {
        var body = new Writer();
        shown.forEach(s -> body.number32(s.handle()));
        handles.forEach(body::number32);
        if (!shown.isEmpty()) {
            int size = shown.stream().mapToInt(s -> 9 + s.code().size()).sum();
            body.number32(size);
            shown.forEach(s -> s.code()
                    .lend(c -> body.number32(PASSWORD).number16(0).number8(0).sized(Bytes.of(c))));
        }
        body.bytes(more);
        var all = body.done();
        int tag = shown.isEmpty() ? PLAIN : WITH_SESSIONS;
        var command = new Writer()
                .number16(tag)
                .number32(10 + all.size())
                .number32(code)
                .bytes(all)
                .done()
                .toArray();
        try {
            return Reader.whole(answer(command), r -> {
                r.skip(10);
                var out = answered == 0 ? Bytes.of() : r.bytes(answered);
                var parameters = tag == PLAIN ? r.rest() : r.bytes(r.number32());
                r.rest();
                return Reader.whole(new Writer().bytes(out).bytes(parameters).done(), read);
            });
        } finally {
            Arrays.fill(command, (byte) 0);
        }
    }

    private Bytes answer(byte[] command) {
        for (int i = 0; ; i++) {
            var answer = Bytes.of(line.ask(command));
            int code = Reader.whole(answer, r -> {
                r.skip(6);
                int status = r.number32();
                r.rest();
                return status;
            });
            if (code == 0) {
                return answer;
            }
            if (i == MOST_TRIES || !LATER.contains(code)) {
                throw new TpmFailed(code);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static Bytes nothing(Reader reader) {
        return reader.rest();
    }

    /// The public area; absent where no key is.
    public Optional<Bytes> area(int key) {
        return unlessAbsent(() -> send(0x173, List.of(), List.of(key), Bytes.of(), r -> {
            var area = r.sized();
            r.rest();
            return area;
        }));
    }

    /// The public area of a place in non-volatile memory (TPMS_NV_PUBLIC).
    public Optional<Bytes> place(int index) {
        return unlessAbsent(() -> send(0x169, List.of(), List.of(index), Bytes.of(), r -> {
            var area = r.sized();
            r.rest();
            return area;
        }));
    }

    private static Optional<Bytes> unlessAbsent(java.util.function.Supplier<Bytes> look) {
        try {
            return Optional.of(look.get());
        } catch (TpmFailed e) {
            if (e.code() == TpmFailed.HANDLE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Makes the parent of keys and leaves it at a handle.
    public void makeParent(Shown owner, int persistent) {
        int key = send(
                0x131,
                List.of(owner),
                List.of(),
                creation(new Writer().sized(Bytes.of()).sized(Bytes.of()).done(), Keys.STORAGE),
                4,
                Tpm::handle);
        keep(owner, key, persistent);
    }

    /// @param sensitive TPMS_SENSITIVE_CREATE: the code and nothing
    private static Bytes creation(Bytes sensitive, Keys kind) {
        return new Writer()
                .sized(sensitive)
                .sized(kind.template())
                .sized(Bytes.of())
                .number32(0)
                .done();
    }

    private static int handle(Reader reader) {
        int handle = reader.number32();
        reader.rest();
        return handle;
    }

    /// Makes a key and leaves it at a handle; in between it is nowhere else.
    ///
    /// @param code up to 32 bytes; zeros at its end count for nothing
    public void makeKey(Shown owner, Shown parent, Keys kind, Secret code, int persistent) {
        var sensitive =
                code.lend(c -> new Writer().sized(Bytes.of(c)).sized(Bytes.of()).done());
        var made = send(0x153, List.of(parent), List.of(), creation(sensitive, kind), r -> {
            var blobs = new Writer().sized(r.sized()).sized(r.sized()).done();
            r.rest();
            return blobs;
        });
        int key = send(0x157, List.of(parent), List.of(), made, 4, Tpm::handle);
        keep(owner, key, persistent);
    }

    private void keep(Shown owner, int key, int persistent) {
        try {
            evict(owner, key, persistent);
        } finally {
            send(0x165, List.of(), List.of(), new Writer().number32(key).done(), Tpm::nothing);
        }
    }

    /// Forgets a key.
    public void forget(Shown owner, int persistent) {
        evict(owner, persistent, persistent);
    }

    private void evict(Shown owner, int key, int persistent) {
        send(
                0x120,
                List.of(owner),
                List.of(key),
                new Writer().number32(persistent).done(),
                Tpm::nothing);
    }

    /// @return r and s, 32 bytes each
    public Bytes sign(Shown key, Digest digest) {
        var asked = new Writer()
                .sized(Bytes.of(digest.toArray()))
                .number16(NO_SCHEME)
                .number16(HASHED_ELSEWHERE)
                .number32(NOBODY)
                .sized(Bytes.of())
                .done();
        return send(0x15d, List.of(key), List.of(), asked, Tpm::signature);
    }

    private static Bytes signature(Reader reader) {
        reader.expect16(ECDSA);
        reader.expect16(Keys.SHA256);
        return new Writer()
                .bytes(Keys.padded(reader.sized()))
                .bytes(Keys.padded(reader.sized()))
                .done();
    }

    private static Attested attested(Reader reader) {
        return new Attested(reader.sized(), signature(reader));
    }

    /// TPM2_GetTime (Part 3, 18.7).
    ///
    /// @param about what the host wants to be signed with it, up to 32 bytes
    public Attested time(Shown privacy, Shown key, Bytes about) {
        return send(
                0x14c,
                List.of(privacy, key),
                List.of(),
                new Writer().sized(about).number16(NO_SCHEME).done(),
                Tpm::attested);
    }

    /// TPM2_NV_Certify (Part 3, 31.16) of a counter.
    public Attested counter(Shown key, Shown reader, int index, Bytes about) {
        var asked = new Writer()
                .sized(about)
                .number16(NO_SCHEME)
                .number16(Long.BYTES)
                .number16(0)
                .done();
        return send(0x184, List.of(key, reader), List.of(index), asked, Tpm::attested);
    }

    public void increment(Shown writer, int index) {
        send(0x134, List.of(writer), List.of(index), Bytes.of(), Tpm::nothing);
    }

    /// @param area TPMS_NV_PUBLIC
    public void define(Shown owner, Secret code, Bytes area) {
        var asked = code.lend(c -> new Writer().sized(Bytes.of(c)).sized(area).done());
        send(0x12a, List.of(owner), List.of(), asked, Tpm::nothing);
    }

    public void undefine(Shown owner, int index) {
        send(0x122, List.of(owner), List.of(index), Bytes.of(), Tpm::nothing);
    }

    public void write(Shown writer, int index, Bytes content, int offset) {
        send(
                0x137,
                List.of(writer),
                List.of(index),
                new Writer().sized(content).number16(offset).done(),
                Tpm::nothing);
    }

    public Bytes read(Shown reader, int index, int size, int offset) {
        return send(
                0x14e,
                List.of(reader),
                List.of(index),
                new Writer().number16(size).number16(offset).done(),
                Reader::sized);
    }

    /// A number that the TPM tells of itself (Part 2, 6.13).
    public int property(int which) {
        var asked =
                new Writer().number32(PROPERTIES).number32(which).number32(1).done();
        return send(0x17a, List.of(), List.of(), asked, r -> {
            r.skip(1);
            r.expect32(PROPERTIES);
            r.expect32(1);
            r.expect32(which);
            return r.number32();
        });
    }

    /// @param tries wrong codes until the whole TPM is locked out
    /// @param seconds after which one wrong code is forgiven
    /// @param lockout seconds after which a wrong code of the lock-out's own is
    public void limit(Shown lockoutOwner, int tries, int seconds, int lockout) {
        var asked =
                new Writer().number32(tries).number32(seconds).number32(lockout).done();
        send(0x13a, List.of(lockoutOwner), List.of(), asked, Tpm::nothing);
    }

    @Override
    public void close() {
        line.close();
    }
}
