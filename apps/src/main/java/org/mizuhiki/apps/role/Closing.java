package org.mizuhiki.apps.role;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes what belongs together in the given order: first nobody can come in, then what served them goes.
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    static RunningRole together(URI uri, List<AutoCloseable> all) {
        return new RunningRole() {
            @Override
            public URI uri() {
                return uri;
            }

            @Override
            public void close() {
                Closing.all(all);
            }
        };
    }

    /// What was opened before is closed if the rest does not come up: an embedded database would stay
    /// behind.
    static <T> T unless(AutoCloseable opened, Supplier<T> rest) {
        try {
            return rest.get();
        } catch (RuntimeException e) {
            all(List.of(opened));
            throw e;
        }
    }

    /// One that fails to close must not keep the others open.
    static void all(List<? extends AutoCloseable> all) {
        for (var one : all) {
            try {
                one.close();
            } catch (Exception e) {
                LOG.warn("closing {}: {}", one.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
