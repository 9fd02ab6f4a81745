package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.trust.path.Fault;
import org.mizuhiki.trust.path.NoPath;

@Tag("V5")
class ReasonTest {
    @Test
    void everyReasonHasACodeOfItsOwnAndWordsInBothLanguages() throws Exception {
        var codes = new HashSet<String>();
        int reasons = 0;
        for (var kind : Reason.class.getPermittedSubclasses()) {
            for (var record : kind.getPermittedSubclasses()) {
                var made = record.getDeclaredConstructors()[0];
                var values = Arrays.stream(made.getParameterTypes())
                        .map(t -> t == int.class ? (Object) 1 : t == String.class ? "MD5" : Optional.empty())
                        .toArray();
                var reason = (Reason) made.newInstance(values);
                codes.add(reason.code());
                reasons++;
                assertTrue(reason.code().startsWith("stranger-"));
                assertTrue(reason.japanese().codePoints().anyMatch(Character::isIdeographic), reason.japanese());
                assertFalse(reason.english().codePoints().anyMatch(Character::isIdeographic), reason.english());
                assertEquals(reason.code(), reason.refusal().code());
            }
        }
        assertEquals(reasons, codes.size());
    }

    @Test
    void everyFaultOfAPathIsToldInWords() {
        for (var fault : Fault.values()) {
            for (int place = -1; place < 3; place++) {
                assertFalse(
                        FaultReasons.of(NoPath.at(place, fault, "x")).english().isBlank());
            }
        }
    }
}
