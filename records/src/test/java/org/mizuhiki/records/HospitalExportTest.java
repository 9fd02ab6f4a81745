package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mizuhiki.house.Refusal;

/// What hospital systems write out, as Japan's write it.
@Tag("V11")
@Tag("F9")
class HospitalExportTest {
    private static final Set<String> REFUSALS =
            Set.of("export-malformed", "export-encoding", "export-unsupported", "export-too-large");

    private static void refused(String code, Executable what) {
        assertEquals(code, assertThrows(Refusal.class, what).code());
    }

    @Test
    void messagesOfOneStorageTogetherTellAReferral() {
        var all = Exported.together(List.of(
                HospitalExport.hl7(Exports.problems()),
                HospitalExport.hl7(Exports.patient()),
                HospitalExport.hl7(Exports.prescriptions()),
                HospitalExport.hl7(Exports.allergies())));
        var patient = all.patient().orElseThrow();
        assertEquals("葦原 小糸", patient.name().written());
        assertEquals("アシハラ コイト", patient.name().kana());
        assertEquals(LocalDate.of(1960, 4, 1), patient.birthDate());
        assertEquals(LetterSummary.Sex.FEMALE, patient.sex());
        assertEquals("0001234", patient.number());
        assertEquals("99990001:結び:12:", patient.insurance());
        assertEquals("999-0001 架空県結び市水音町１−１", patient.postalCode() + " " + patient.address());
        var words = all.words();
        assertEquals(
                List.of("狭心症", "胃炎", "腰痛症"),
                words.problems().stream().map(p -> p.code().display()).toList(),
                "the main one first, what is over or deleted not at all");
        assertEquals("20058911", words.problems().getFirst().code().code());
        assertEquals(
                Optional.of(LocalDate.of(2026, 3, 2)),
                words.problems().getFirst().onset());
        assertEquals(
                List.of("架空錠（５ｍｇ） 1回1錠 内服・経口・１日３回朝昼夕食後 14日分", "水音散 1回50ミリグラム", "一般 1回510ミリリットル＋架空輸液 1本＋結び注 2アンプル"),
                words.medication());
        assertEquals(Set.of("薬剤アレルギー: ペニシリン", "食物アレルギー: ソバ（中等度、湿疹）"), Set.copyOf(words.allergies()));
    }

    @Test
    void theSameMessageInAnyOfJapansEncodingsSaysTheSame() {
        var meant = HospitalExport.hl7(Exports.japanese("ADT^A08^ADT_A01", Exports.PATIENT));
        var shiftJis = Charset.forName("windows-31j");
        var dash = Exports.PATIENT.replace('−', '－'); // Windows' own sign
        for (var message : List.of(
                Exports.message(StandardCharsets.UTF_8, "UNICODE UTF-8", "ADT^A08^ADT_A01", Exports.PATIENT),
                Exports.message(StandardCharsets.UTF_8, "", "ADT^A08^ADT_A01", Exports.PATIENT),
                Exports.message(Charset.forName("ISO-2022-JP"), "~ISOIR87", "ADT^A08^ADT_A01", Exports.PATIENT),
                Exports.message(Charset.forName("ISO-2022-JP"), "", "ADT^A08^ADT_A01", Exports.PATIENT))) {
            assertEquals(meant, HospitalExport.hl7(message));
        }
        var sjis = HospitalExport.hl7(Exports.message(shiftJis, "", "ADT^A08^ADT_A01", dash));
        assertEquals("葦原 小糸", sjis.patient().orElseThrow().name().written());
    }

    @Test
    void separatorsInsideOfKanjiAndEscapesAreNoSeparators() {
        // the two bytes of each of these hold | or ^ in ISO-2022-JP
        var hidden = "亨枝";
        var bytes = hidden.getBytes(Charset.forName("ISO-2022-JP"));
        assertTrue(new String(bytes, StandardCharsets.ISO_8859_1).chars().anyMatch(c -> c == '|' || c == '^'));
        var said = HospitalExport.hl7(Exports.japanese(
                "ADT^A60^ADT_A60", Exports.PATIENT, "IAM|1|FA^食物^HL70127|1^" + hidden + "\\T\\そば\\F\\麦\\S\\^JC10"));
        assertEquals(List.of("食物: " + hidden + "&そば|麦^"), said.words().allergies());
    }

    @Test
    void whatIsNotAMessageOfThisKindIsRefused() {
        refused("export-malformed", () -> HospitalExport.hl7());
        refused("export-malformed", () -> HospitalExport.hl7("MSH".getBytes(StandardCharsets.US_ASCII)));
        refused("export-malformed", () -> HospitalExport.hl7(Exports.japanese("ADT^A08^ADT_A01")));
        refused(
                "export-malformed",
                () -> HospitalExport.hl7(Exports.japanese("ADT^A08", Exports.PATIENT.replace("19600401", "19601301"))));
        refused("export-unsupported", () -> HospitalExport.hl7(Exports.japanese("ORU^R01", Exports.PATIENT)));
        refused(
                "export-encoding",
                () -> HospitalExport.hl7(Exports.message(
                        Charset.forName("windows-31j"),
                        "UNICODE UTF-8",
                        "ADT^A08",
                        Exports.PATIENT.replace('−', '-'))));
        refused("export-too-large", () -> HospitalExport.hl7(new byte[HospitalExport.MAX_BYTES + 1]));
        refused(
                "export-malformed",
                () -> HospitalExport.hl7(Exports.japanese("ADT^A08", Exports.PATIENT, "ZZZ|" + "x".repeat(70_000))));
    }

    @Test
    void filesOfTwoPatientsAreNeverOneLetter() {
        var one = HospitalExport.hl7(Exports.problems());
        for (var other : List.of(
                Exports.PATIENT.replace("0001234", "0001235"),
                Exports.PATIENT.replace("19600401", "19600402"),
                Exports.PATIENT.replace("小糸", "小絲"),
                Exports.PATIENT.replace("|F|", "|M|"))) {
            var second = HospitalExport.hl7(Exports.japanese("ADT^A60", other));
            refused("export-patients-differ", () -> Exported.together(List.of(one, second)));
        }
    }

    @Test
    void anMmlReferralTellsWhatItHasAndNoMore() {
        var said = HospitalExport.mml(Exports.mml().getBytes(StandardCharsets.UTF_8));
        assertEquals("葦原 小糸", said.patient().orElseThrow().name().written());
        assertEquals("アシハラ コイト", said.patient().orElseThrow().name().kana());
        assertEquals("0001234", said.patient().orElseThrow().number());
        assertEquals("1319900017", said.from().orElseThrow().code().value());
        assertEquals("水引 匠", said.from().orElseThrow().doctor().written());
        assertEquals(Optional.empty(), said.to(), "five digits name no institution here");
        assertEquals(Optional.of("精査をお願いします。"), said.words().purpose());
        assertEquals(Optional.of("主訴: 胸部圧迫感\n二か月前から坂道で胸が締め付けられる。"), said.words().presentIllness());
        assertEquals(List.of("架空錠 1日3回"), said.words().medication());
        var old = Exports.mml().replace("UTF-8", "Shift_JIS").replace("/v4/", "/");
        assertEquals(said, HospitalExport.mml(old.getBytes(Charset.forName("windows-31j"))), "MML 3 in Shift_JIS");
    }

    @Test
    void nothingIsFetchedOrExpandedByAnMmlFile(@org.junit.jupiter.api.io.TempDir Path folder) throws Exception {
        var secret = Files.writeString(folder.resolve("secret"), "key");
        for (var type : List.of(
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>",
                "<!DOCTYPE x SYSTEM \"" + secret.toUri() + "\">",
                "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>")) {
            var with = Exports.mml().replace("?>\n", "?>\n" + type).replace("胸部圧迫感", "&e;");
            refused("export-malformed", () -> HospitalExport.mml(with.getBytes(StandardCharsets.UTF_8)));
        }
        var included = Exports.mml()
                .replace(
                        "胸部圧迫感",
                        "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" parse=\"text\" href=\""
                                + secret.toUri() + "\"/>");
        var read = HospitalExport.mml(included.getBytes(StandardCharsets.UTF_8));
        assertTrue(!read.toString().contains("key"));
        var deep = "<a>".repeat(5000) + "</a>".repeat(5000);
        refused("export-malformed", () -> HospitalExport.mml(deep.getBytes(StandardCharsets.UTF_8)));
        refused("export-unsupported", () -> HospitalExport.mml("<a/>".getBytes(StandardCharsets.UTF_8)));
    }

    @FuzzTest(maxDuration = "1m")
    void theHl7ReaderReadsOrRefuses(byte[] message) {
        readsOrRefuses(() -> HospitalExport.hl7(message));
    }

    @FuzzTest(maxDuration = "1m")
    void theMmlReaderReadsOrRefuses(byte[] document) {
        readsOrRefuses(() -> HospitalExport.mml(document));
    }

    private static void readsOrRefuses(Runnable reading) {
        try {
            reading.run();
        } catch (Refusal refusal) {
            assertTrue(REFUSALS.contains(refusal.code()), refusal.code());
        }
    }

    /// Bent anywhere, a message is read or refused; nothing else happens.
    @Test
    void aBentMessageIsReadOrRefused() {
        for (var whole : List.of(Exports.patient(), Exports.problems(), Exports.prescriptions())) {
            for (int i = 0; i < whole.length * 8; i += 3) {
                var bent = whole.clone();
                bent[i / 8] ^= (byte) (1 << (i % 8));
                readsOrRefuses(() -> HospitalExport.hl7(bent));
            }
        }
    }

    /// Others' samples, where somebody has put them beside the project.
    @Test
    void samplesOfOthersAreRead() throws Exception {
        var storage = SharedData.find("ssmix2/sampleData");
        var read = new TreeMap<String, Integer>();
        try (var files = Files.walk(storage)) {
            for (var file : files.filter(
                            f -> Files.isRegularFile(f) && f.toFile().length() > 2)
                    .toList()) {
                try {
                    var patient = HospitalExport.hl7(Files.readAllBytes(file)).patient();
                    assertTrue(!patient.orElseThrow().name().family().isEmpty());
                    read.merge("read", 1, Integer::sum);
                } catch (Refusal refusal) {
                    read.merge(refusal.code(), 1, Integer::sum);
                }
            }
        }
        assertEquals(Set.of("read", "export-unsupported"), read.keySet(), read.toString());
        assertTrue(read.getOrDefault("read", 0) >= 4, read.toString());
        var mml = HospitalExport.mml(Files.readAllBytes(SharedData.find("mml4/sample/mmlre_sample.xml")));
        assertTrue(mml.words().purpose().isPresent());
        assertTrue(mml.patient().isPresent());
    }
}
