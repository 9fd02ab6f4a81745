package org.mizuhiki.vpn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.Json;

/// What this room brings along in `models/`.
final class Resources {
    private Resources() {}

    static <T> T one(String name, Class<T> type) {
        return Json.read(bytes(name), type);
    }

    static <T> List<T> list(String name, Class<T> type) {
        return Json.readList(bytes(name), type);
    }

    private static Bytes bytes(String name) {
        try (var in = Resources.class.getResourceAsStream("models/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " was left out of the build");
            }
            return Bytes.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
