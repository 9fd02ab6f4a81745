package org.mizuhiki.vpn;

import java.util.List;

/// What was said about remote maintenance, signatures checked: of each subject the latest.
///
/// @param agreements of both sides
/// @param works of the maintainer's technicians
public record MaintenancePapers(List<MaintenanceAgreement> agreements, List<MaintenanceWork> works) {
    public static final MaintenancePapers NONE = new MaintenancePapers(List.of(), List.of());

    public MaintenancePapers {
        agreements = List.copyOf(agreements);
        works = List.copyOf(works);
    }
}
