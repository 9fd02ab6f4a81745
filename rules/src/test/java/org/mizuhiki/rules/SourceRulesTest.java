package org.mizuhiki.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceRulesTest {
    @Test
    void noFileGrowsPastFourHundredLines() {
        var big = House.sources().stream()
                .filter(p -> House.lines(p).size() > 400)
                .map(p -> House.ROOT.relativize(p).toString())
                .toList();
        assertEquals(List.of(), big);
    }

    /// A method that does not fit a screen hides its steps.
    @Test
    void noMethodGrowsPastSixtyLines() throws IOException {
        var javac = ToolProvider.getSystemJavaCompiler();
        try (var files = javac.getStandardFileManager(null, Locale.ROOT, null)) {
            var task = (JavacTask) javac.getTask(
                    null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(House.sources()));
            var positions = com.sun.source.util.Trees.instance(task).getSourcePositions();
            var big = new ArrayList<String>();
            for (var unit : task.parse()) {
                new TreeScanner<@Nullable Void, @Nullable Void>() {
                    @Override
                    public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
                        var map = unit.getLineMap();
                        long lines = map.getLineNumber(positions.getEndPosition(unit, method))
                                - map.getLineNumber(positions.getStartPosition(unit, method));
                        if (lines > 60) {
                            big.add(Path.of(unit.getSourceFile().toUri()).getFileName() + " " + method.getName());
                        }
                        return super.visitMethod(method, null);
                    }
                }.scan(unit, null);
            }
            assertEquals(List.of(), big);
        }
    }

    /// House: words everybody uses. More than ten files would be a cellar.
    @Test
    void theHouseStaysSmall() {
        long files = House.sources().stream()
                .filter(p -> p.toString().contains("/house/src/main/") && !p.endsWith("package-info.java"))
                .count();
        assertEquals(true, files <= 10, files + " files");
    }

    /// A database takes each number once, and two branches easily take the same.
    @Test
    void noTwoMigrationsOfADatabaseHaveOneNumber() {
        var numbered = Pattern.compile(".*/main/resources/(db/[a-z]+/V[0-9]+)__.*\\.sql");
        var seen = new TreeSet<String>();
        var twice = House.files(".sql").stream()
                .map(p -> numbered.matcher(p.toString()))
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .filter(number -> !seen.add(number))
                .toList();
        assertEquals(List.of(), twice);
        assertEquals(true, seen.contains("db/trust/V1"));
    }

    /// A wish in the code is neither done nor filed.
    @Test
    void nothingIsLeftToDoInComments() {
        var marks = Pattern.compile("//.*\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
        var found = House.sources().stream()
                .filter(p -> marks.matcher(House.read(p)).find())
                .map(p -> House.ROOT.relativize(p).toString())
                .toList();
        assertEquals(List.of(), found);
    }

    /// Versions that stand in two places differ one day.
    @Test
    void versionsStandInTheRootPomOnly() {
        var found = new TreeSet<String>();
        for (var pom : House.files("pom.xml")) {
            if (pom.equals(House.ROOT.resolve("pom.xml"))) {
                continue;
            }
            var text = House.read(pom).replaceAll("(?s)<parent>.*?</parent>", "");
            if (text.contains("<version>")) {
                found.add(House.ROOT.relativize(pom).toString());
            }
        }
        assertEquals(Set.of(), found);
    }
}
