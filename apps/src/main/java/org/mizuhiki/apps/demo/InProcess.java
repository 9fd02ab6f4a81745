package org.mizuhiki.apps.demo;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.mizuhiki.apps.role.RoleConfig;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.apps.role.RunningRole;

/// All servers in this process, through the same wiring: for tests and the rehearsal that warms the
/// start-up cache.
final class InProcess implements Launcher {
    private final Clock clock;
    private final SecureRandom die;
    private final Deque<RunningRole> running = new ArrayDeque<>();

    InProcess(Clock clock, SecureRandom die) {
        this.clock = clock;
        this.die = die;
    }

    @Override
    public void launch(String name, String role, Path config) {
        running.push(Roles.start(RoleConfig.read(config), clock, die));
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }
}
