package org.mizuhiki.records;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.LenientErrorHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.ValueSet;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.bounded.PackageArchive;

/// Loads FHIR packages (`.tgz`) from a folder that the operator names; the project ships none, since the
/// national ones may not be passed on changed (CC BY-ND), and they are repaired in memory only
/// ([ProfileRepairs]).
final class ProfilePackages {
    static final String BUNDLE = "http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_eReferral";
    private static final int MAX_PACKAGES = 20;
    private static final long MAX_PACKED = 64L << 20;
    private static final Pattern R4 = Pattern.compile("\"fhirVersions?\"\\s*:\\s*\\[[^\\]]*\"4\\.0(\\.[0-9])?\"");
    private static final Pattern CONFORMANCE =
            Pattern.compile("\"resourceType\"\\s*:\\s*\"(StructureDefinition|ValueSet|CodeSystem)\"");

    private ProfilePackages() {}

    /// Names of the packages, in order; cheap, so that a wrong folder is refused before anything is built.
    ///
    /// @throws Refusal `packages-folder` when the folder has no packages or too many
    static List<Path> list(Path folder) {
        try (var files = Files.list(folder)) {
            var found = files.filter(file -> file.getFileName().toString().endsWith(".tgz"))
                    .sorted()
                    .toList();
            if (found.isEmpty() || found.size() > MAX_PACKAGES) {
                throw folder();
            }
            return found;
        } catch (IOException e) {
            throw folder();
        }
    }

    /// @throws Refusal `package-broken`, `package-unknown` or `packages-incomplete`
    static PrePopulatedValidationSupport load(FhirContext context, List<Path> packages) {
        var support = new PrePopulatedValidationSupport(context);
        var parser = context.newJsonParser();
        // official packages hold elements that HAPI does not know; they are the operator's, not a stranger's
        parser.setParserErrorHandler(new LenientErrorHandler(false).disableAllErrors());
        for (var file : packages) {
            add(file, unpacked(file), parser, support);
        }
        ProfileRepairs.apply(support);
        if (support.fetchStructureDefinition(BUNDLE) == null) {
            throw Refusal.of(
                    "packages-incomplete",
                    "指定のフォルダに診療情報提供書のプロファイル（JP_Bundle_eReferral）がありません。jp-clins と jp-core のパッケージ（.tgz）を置いてください",
                    "The folder lacks the referral profile (JP_Bundle_eReferral); put the jp-clins and jp-core packages (.tgz) there");
        }
        return support;
    }

    private static SortedMap<String, byte[]> unpacked(Path file) {
        try (var in = Files.newInputStream(file)) {
            if (Files.size(file) > MAX_PACKED) {
                throw new IOException("larger than " + MAX_PACKED + " bytes");
            }
            return PackageArchive.read(in);
        } catch (IOException e) {
            throw broken(file, e);
        }
    }

    private static void add(
            Path file, SortedMap<String, byte[]> entries, IParser parser, PrePopulatedValidationSupport support) {
        var manifest = new String(entries.getOrDefault("package/package.json", new byte[0]), StandardCharsets.UTF_8);
        if (!R4.matcher(manifest).find()) {
            throw Refusal.of(
                    "package-unknown",
                    "「" + name(file) + "」はFHIR R4（4.0）のパッケージではありません",
                    "'" + name(file) + "' is not a FHIR R4 (4.0) package");
        }
        entries.forEach((entry, bytes) -> {
            var text = new String(bytes, StandardCharsets.UTF_8);
            if (CONFORMANCE.matcher(text).find()) {
                resource(file, text, parser, support);
            }
        });
    }

    private static void resource(Path file, String text, IParser parser, PrePopulatedValidationSupport support) {
        try {
            switch (parser.parseResource(text)) {
                case StructureDefinition structure -> support.addStructureDefinition(structure);
                case ValueSet values -> support.addValueSet(values);
                case CodeSystem codes -> support.addCodeSystem(codes);
                default -> {
                    // an example that contains a profile; not needed to validate a letter
                }
            }
        } catch (DataFormatException | IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw broken(file, e);
        }
    }

    private static String name(Path file) {
        return Texts.shortened(file.getFileName().toString(), 80);
    }

    private static Refusal folder() {
        return Refusal.of(
                "packages-folder",
                "FHIRパッケージのフォルダに読めるパッケージ（.tgz、1〜" + MAX_PACKAGES + "個）がありません",
                "The folder of FHIR packages holds no readable packages (.tgz, 1 to " + MAX_PACKAGES + ")");
    }

    private static Refusal broken(Path file, Exception cause) {
        return Refusal.of(
                "package-broken",
                "パッケージ「" + name(file) + "」が壊れているか大きすぎます。入手し直してください",
                "The package '" + name(file) + "' is damaged or too large; fetch it again",
                cause);
    }
}
