package org.mizuhiki.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.TreeMap;
import org.mizuhiki.house.Digest;

/// The migration scripts of one class path folder, by name; knows only files and jars, which is what we
/// ship.
final class Scripts {
    private final TreeMap<String, Digest> found = new TreeMap<>();

    private Scripts() {}

    /// One digest over names and contents of all scripts.
    static Digest digest(ClassLoader loader, String location) {
        var scripts = new Scripts();
        try {
            for (var url : Collections.list(loader.getResources(location))) {
                if (url.getProtocol().equals("jar")) {
                    scripts.ofJar(url);
                } else {
                    scripts.ofFolder(Path.of(URI.create(url.toString())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Digest.of(scripts.found.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void ofFolder(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                add(file.getFileName().toString(), Files.newInputStream(file));
            }
        }
    }

    private void ofJar(URL url) throws IOException {
        var connection = (JarURLConnection) url.openConnection();
        var prefix = connection.getEntryName() + "/";
        var jar = connection.getJarFile();
        for (var entry : Collections.list(jar.entries())) {
            if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                add(entry.getName().substring(prefix.length()), jar.getInputStream(entry));
            }
        }
    }

    private void add(String name, InputStream content) throws IOException {
        try (content) {
            found.put(name, Digest.of(content.readAllBytes()));
        }
    }
}
