package org.mizuhiki.records;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.Exported.Words;
import org.mizuhiki.records.LetterSummary.Sex;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/// The referral module of MML 3 and 4: elements are known by their local names within MML's name spaces,
/// which differ between versions in their prefix only.
final class MmlReferral {
    private static final String SPACES = "http://www.medxml.net/MML/";
    private static final int DEEPEST = 60;

    private MmlReferral() {}

    /// @throws Refusal `export-malformed`, `export-unsupported`
    static Exported read(byte... document) {
        var root = parse(document).getDocumentElement();
        var module = find(root, "ReferralModule")
                .orElseThrow(() -> Refusal.of(
                        "export-unsupported",
                        "MMLに紹介状モジュール（mmlRe:ReferralModule）がありません",
                        "The MML document has no referral module (mmlRe:ReferralModule)"));
        var words = new Words(
                text(module, "referPurpose"),
                List.of(),
                told(module),
                text(module, "pastHistory"),
                List.of(),
                text(module, "medication").stream().toList());
        return new Exported(
                child(module, "PatientModule").map(MmlReferral::patient),
                child(module, "referFrom").flatMap(MmlReferral::side),
                to(module),
                words);
    }

    /// Complaint and course; what the doctor wrote of the findings follows.
    private static Optional<String> told(Element module) {
        var lines = Stream.of(
                        line("主訴: ", text(module, "chiefComplaints")),
                        line("診断: ", text(module, "clinicalDiagnosis")),
                        line("", text(module, "presentIllness")),
                        line("理学的所見: ", text(module, "physicalExam")),
                        line("経過・治療: ", text(module, "clinicalCourse")),
                        line("検査結果: ", text(module, "testResults")),
                        line("家族歴: ", text(module, "familyHistory")))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n"));
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
    }

    private static Optional<String> line(String title, Optional<String> text) {
        return text.map(t -> title + t);
    }

    private static Referral.Patient patient(Element module) {
        var birthday = text(module, "birthday").orElse("");
        try {
            return new Referral.Patient(
                    name(module),
                    LocalDate.parse(birthday),
                    switch (text(module, "sex").orElse("")) {
                        case "male" -> Sex.MALE;
                        case "female" -> Sex.FEMALE;
                        case "other" -> Sex.OTHER;
                        default -> Sex.UNKNOWN;
                    },
                    child(module, "masterId").flatMap(id -> text(id, "Id")).orElse(""),
                    "",
                    text(module, "zip").orElse(""),
                    text(module, "full").orElse(""));
        } catch (DateTimeException e) {
            throw malformed();
        }
    }

    /// By `repCode`: `I` ideographs, `P` kana, `A` letters, which stand for the ideographs where there are none.
    private static Referral.Name name(Element who) {
        var names = all(who, "Name");
        var written = names.stream()
                .filter(n -> !code(n).equals("P"))
                .min((a, b) -> Boolean.compare(!code(a).equals("I"), !code(b).equals("I")));
        var kana = names.stream().filter(n -> code(n).equals("P")).findFirst();
        return new Referral.Name(
                written.flatMap(n -> text(n, "family")).orElse(""),
                written.flatMap(n -> text(n, "given")).orElse(""),
                kana.flatMap(n -> text(n, "family")).orElse(""),
                kana.flatMap(n -> text(n, "given")).orElse(""));
    }

    private static String code(Element name) {
        var attributes = name.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            if (attributes.item(i).getNodeName().endsWith("repCode")) {
                return attributes.item(i).getNodeValue();
            }
        }
        return "";
    }

    private static Optional<Referral.Side> to(Element module) {
        var person = child(module, "referToPerson");
        return person.isPresent()
                ? person.flatMap(MmlReferral::side)
                : child(module, "referToFacility").flatMap(MmlReferral::side);
    }

    /// Nothing without the institution's ten digits: who writes `letter.json` has to name it then.
    private static Optional<Referral.Side> side(Element of) {
        var facility = child(of, "Facility");
        var code = facility.flatMap(f -> text(f, "Id")).flatMap(MmlReferral::institution);
        var phone = child(of, "Phone")
                .map(p -> Stream.of("area", "city", "number")
                        .flatMap(part -> text(p, part).stream())
                        .collect(Collectors.joining("-")))
                .orElse("");
        return code.map(c -> new Referral.Side(
                facility.flatMap(f -> text(f, "name")).orElse(""),
                c,
                text(of, "zip").orElse(""),
                text(of, "full").orElse(""),
                phone,
                name(of)));
    }

    private static Optional<InstitutionCode> institution(String text) {
        try {
            return Optional.of(new InstitutionCode(text));
        } catch (Refusal e) {
            return Optional.empty();
        }
    }

    private static Optional<Element> child(Element of, String name) {
        return all(of, name).stream().findFirst();
    }

    /// Words of the first element of this name, its lines stripped; nothing for none or empty.
    private static Optional<String> text(Element of, String name) {
        return child(of, name)
                .map(e -> e.getTextContent()
                        .lines()
                        .map(String::strip)
                        .filter(l -> !l.isEmpty())
                        .collect(Collectors.joining("\n")))
                .filter(t -> !t.isEmpty());
    }

    private static Optional<Element> find(Element root, String name) {
        return is(root, name) ? Optional.of(root) : child(root, name);
    }

    /// All below, in the document's order.
    private static List<Element> all(Element of, String name) {
        var found = new ArrayList<Element>();
        var nodes = of.getElementsByTagNameNS("*", name);
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element e && is(e, name)) {
                found.add(e);
            }
        }
        return found;
    }

    private static boolean is(Element e, String name) {
        var space = e.getNamespaceURI();
        return name.equals(e.getLocalName()) && space != null && space.startsWith(SPACES);
    }

    /// No document type, so no entities: nothing is fetched, nothing grows.
    private static Document parse(byte... document) {
        try {
            var factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setAttribute("jdk.xml.maxElementDepth", Integer.toString(DEEPEST));
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Silent());
            return builder.parse(new ByteArrayInputStream(document));
        } catch (SAXException | IOException | RuntimeException e) {
            throw malformed();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's own parser has these features", e);
        }
    }

    /// The default one prints what it found to standard error.
    private static final class Silent implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }

    /// Without a cause: its message may quote the document.
    private static Refusal malformed() {
        return Refusal.of(
                "export-malformed",
                "MMLファイルを読めません。MMLのXMLをそのまま（DOCTYPEなしで）入れてください",
                "The MML file cannot be read; put the XML as it is, without a DOCTYPE");
    }
}
