package org.mizuhiki.devices;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.ResultSet;
import java.sql.SQLException;
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
    /// @param tokens whether devices with its chips have tokens beside them for keys of services that other
    ///     programs use; that such a key lies in one is the device's word
    public record Maker(String vendor, Optional<PublicKey> key, boolean tokens) {
        /// @throws Refusal `vendor-malformed`, `maker-contradiction`
        public Maker {
            if (!Member.Device.isVendor(vendor)) {
                throw Refusal.of(
                        "vendor-malformed",
                        "機器提供者の符号は半角英小文字・数字・ハイフンの1〜16文字です",
                        "A vendor's code has 1 to 16 lower-case letters, digits or hyphens");
            }
            if (tokens && key.isEmpty()) {
                throw contradiction();
            }
        }

        /// Of chips only, or of devices without any.
        public Maker(String vendor, Optional<PublicKey> key) {
            this(vendor, key, false);
        }
    }

    /// Takes chips of this manufacturer for genuine from now on; of what is said about tokens the last counts.
    ///
    /// @throws Refusal `maker-key-unfit`, `maker-contradiction` (a vendor whose devices have e-Keys is
    ///     believed nothing without one)
    public void accept(Maker maker) {
        var point = point(maker);
        database.inTransaction(rows -> {
            rows.execute("lock table chip_maker in share row exclusive mode");
            if (of(rows, maker.vendor()).stream()
                    .anyMatch(m -> m.key().isEmpty() != maker.key().isEmpty())) {
                throw contradiction();
            }
            return rows.createUpdate(
                            "insert into chip_maker (vendor, key, since, tokens) values (:vendor, :key, :now, :tokens)"
                                    + " on conflict (vendor, key) do update set tokens = :tokens")
                    .bind("vendor", maker.vendor())
                    .bind("key", point)
                    .bind("tokens", maker.tokens())
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
    /// @throws Refusal `maker-key-unfit`, `maker-unknown`
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
        return database.reading(rows -> rows.createQuery("select * from chip_maker order by vendor, since")
                .map((row, context) -> maker(row))
                .list());
    }

    static List<Maker> of(Handle rows, String vendor) {
        return rows.createQuery("select * from chip_maker where vendor = :vendor")
                .bind("vendor", vendor)
                .map((row, context) -> maker(row))
                .list();
    }

    private static Maker maker(ResultSet row) throws SQLException {
        return new Maker(
                row.getString("vendor"),
                Optional.ofNullable(row.getBytes("key")).map(Bytes::of).map(Points::key),
                row.getBoolean("tokens"));
    }

    private static byte @org.jspecify.annotations.Nullable [] point(Maker maker) {
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
