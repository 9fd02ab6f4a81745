package org.mizuhiki.records;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.random.RandomGenerator;
import org.mizuhiki.house.InstitutionCode;

/// Makes referrals between people and places that do not exist, for demonstrations and tests: the same die
/// and date give the same referral. All names, codes and stories are the project's own.
public final class ReferralSample {
    private static final List<String[]> FAMILIES = List.of(
            new String[] {"水引", "ミズヒキ"},
            new String[] {"葦原", "アシハラ"},
            new String[] {"雪代", "ユキシロ"},
            new String[] {"梢", "コズエ"},
            new String[] {"渡瀬", "ワタセ"},
            new String[] {"朝凪", "アサナギ"});
    private static final List<String[]> WOMEN =
            List.of(new String[] {"いろは", "イロハ"}, new String[] {"小糸", "コイト"}, new String[] {"澄江", "スミエ"});
    private static final List<String[]> MEN =
            List.of(new String[] {"結太", "ユイタ"}, new String[] {"蓮司", "レンジ"}, new String[] {"文治", "ブンジ"});
    private static final List<Referral.Story> STORIES = List.of(
            new Referral.Story(
                    "労作時の胸部圧迫感の精査をお願いいたします。",
                    new Referral.Coded("20058911", "狭心症"),
                    LocalDate.of(2026, 9, 1),
                    "二か月前から坂道で胸が締め付けられ、休むと数分で治まる。\n安静時の症状はない。心電図に明らかな変化なし。",
                    "高血圧症（十年前から内服）",
                    "特記すべきものなし",
                    "アムロジピン錠5mg 1日1回 朝食後"),
            new Referral.Story(
                    "上腹部痛の精査と、健診で指摘された胸部の影の画像診断をお願いいたします。",
                    new Referral.Coded("20065011", "上腹部痛"),
                    LocalDate.of(2026, 8, 20),
                    "食後に上腹部の鈍い痛みが続く。健診の胸部写真で右下肺野に小さな影を指摘された。\n体重減少なし。",
                    "虫垂切除（二十歳）",
                    "そば（じんま疹）",
                    "なし"));

    /// Who refers; a demo whose signer bears another name would look like a forgery. No made-up patient bears
    /// a doctor's name: doctors' names stand in certificates, patients' nowhere.
    public static final Referral.Name REFERRING = new Referral.Name("水引", "匠", "ミズヒキ", "タクミ");

    /// To whom.
    public static final Referral.Name REFERRED_TO = new Referral.Name("雪代", "環", "ユキシロ", "タマキ");

    private ReferralSample() {}

    /// A referral from a made-up clinic to a made-up hospital.
    public static Referral at(OffsetDateTime issued, RandomGenerator die) {
        return new Referral(patient(die), clinic(), hospital(), issued, pick(STORIES, die), List.of());
    }

    public static Referral.Patient patient(RandomGenerator die) {
        boolean woman = die.nextBoolean();
        return new Referral.Patient(
                name(woman ? WOMEN : MEN, die),
                LocalDate.of(1935 + die.nextInt(70), 1 + die.nextInt(12), 1 + die.nextInt(28)),
                woman ? LetterSummary.Sex.FEMALE : LetterSummary.Sex.MALE,
                "%07d".formatted(die.nextInt(10_000_000)),
                "9999%04d:結び:%d:01".formatted(die.nextInt(10_000), 1 + die.nextInt(999)),
                "999-%04d".formatted(die.nextInt(10_000)),
                "架空県結び市水音町" + (1 + die.nextInt(9)) + "-" + (1 + die.nextInt(30)));
    }

    public static Referral.Side clinic() {
        return new Referral.Side(
                "みずひき内科クリニック",
                new InstitutionCode("1319900017"),
                "999-0001",
                "架空県結び市水音町1-1",
                "00-0000-0001",
                REFERRING);
    }

    public static Referral.Side hospital() {
        return new Referral.Side(
                "結び市立あわじ病院",
                new InstitutionCode("1319900025"),
                "999-0002",
                "架空県結び市淡路町2-2",
                "00-0000-0002",
                REFERRED_TO);
    }

    private static Referral.Name name(List<String[]> given, RandomGenerator die) {
        var family = pick(FAMILIES, die);
        var first = pick(given, die);
        return new Referral.Name(family[0], first[0], family[1], first[1]);
    }

    private static <T> T pick(List<T> list, RandomGenerator die) {
        return list.get(die.nextInt(list.size()));
    }
}
