package org.mizuhiki.vpn;

import java.util.Locale;

/// Why two routers may not connect; the name is the stable code.
enum No {
    UNIFORM_POLICY_MISSING("プロバイダの統一ポリシーがないか、期限が切れています", "The provider's uniform policy is missing or over"),
    SERVICE_UNKNOWN("プロバイダの統一ポリシーにこのサービスがありません", "The provider's uniform policy knows no such service"),
    SAME_ROUTER("同じVPN機器どうしは接続できません", "A router does not connect to itself"),
    ROUTER_NOT_GOOD("VPN機器のサービス証明書が有効ではありません", "The router's service certificate is not good"),
    NO_COMMON_GROUP("このサービスのための共通のグループに属していません", "The two are in no common group for this service"),
    POLICY_MISSING("この機器の接続ポリシーが登録されていないか、期限が切れています", "This router has no policy, or it is over"),
    RULE_NONE("この相手とサービスを許す規則が接続ポリシーにありません", "No rule of the policy allows this partner and service"),
    RULE_NEVER("接続ポリシーの規則がこの接続を禁じています", "A rule of the policy forbids this connection"),
    APPROVAL_REFUSED("担当者が接続を承認しませんでした", "The person who was asked said no"),
    ZONE_EMPTY("このサービスに使うゾーンのネットワークが登録されていません", "No network is registered in the zone that this service is for"),
    SERVICE_EXCLUDED(
            "同時に使えないサービスに接続中です。先に切断してください", "A service that excludes this one is running; disconnect it first"),
    ALREADY_CONNECTED("同じ相手と同じサービスで接続中です", "The two are connected for this service already"),
    TOO_MANY_CONNECTIONS("同時接続数の上限に達しています", "The router has as many connections as it may have"),
    ADDRESSES_OVERLAP("ネットワークアドレスが重なり、変換用のアドレスも残っていません", "Addresses overlap, and none is left to translate them to"),
    AGREEMENT_MISSING(
            "リモート保守の契約とプライバシーポリシーの交換に、双方の同じ内容の署名がそろっていません",
            "Not both sides have signed the same maintenance contract with its privacy policies"),
    TECHNICIAN_NOT_NAMED("保守契約に名前のある作業者の依頼ではありません", "It was not asked for by a technician whom the contract names"),
    TECHNICIAN_NOT_SIGNED("作業者本人の署名した作業届がないか、期限が切れています", "The technician has not signed for this work, or it is over"),
    OUTSIDE_WINDOW("医療機関が認めた保守の時間の外です", "It is outside the times that the customer gave for maintenance"),
    PROTOCOL_NOT_ALLOWED(
            "保守契約の通信が、プロバイダの定めたサービスの範囲を超えています",
            "The contract opens what the provider's policy keeps shut for this service"),
    HOST_OUTSIDE_ZONE(
            "保守契約の機器が、このサービスに使うゾーンにありません", "A machine of the contract is not in the zone that this service is for"),
    ALL_OVER("許される期間がもう残っていません", "No time is left in which it would be allowed"),
    NOT_FOR_THIS_ROUTER("この機器あての接続情報ではありません", "The connection information is not for this router"),
    NOT_OF_NOW(
            "接続情報が有効な時間の外です。機器の時計も確認してください", "The connection information is not of now; check the router's clock too"),
    REPLAYED("すでに受け取ったか、古い接続情報です", "The connection information is an old one, or was received before"),
    NOT_AS_UNIFORM("接続情報がプロバイダの統一ポリシーと合いません", "It is not as the provider's uniform policy says"),
    MEMBERSHIP_MISSING(
            "両方のVPN機器がこのグループに属するという、プロバイダの署名がそろっていません",
            "Not both routers have the provider's signed word that they are in this group"),
    WITHOUT_CONSENT("自院の接続ポリシーが許していない接続です", "The own side's policy does not allow it"),
    TERMS_EXCEEDED("自院の接続ポリシーより長い条件です", "Its terms exceed what the own side's policy allows"),
    AGREEMENT_EXCEEDED("保守契約の範囲を超えています", "It exceeds the maintenance contract"),
    NETWORKS_EXCEEDED("許していないネットワークへの接続です", "It reaches networks that were not given for it");

    private final String japanese;
    private final String english;

    No(String japanese, String english) {
        this.japanese = japanese;
        this.english = english;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// By a rule of the house or of the provider.
    Decision.Refused by(String owner) {
        return by(owner, "");
    }

    /// @param named the owner's own name for its rule
    Decision.Refused by(String owner, String named) {
        return new Decision.Refused(code(), owner, named, japanese, english);
    }
}
