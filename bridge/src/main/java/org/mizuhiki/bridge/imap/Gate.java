package org.mizuhiki.bridge.imap;

import java.util.Optional;
import org.mizuhiki.house.Secret;

/// Who may come in, and whether they still may.
public interface Gate {
    /// Takes its time after wrong ones.
    ///
    /// @return a name for the pass that was shown
    Optional<String> enter(String name, Secret token);

    boolean stands(String pass);
}
