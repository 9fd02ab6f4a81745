package org.mizuhiki.records;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ValidationOptions;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Holds letters to the national profiles in full. Building it costs several CPU seconds and about 320 MB
/// of heap, so it is built at the first check (or [#warm]) and kept warm; [#close] lets go of it. Offline:
/// profiles and codes come from the packages only. Safe for use by many threads.
public final class ProfileValidator implements LetterForm, AutoCloseable {
    private final List<Path> packages;
    private final DocumentRules rules = new DocumentRules();
    private @Nullable FhirValidator built;
    private boolean closed;

    private ProfileValidator(List<Path> packages) {
        this.packages = packages;
    }

    /// @param folder where the operator put the packages jp-clins and jp-core (`.tgz`)
    /// @throws Refusal `packages-folder` when there are none
    public static ProfileValidator over(Path folder) {
        return new ProfileValidator(ProfilePackages.list(folder));
    }

    /// Loads the packages and checks a made-up letter now, so that the first real one does not wait.
    ///
    /// @throws Refusal `package-broken`, `package-unknown` or `packages-incomplete`
    public ProfileValidator warm() {
        validator();
        // HAPI expands profiles and code tables at their first use: several times the cost of a later check
        var die = new SplittableRandom(1);
        check(ReferralWriter.write(
                ReferralSample.at(OffsetDateTime.of(2026, 1, 5, 9, 0, 0, 0, ZoneOffset.UTC), die), die));
        return this;
    }

    /// @throws Refusal as [#warm]: that is about the packages, never about the letter
    @Override
    public LetterCheck check(Bytes json) {
        return switch (rules.check(json)) {
            case LetterCheck.Rejected rejected -> rejected;
            case LetterCheck.Accepted(var summary, var warnings) -> profiled(json, summary, warnings);
        };
    }

    private LetterCheck profiled(Bytes json, LetterSummary summary, List<Finding> warnings) {
        var options = new ValidationOptions().addProfile(ProfilePackages.BUNDLE);
        var findings = new ArrayList<>(warnings);
        try {
            var result = validator().validateWithResult(json.asUtf8(), options);
            findings.addAll(ProfileMessages.explained(result.getMessages()));
        } catch (Refusal refusal) {
            throw refusal;
        } catch (RuntimeException e) {
            // fail closed: a letter at which the validator breaks is not a letter that was validated
            findings.add(ProfileMessages.broken(e));
        }
        var list = new FindingList();
        findings.forEach(list::add);
        return list.hasErrors()
                ? new LetterCheck.Rejected(list.sorted())
                : new LetterCheck.Accepted(summary, list.sorted());
    }

    private synchronized FhirValidator validator() {
        if (closed) {
            throw new IllegalStateException("this validator was closed");
        }
        var ready = built;
        if (ready == null) {
            ready = build();
            built = ready;
        }
        return ready;
    }

    private FhirValidator build() {
        var context = FhirReading.context();
        var national = ProfilePackages.load(context, packages);
        var chain = new ValidationSupportChain(
                national,
                new DefaultProfileValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context),
                unknownCodes(context));
        var instance = new FhirInstanceValidator(chain);
        instance.setAnyExtensionsAllowed(true);
        instance.setErrorForUnknownProfiles(true);
        return context.newValidator().registerValidatorModule(instance);
    }

    /// Drug and disease masters are not in the packages: their codes cannot be judged here, which is a
    /// warning.
    @SuppressWarnings("deprecation") // HAPI 8.8.1 names no successor with a settable severity
    private static IValidationSupport unknownCodes(FhirContext context) {
        var support = new UnknownCodeSystemWarningValidationSupport(context);
        support.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
        return support;
    }

    @Override
    public synchronized void close() {
        closed = true;
        built = null;
    }
}
