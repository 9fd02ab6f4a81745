package org.mizuhiki.database.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The user PostgreSQL runs as: it refuses root, rightly. As root that is `nobody` through setpriv;
/// otherwise ourselves.
final class Unprivileged {
    private static final Logger LOG = LoggerFactory.getLogger(Unprivileged.class);
    private static final int NOBODY = 65534;
    private final List<String> prefix;
    private final boolean root;

    /// @param reaches folders that the user must be able to reach
    Unprivileged(Path... reaches) throws IOException {
        this.root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        this.prefix = root ? setpriv(reaches) : List.of();
    }

    private static List<String> setpriv(Path... reaches) throws IOException {
        var words = new ArrayList<>(
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs"));
        for (var path : reaches) {
            if (closed(path)) {
                // such as a clone under /root: the folder stays closed to others, this one process may pass through
                LOG.warn("{} lies in a folder closed to others; PostgreSQL gets CAP_DAC_READ_SEARCH to reach it", path);
                words.addAll(List.of(
                        "--securebits=+no_setuid_fixup", // or access(2), which initdb asks, forgets the capability
                        "--inh-caps=-all,+dac_read_search",
                        "--ambient-caps=+dac_read_search",
                        "--bounding-set=-all,+dac_read_search"));
                break;
            }
        }
        return words;
    }

    private static boolean closed(Path path) throws IOException {
        for (var p = path.toRealPath(); p != null; p = p.getParent()) {
            if (!Files.getPosixFilePermissions(p).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return true;
            }
        }
        return false;
    }

    List<String> command(List<String> words) {
        var all = new ArrayList<>(prefix);
        all.addAll(words);
        return all;
    }

    /// Hands a file or folder to the unprivileged user.
    void own(Path path) throws IOException {
        if (root) {
            Files.setAttribute(path, "unix:uid", NOBODY);
            Files.setAttribute(path, "unix:gid", NOBODY);
        }
    }
}
