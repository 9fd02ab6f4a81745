package org.mizuhiki.devices;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.chip.Points;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

/// Manufacturers whose chips are taken for genuine, by the code of the vendor that sells the devices;
/// nobody else's are. For the operator, at the authority's own machine.
public final class Makers {
    private final Database database;
    private final Clock clock;

    public Makers(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /// @param key P-256; absent: the vendor's devices have no e-Key (their keys lie in tokens or files),
    ///     and whoever holds a ticket for one is believed
    public record Maker(String vendor, Optional<PublicKey> key) {}

    /// Takes chips of this manufacturer for genuine from now on; once more changes nothing.
    ///
    /// @throws Refusal `member-malformed` for what is no vendor's code, `maker-key-unfit`,
    ///     `maker-contradiction` (a vendor whose devices have e-Keys is believed nothing without one)
    public void accept(Maker maker) {
        var point = point(maker);
        database.inTransaction(rows -> {
            rows.execute("lock table chip_maker in share row exclusive mode");
            if (of(rows, maker.vendor()).stream()
                    .anyMatch(m -> m.key().isEmpty() != maker.key().isEmpty())) {
                throw contradiction();
            }
            return rows.createUpdate(
                            "insert into chip_maker (vendor, key, since) values (:vendor, :key, :now) on conflict do nothing")
                    .bind("vendor", maker.vendor())
                    .bind("key", point)
                    .bind("now", clock.instant())
                    .execute();
        });
    }

    private static Refusal contradiction() {
        return Refusal.of(
                "maker-contradiction",
                "この機器提供者には、製造者の鍵と「鍵なし」（key=none）の両方は登録できません。先に `operate chip-maker-end` で片方を取り消してください",
                "A vendor has either manufacturers' keys or none at all (key=none); end the one first with `operate"
                        + " chip-maker-end`");
    }

    /// Takes them so no longer: what was certified stays, and is revoked where that is needed.
    ///
    /// @throws Refusal as [#accept], and `maker-unknown`
    public void end(Maker maker) {
        var point = point(maker);
        int gone = database.inTransaction(rows -> rows.createUpdate(
                        "delete from chip_maker where vendor = :vendor and key is not distinct from cast(:key as bytea)")
                .bind("vendor", maker.vendor())
                .bind("key", point)
                .execute());
        if (gone == 0) {
            throw unknown(maker.vendor());
        }
    }

    public List<Maker> all() {
        return database.reading(rows -> rows.createQuery("select vendor, key from chip_maker order by vendor, since")
                .map((row, context) -> maker(row.getString("vendor"), row.getBytes("key")))
                .list());
    }

    static List<Maker> of(Handle rows, String vendor) {
        return rows.createQuery("select key from chip_maker where vendor = :vendor")
                .bind("vendor", vendor)
                .map((row, context) -> maker(vendor, row.getBytes("key")))
                .list();
    }

    private static Maker maker(String vendor, byte @org.jspecify.annotations.Nullable [] point) {
        return new Maker(vendor, Optional.ofNullable(point).map(Bytes::of).map(Points::key));
    }

    private static byte @org.jspecify.annotations.Nullable [] point(Maker maker) {
        var _ = new Member.Device(maker.vendor(), "m", "0").identity();
        try {
            return maker.key().map(k -> Points.point(k).toArray()).orElse(null);
        } catch (IllegalArgumentException e) {
            throw unfit(e);
        }
    }

    /// Reads a public key as tools write one (SubjectPublicKeyInfo, DER).
    ///
    /// @throws Refusal `maker-key-unfit`
    public static PublicKey key(Bytes der) {
        try {
            var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der.toArray()));
            return Points.key(Points.point(key));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unfit(e);
        }
    }

    private static Refusal unfit(Exception cause) {
        return Refusal.of(
                "maker-key-unfit",
                "製造者の鍵はP-256の公開鍵です（openssl pkey -pubout -outform DER の出力をBase64にしたもの）",
                "A manufacturer's key is a P-256 public key: what `openssl pkey -pubout -outform DER` writes, in base64",
                cause);
    }

    static Refusal unknown(String vendor) {
        return Refusal.of(
                "maker-unknown",
                "この機器提供者（" + vendor + "）のチップの製造者は登録されていません。運営者に確認してください",
                "No manufacturer that signed this chip is known for the vendor " + vendor + "; ask the operator");
    }
}
