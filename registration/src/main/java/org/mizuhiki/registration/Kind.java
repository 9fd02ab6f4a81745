package org.mizuhiki.registration;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Every kind of act, said once: its name in the ledger, its letter in D.6 of seed 003, and whether a named
/// person must sign it.
public enum Kind {
    ACCREDITATION_APPLICATION("", true, "認定の申請", "application for accreditation"),
    ACCREDITATION_ANSWER("", true, "認定の可否", "answer to it"),
    ACCREDITATION_WITHDRAWAL("", true, "認定の取消し", "accreditation withdrawn"),
    MEMBERSHIP_APPLICATION("a", true, "加入申請", "application for membership"),
    MEMBERSHIP_ANSWER("a", true, "加入の可否", "answer to it"),
    PURCHASE_APPLICATION("b", true, "機器購入申請", "application to buy a device"),
    DEVICE_REGISTRATION("c", false, "機器の登録", "device registered"),
    DEVICE_CERTIFICATE("d", false, "機器証明書の発行", "device certificate issued"),
    DEVICE_LOADING("e", false, "機器証明書の搭載", "device certificate loaded"),
    DEVICE_RECEIPT("f", true, "機器の受領", "device received"),
    USE_APPLICATION("g", true, "利用申請", "application to use a service"),
    USE_ANSWER("g", true, "利用の可否", "answer to it"),
    SERVICE_REQUEST("h", false, "サービス証明書の発行依頼", "service certificate asked for"),
    SERVICE_CERTIFICATE("i", false, "サービス証明書の発行", "service certificate issued"),
    SERVICE_LOADING("j", false, "サービス証明書の搭載", "service certificate loaded"),
    CONNECTION_APPLICATION("k", true, "接続申請", "application to connect"),
    SERVICE_PROVISION("l", false, "サービスの提供開始", "service provided"),
    DECLINATION("", true, "不承諾", "declined"),
    WITHDRAWAL("", true, "取消し", "withdrawn");

    private final String letter;
    private final boolean personal;
    private final String japanese;
    private final String english;

    Kind(String letter, boolean personal, String japanese, String english) {
        this.letter = letter;
        this.personal = personal;
        this.japanese = japanese;
        this.english = english;
    }

    /// Name of the event in the ledger, and in acts: `membership-application`.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// `a` to `l`; empty for what the figure does not show.
    public String letter() {
        return letter;
    }

    /// Whether only a named person may sign it.
    public boolean isPersonal() {
        return personal;
    }

    public String japanese() {
        return japanese;
    }

    public String english() {
        return english;
    }

    /// Whether a file may begin with it.
    boolean opens() {
        return this == ACCREDITATION_APPLICATION || this == MEMBERSHIP_APPLICATION || this == PURCHASE_APPLICATION;
    }

    static Optional<Kind> find(String text) {
        return Stream.of(values()).filter(k -> k.text().equals(text)).findFirst();
    }
}
