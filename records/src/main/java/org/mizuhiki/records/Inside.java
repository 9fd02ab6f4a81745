package org.mizuhiki.records;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/// Resolves references inside one bundle by FHIR R4, 3.1.6.1.1 (fullUrl, or type and id); never outside.
final class Inside {
    private final Map<String, Resource> byUrl = new HashMap<>();

    Inside(Bundle bundle) {
        for (var entry : bundle.getEntry()) {
            var resource = entry.getResource();
            if (resource != null) {
                if (entry.hasFullUrl()) {
                    byUrl.putIfAbsent(entry.getFullUrl(), resource);
                }
                var id = resource.getIdElement().getIdPart();
                if (id != null) {
                    byUrl.putIfAbsent(resource.fhirType() + "/" + id, resource);
                }
            }
        }
    }

    Optional<Resource> find(Reference reference) {
        return Optional.ofNullable(reference.getReference()).map(byUrl::get);
    }

    <T extends Resource> Optional<T> find(Reference reference, Class<T> type) {
        return find(reference).filter(type::isInstance).map(type::cast);
    }
}
