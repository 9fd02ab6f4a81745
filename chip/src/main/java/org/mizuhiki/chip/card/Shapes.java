package org.mizuhiki.chip.card;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which fields of a class an image holds, in which order: all of the object's but those that Java calls
/// `transient`, which in the API's classes are engines and caches.
final class Shapes {
    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return collect(type);
        }
    };

    private Shapes() {}

    static List<Field> fields(Class<?> type) {
        return FIELDS.get(type);
    }

    private static List<Field> collect(Class<?> type) {
        var chain = new ArrayList<Class<?>>();
        for (@Nullable Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            chain.add(c);
        }
        Collections.reverse(chain);
        var fields = new ArrayList<Field>();
        for (var c : chain) {
            Arrays.stream(c.getDeclaredFields())
                    .filter(f -> !Modifier.isStatic(f.getModifiers()) && !Modifier.isTransient(f.getModifiers()))
                    .sorted(Comparator.comparing(Field::getName))
                    .forEach(fields::add);
        }
        fields.forEach(f -> f.setAccessible(true));
        return List.copyOf(fields);
    }

    /// Says whether an image fits the applets that are to live on: names and types of all fields.
    static String of(Class<?> type) {
        var text = new StringBuilder();
        for (var field : fields(type)) {
            text.append(field.getName())
                    .append(':')
                    .append(field.getType().getName())
                    .append(';');
        }
        return text.toString();
    }

    /// Whether objects of this class live on a card.
    static boolean lives(Class<?> type) {
        return type.getClassLoader() instanceof LoadFile.Loader
                || type.getName().startsWith("javacard.")
                || type.getName().startsWith("javacardx.");
    }
}
