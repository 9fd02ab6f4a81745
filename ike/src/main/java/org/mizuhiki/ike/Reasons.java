package org.mizuhiki.ike;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;

/// Why a tunnel did not come up. The engine says it in its log only; the last telling line of each
/// connection is kept.
final class Reasons {
    private static final int MOST = 1000;

    /// A reason, by the words that give it away.
    private enum Reason {
        PPK(
                "no PPK|PPK required|ppk",
                "tunnel-without-ppk",
                "量子計算機に備える事前共有鍵（PPK）が両側で一致しません。接続情報を取り直してください",
                "The two sides do not hold the same post-quantum key (PPK); fetch the connection information anew"),
        REVOKED(
                "was revoked|RULE_CRL_VALIDATION",
                "tunnel-partner-revoked",
                "相手の証明書は失効しているか、失効していないことを確かめられません。接続管理センターに確認してください",
                "The partner's certificate is revoked, or nothing says that it is not; ask the centre"),
        SELECTORS(
                "TS_UNACCEPTABLE",
                "tunnel-networks-refused",
                "取り決めにないネットワークが求められたため、相手が拒否しました。両側の接続情報を確認してください",
                "The partner refused networks that were not agreed on; compare both sides' connection information"),
        PROPOSAL(
                "NO_PROPOSAL_CHOSEN",
                "tunnel-suite-refused",
                "暗号方式が一致しません。両側のソフトウェアを更新してください",
                "The two sides share no cipher suite; update both"),
        NOT_AUTHENTICATED(
                "AUTHENTICATION_FAILED|no trusted .* public key|constraint check failed|signature validation",
                "tunnel-not-authenticated",
                "相手を確認できない、または相手がこちらを確認できません。証明書・失効・共有鍵を両側で確認してください",
                "One side did not believe the other; check certificates, revocation and shared keys on both"),
        SILENT(
                "giving up after|peer not responding|retransmit \\d+ of",
                "tunnel-partner-silent",
                "相手のVPN機器から応答がありません。相手の電源と回線、位置情報を確認してください",
                "The partner's router does not answer; check its power, its line and its registered address");

        private final Pattern words;
        private final String code;
        private final String japanese;
        private final String english;

        Reason(String words, String code, String japanese, String english) {
            this.words = Pattern.compile(words);
            this.code = code;
            this.japanese = japanese;
            this.english = english;
        }
    }

    private final Map<String, Reason> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Reason> eldest) {
            return size() > MOST;
        }
    };

    synchronized void heard(String tunnel, String line) {
        for (var reason : Reason.values()) {
            if (reason.words.matcher(line).find()) {
                last.merge(tunnel, reason, (a, b) -> a.compareTo(b) < 0 ? a : b); // the most telling first
                return;
            }
        }
    }

    synchronized void forget(String tunnel) {
        last.remove(tunnel);
    }

    synchronized boolean isKnown(String tunnel) {
        return last.containsKey(tunnel);
    }

    /// The partner has said no; waiting for it says nothing yet.
    synchronized boolean isAnswer(String tunnel) {
        return last.containsKey(tunnel) && last.get(tunnel) != Reason.SILENT;
    }

    synchronized Refusal refusal(String tunnel) {
        return Optional.ofNullable(last.remove(tunnel))
                .map(r -> Refusal.of(r.code, r.japanese, r.english))
                .orElseGet(() -> Refusal.of(
                        "tunnel-not-up",
                        "VPN接続が確立しませんでした。両側のVPN機器の記録を確認してください",
                        "The tunnel did not come up; see both routers' logs"));
    }
}
