package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mizuhiki.apps.boot.FirstBootTerms;
import org.mizuhiki.house.Digest;
import org.mizuhiki.wire.Json;

/// The machine's own part of a router's configuration (YAML), as its vendor wrote it into the image: what
/// hardware there is. No document from outside may say any of it.
///
/// @param outside interfaces towards the Internet
/// @param token where the keys are made and stay
record RouterMachine(Set<String> outside, RouterConfig.Token token) {
    RouterMachine {
        outside = Set.copyOf(outside);
    }

    /// @throws org.mizuhiki.house.Refusal `config-missing`, `config-invalid`
    static RouterMachine read(Path file) {
        var read = ConfigFile.read(file, RouterMachine.class);
        return new RouterMachine(read.outside, RouterConfig.in(file.toAbsolutePath(), read.token));
    }

    /// A router's whole configuration file, for the folder in which it lies.
    ///
    /// @param tickets whether tickets were written beside it
    String configuration(FirstBootTerms terms, Digest document, boolean tickets) {
        var all = new LinkedHashMap<String, Object>();
        all.put("role", RouterConfig.ROLE);
        all.put("folder", ".");
        all.put("region", FirstBooting.REGION);
        all.put("provider", terms.provider());
        all.put("outside", new TreeSet<>(outside).stream().toList());
        terms.towards().ifPresent(t -> all.put("towards", t));
        all.put("token", written());
        if (tickets) {
            all.put("tickets", Map.of("device", FirstBooting.TICKET_DEVICE, "service", FirstBooting.TICKET_SERVICE));
        }
        if (!terms.time().isEmpty()) {
            all.put("time", terms.time());
        }
        all.put("router", terms.router());
        all.put("firstBoot", document.hex());
        // each value is JSON, which is YAML, too: no text can become another line
        return all.entrySet().stream()
                .map(e -> e.getKey() + ": " + Json.write(e.getValue()).asUtf8())
                .collect(Collectors.joining("\n", "# made by the first boot of " + terms.router() + "\n", "\n"));
    }

    private Map<String, Object> written() {
        var all = new LinkedHashMap<String, Object>();
        all.put("library", token.library().toString());
        token.device().ifPresent(d -> all.put("device", d));
        all.put("service", token.service());
        token.devicePin().ifPresent(p -> all.put("devicePin", p.toString()));
        all.put("servicePin", token.servicePin().toString());
        token.environment().ifPresent(e -> all.put("environment", e));
        token.chip().ifPresent(c -> all.put("chip", Map.of("folder", c.folder().toString(), "slot", c.slot())));
        return all;
    }
}
