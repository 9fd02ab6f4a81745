package org.mizuhiki.records;

import java.nio.charset.Charset;
import java.util.List;

/// Exports of a hospital system that does not exist, of a patient who does not exist.
final class Exports {
    static final String PATIENT =
            "PID|0001||0001234||葦原^小糸^^^^^L^I~アシハラ^コイト^^^^^L^P||19600401|F|||" + "^^^^999-0001^JPN^H^架空県結び市水音町１−１";

    private Exports() {}

    static byte[] message(Charset charset, String said, String type, String... segments) {
        var all = new java.util.ArrayList<>(List.of("MSH|^~\\&|HIS|A|GW|B|20260501100000||" + type + "|1|P|2.5||||||"
                + said + "||ISO 2022-1994|SS-MIX2_1.20^SS-MIX2^1.2.392.200250.2.1.100.1.2.120^ISO"));
        all.addAll(List.of(segments));
        return (String.join("\r", all) + "\r").getBytes(charset);
    }

    static byte[] japanese(String type, String... segments) {
        return message(Charset.forName("ISO-2022-JP"), "~ISO IR87", type, segments);
    }

    static byte[] patient() {
        return japanese(
                "ADT^A08^ADT_A01",
                "EVN||20260501",
                PATIENT,
                "AL1|1|DA^薬剤アレルギー^HL70127|1^ペニシリン^99XYZ",
                "IN1|1|67^国民健康保険^JHSD0001|99990001|||||||結び||||||||||||||||||||||||||12");
    }

    static byte[] problems() {
        return japanese(
                "PPR^ZD1^PPR_ZD1",
                PATIENT,
                "PRB|AD|20260401|20054174^胃炎^MDCDX2|1|||20260301||||||||||胃炎|2^副^JHSD0007",
                "PRB|AD|20260401|20058911^狭心症^MDCDX2|2|||20260301|||||||||20260302|狭心症|1^主診断^JHSD0007",
                "PRB|AD|20260401|20070001^感冒^MDCDX2|3|||20250301||20250310|||||F^完全に回復^HL70241",
                "PRB|AD|20260401|20070002^腰痛症^MDCDX2|4|||20250301||20250310|||||N^回復せず^HL70241",
                "PRB|DE|20260401|20070003^取消病^MDCDX2|5|||20250301");
    }

    static byte[] prescriptions() {
        return japanese(
                "RDE^O11^RDE_O11",
                PATIENT,
                "ORC|NW|1",
                "RXE||100000001^架空錠（５ｍｇ）^HOT9|1||TAB^錠^MR9P",
                "TQ1|1||1013044400000000&内服・経口・１日３回朝昼夕食後&JAMISDP01|||14^d|2026050100",
                "ORC|NW|2",
                "RXE||100000002^水音散^HOT9|50||MG^ミリグラム^MR9P",
                "ORC|CA|3",
                "RXE||100000003^取消錠^HOT9|1||TAB^錠^MR9P",
                "TQ1|1||||||2026050100",
                "ORC|NW|4",
                "RXE||00^一般^99I02|510||ML^ミリリットル^MR9P",
                "RXC|B|620000001^架空輸液^HOT9|1|HON^本^MR9P",
                "RXC|A|620000002^結び注^HOT9|2|AMP^アンプル^MR9P");
    }

    static byte[] allergies() {
        return japanese(
                "ADT^A60^ADT_A60", PATIENT, "IAM|1|FA^食物アレルギー^HL70127|5A1002411023006^ソバ^JC10|MO^中等度^HL70128|湿疹");
    }

    static String mml() {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <mmlRe:ReferralModule xmlns:mmlRe="http://www.medxml.net/MML/v4/ContentModule/Referral/1.0"
                    xmlns:mmlPi="http://www.medxml.net/MML/v4/ContentModule/PatientInfo/1.0"
                    xmlns:mmlCm="http://www.medxml.net/MML/v4/SharedComponent/Common/1.0"
                    xmlns:mmlNm="http://www.medxml.net/MML/v4/SharedComponent/Name/1.0"
                    xmlns:mmlFc="http://www.medxml.net/MML/v4/SharedComponent/Facility/1.0"
                    xmlns:mmlAd="http://www.medxml.net/MML/v4/SharedComponent/Address/1.0"
                    xmlns:mmlPsi="http://www.medxml.net/MML/v4/SharedComponent/PersonalizedInfo/1.0">
                  <mmlPi:PatientModule>
                    <mmlPi:uniqueInfo><mmlPi:masterId><mmlCm:Id mmlCm:type="facility"> 0001234 </mmlCm:Id></mmlPi:masterId></mmlPi:uniqueInfo>
                    <mmlPi:personName>
                      <mmlNm:Name mmlNm:repCode="P"><mmlNm:family>アシハラ</mmlNm:family><mmlNm:given>コイト</mmlNm:given></mmlNm:Name>
                      <mmlNm:Name mmlNm:repCode="I"><mmlNm:family>葦原</mmlNm:family><mmlNm:given>小糸</mmlNm:given></mmlNm:Name>
                    </mmlPi:personName>
                    <mmlPi:birthday>1960-04-01</mmlPi:birthday><mmlPi:sex>female</mmlPi:sex>
                  </mmlPi:PatientModule>
                  <mmlRe:referFrom><mmlPsi:PersonalizedInfo>
                    <mmlPsi:personName><mmlNm:Name mmlNm:repCode="I"><mmlNm:family>水引</mmlNm:family><mmlNm:given>匠</mmlNm:given></mmlNm:Name></mmlPsi:personName>
                    <mmlFc:Facility><mmlFc:name mmlFc:repCode="I">みずひき内科クリニック</mmlFc:name>
                      <mmlCm:Id mmlCm:type="insurance">1319900017</mmlCm:Id></mmlFc:Facility>
                    <mmlPsi:addresses><mmlAd:Address><mmlAd:full>架空県結び市水音町1-1</mmlAd:full><mmlAd:zip>999-0001</mmlAd:zip></mmlAd:Address></mmlPsi:addresses>
                  </mmlPsi:PersonalizedInfo></mmlRe:referFrom>
                  <mmlRe:title>紹介状</mmlRe:title>
                  <mmlRe:chiefComplaints>胸部圧迫感</mmlRe:chiefComplaints>
                  <mmlRe:presentIllness>
                    二か月前から坂道で胸が締め付けられる。
                  </mmlRe:presentIllness>
                  <mmlRe:medication>架空錠 1日3回</mmlRe:medication>
                  <mmlRe:referPurpose>精査をお願いします。</mmlRe:referPurpose>
                  <mmlRe:referToFacility><mmlFc:Facility><mmlFc:name>結び市立あわじ病院</mmlFc:name>
                    <mmlCm:Id mmlCm:type="insurance">67890</mmlCm:Id></mmlFc:Facility></mmlRe:referToFacility>
                </mmlRe:ReferralModule>
                """;
    }
}
