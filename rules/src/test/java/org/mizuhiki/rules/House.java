package org.mizuhiki.rules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.mizuhiki.house.Room;

/// The house as the rules see it: its folder, its rooms, its classes and its source files.
final class House {
    static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    static final String PACKAGE = "org.mizuhiki.";
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.mizuhiki");

    private House() {}

    /// Names of all rooms: every module with a door.
    static List<String> rooms() {
        var rooms = new TreeSet<String>();
        CLASSES.forEach(c -> rooms.add(room(c.getPackageName())));
        return List.copyOf(rooms);
    }

    static String room(String packageName) {
        var rest = packageName.substring(PACKAGE.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    static Room door(String room) {
        try {
            var mark = Class.forName(PACKAGE + room + ".package-info").getAnnotation(Room.class);
            if (mark == null) {
                throw new AssertionError("the door of room " + room + " carries no @Room");
            }
            return mark;
        } catch (ClassNotFoundException e) {
            throw new AssertionError("room without a door (package-info): " + room, e);
        }
    }

    /// Every Java source file, main and test.
    static List<Path> sources() {
        return files(".java");
    }

    static List<Path> files(String ending) {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(p -> p.toString().endsWith(ending))
                    .filter(p ->
                            !p.toString().contains("/target/") && !p.toString().contains("/node_modules/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        return read(file).lines().toList();
    }
}
