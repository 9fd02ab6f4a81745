package org.mizuhiki.centre;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.mizuhiki.seal.Author;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// Two institutions in a region with a centre; each test has two new routers whose policies say yes.
@SuppressWarnings("NullAway.Init")
abstract class TwoSites {
    static World world;
    static Author provider;
    static Author a;
    static Author b;
    private static int serials;

    Box boxA;
    Box boxB;

    @BeforeAll
    static void found() throws IOException {
        world = new World();
        provider = world.institution(World.PROVIDER);
        a = world.institution(World.A);
        b = world.institution(World.B);
        world.declare(world.uniform(), provider);
    }

    @AfterAll
    static void end() throws IOException {
        world.close();
    }

    @BeforeEach
    void twoNewRouters() {
        boxA = box(true);
        boxB = box(false);
        world.declare(world.policy(boxA.service, "10.1.0.0/24", Answer.AUTOMATIC, List.of()), a);
        world.declare(world.policy(boxB.service, "10.2.0.0/24", Answer.AUTOMATIC, List.of()), b);
    }

    static Box box(boolean ofA) {
        var box = new Box(world, World.service(ofA ? World.A : World.B, "S" + serials++));
        world.declare(world.membership(box.service), provider);
        return box;
    }
}
