package org.mizuhiki.trust;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
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

    private static final Pattern GENERATION = Pattern.compile("([a-z]+)(?:-([2-9]|[1-9][0-9]))?");

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

    /// Which CA bears this name: `person`, or `person-2` with its second key.
    static Optional<CaName> bearing(String name) {
        var matcher = GENERATION.matcher(name);
        return matcher.matches()
                ? find(matcher.group(1)).filter(ca -> ca != ROOT || matcher.group(2) == null)
                : Optional.empty();
    }

    /// Its name with its first, second, third key.
    String generation(int number) {
        return number == 1 ? text() : text() + "-" + number;
    }

    /// Which key of its CA a name means.
    static int number(String name) {
        int at = name.indexOf('-');
        return at < 0 ? 1 : Integer.parseInt(name.substring(at + 1));
    }

    static Optional<CaName> find(String text) {
        return Stream.of(values()).filter(c -> c.text().equals(text)).findFirst();
    }

    Profile profile() {
        return profile;
    }
}
