package org.mizuhiki.trust;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.trust.issue.Profile;

/// A region's certification authorities, said once: keys on disk, lists, status answers, routes and the
/// choice of a member's issuer all follow from here.
public enum CaName {
    ROOT(Profile.ROOT),
    PERSON(Profile.PERSON_CA),
    INSTITUTION(Profile.INSTITUTION_CA),
    SERVER(Profile.SERVER_CA),
    DEVICE(Profile.DEVICE_CA),
    SERVICE(Profile.SERVICE_CA);

    private static final List<CaName> ISSUING =
            Stream.of(values()).filter(c -> c != ROOT).toList();

    private final Profile profile;

    CaName(Profile profile) {
        this.profile = profile;
    }

    /// The CAs below the root, in the order in which they are made.
    public static List<CaName> issuing() {
        return ISSUING;
    }

    /// Who certifies such a member.
    public static CaName of(Member member) {
        return switch (member) {
            case Member.Patient _, Member.Professional _ -> PERSON;
            case Member.Institution _ -> INSTITUTION;
            case Member.Server _ -> SERVER;
            case Member.Device _ -> DEVICE;
            case Member.Service _ -> SERVICE;
        };
    }

    /// As it stands in URLs, files and rows: `person`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Name of the key and certificate that sign its OCSP answers.
    String status() {
        return text() + "-status";
    }

    static Optional<CaName> find(String text) {
        return Stream.of(values()).filter(c -> c.text().equals(text)).findFirst();
    }

    Profile profile() {
        return profile;
    }
}
