package org.mizuhiki.usage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What is counted. A new one is counted from the day on which the server that sees it knows it.
public enum Measure {
    /// Letters that professionals of the institution registered at the store.
    LETTERS("紹介状・文書（通）"),
    /// Bytes of these letters with their images, closed.
    BYTES("保管データ（バイト）"),
    /// Lateral grants that its professionals gave.
    GRANTS("横認証（件）"),
    /// Openings of letters by its professionals.
    OPENINGS("閲覧（件）"),
    /// Connections that its routers asked for and got.
    CONNECTIONS("VPN接続（回）"),
    /// Minutes that these lasted, each begun minute; counted when they end.
    CONNECTION_MINUTES("VPN接続時間（分）"),
    /// Most professionals at a time in the month.
    MEMBERS("登録医療従事者（人）");

    private final String japanese;

    Measure(String japanese) {
        this.japanese = japanese;
    }

    /// As it stands on reports, with its unit.
    public String japanese() {
        return japanese;
    }

    /// As programs and operators write it, such as `connection-minutes`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Measure> of(String word) {
        return Arrays.stream(values()).filter(m -> m.word().equals(word)).findFirst();
    }
}
