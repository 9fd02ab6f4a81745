package org.mizuhiki.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Finds the routes of a path. Works on the path as it was sent, so that no decoding can move a request to
/// another route: a path with `..`, an empty segment, a `;` or an encoded slash is simply unknown. Only behind
/// the literal beginning of a template that ends with `{name**}` everything is one text of the caller's, as
/// sent and decoded once, in which slashes mean nothing (RFC 6960, A.1: base64 in a path).
final class PathTable {
    private static final Pattern RAW_SEGMENT =
            Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2}){1,512}");
    private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)(\\*{0,2})}");
    /// Possessive, or the JDK would recurse for every character.
    private static final Pattern RAW_TEXT = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,=:@/-]++|%[0-9A-Fa-f]{2})++");

    private static final int LONGEST_TEXT = 2048;
    private static final int MAX_SEGMENTS = 32;

    /// The routes that share a path, by method, and the decoded parts of this request's path.
    record Match(Map<String, Route> byMethod, Map<String, String> parts) {}

    /// One step of the tree; parameter names belong to the route, as two methods may name them differently.
    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<String, Route> routes = new TreeMap<>();
        final Map<String, Route> rest = new TreeMap<>();
        Optional<Node> any = Optional.empty();
    }

    private final Node root = new Node();
    private final Map<String, Map<String, Route>> texts = new TreeMap<>();

    /// @throws IllegalArgumentException when two routes cannot be told apart or a template is malformed
    PathTable(List<Route> routes) {
        routes.forEach(this::add);
    }

    private void add(Route route) {
        var node = root;
        for (var step : steps(route.path())) {
            var parameter = PARAMETER.matcher(step);
            if (!parameter.matches()) {
                require(LITERAL.matcher(step).matches(), "a malformed path", route);
                node = node.literals.computeIfAbsent(step, s -> new Node());
            } else if (parameter.group(2).isEmpty()) {
                if (node.any.isEmpty()) {
                    node.any = Optional.of(new Node());
                }
                node = node.any.get();
            } else if (parameter.group(2).length() == 2) {
                require(route.path().endsWith(step), "something after {" + parameter.group(1) + "**}", route);
                var beginning = route.path().substring(0, route.path().length() - step.length());
                require(beginning.indexOf('{') < 0, "two parameters", route);
                var routes = texts.computeIfAbsent(beginning, b -> new TreeMap<>());
                require(routes.put(route.method(), route) == null, "a twin", route);
                return;
            } else {
                require(route.path().endsWith(step), "something after {" + parameter.group(1) + "*}", route);
                require(node.rest.put(route.method(), route) == null, "a twin", route);
                return;
            }
        }
        require(node.routes.put(route.method(), route) == null, "a twin", route);
    }

    private static void require(boolean holds, String what, Route route) {
        if (!holds) {
            throw new IllegalArgumentException(route.method() + " " + route.path() + " has " + what);
        }
    }

    private static List<String> steps(String template) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("a path starts with a slash: " + template);
        }
        return template.equals("/") ? List.of() : List.of(template.substring(1).split("/", -1));
    }

    /// Literal steps win over parameters, parameters over `{rest*}`.
    Optional<Match> find(String rawPath) {
        for (var text : texts.entrySet()) {
            if (rawPath.startsWith(text.getKey())) {
                return text(text.getValue(), rawPath.substring(text.getKey().length()));
            }
        }
        return decoded(rawPath).flatMap(steps -> walk(root, steps, 0));
    }

    private static Optional<Match> text(Map<String, Route> routes, String raw) {
        boolean fit = raw.length() <= LONGEST_TEXT && RAW_TEXT.matcher(raw).matches();
        var decoded = fit ? decode(raw) : Optional.<String>empty();
        return decoded.filter(t -> t.chars().noneMatch(Character::isISOControl)).map(t -> {
            var parts = new LinkedHashMap<String, String>();
            routes.values().forEach(route -> parameters(route).forEach(name -> parts.put(name, t)));
            return new Match(routes, parts);
        });
    }

    private static Optional<Match> walk(Node node, List<String> steps, int at) {
        if (at == steps.size()) {
            return node.routes.isEmpty() ? Optional.empty() : Optional.of(match(node.routes, steps));
        }
        var literal = node.literals.get(steps.get(at));
        if (literal != null) {
            var found = walk(literal, steps, at + 1);
            if (found.isPresent()) {
                return found;
            }
        }
        var any = node.any.flatMap(next -> walk(next, steps, at + 1));
        return any.isPresent() || node.rest.isEmpty() ? any : Optional.of(match(node.rest, steps));
    }

    private static Match match(Map<String, Route> routes, List<String> steps) {
        var parts = new LinkedHashMap<String, String>();
        for (var route : routes.values()) {
            var template = steps(route.path());
            for (int i = 0; i < template.size(); i++) {
                var parameter = PARAMETER.matcher(template.get(i));
                if (parameter.matches()) {
                    parts.put(
                            parameter.group(1),
                            parameter.group(2).isEmpty()
                                    ? steps.get(i)
                                    : String.join("/", steps.subList(i, steps.size())));
                }
            }
        }
        return new Match(routes, parts);
    }

    /// The decoded segments, or nothing for a path that plays tricks.
    private static Optional<List<String>> decoded(String raw) {
        if (!raw.startsWith("/") || raw.length() > 4096) {
            return Optional.empty();
        }
        var steps = new ArrayList<String>();
        if (raw.equals("/")) {
            return Optional.of(steps);
        }
        for (var part : raw.substring(1).split("/", -1)) {
            var text = RAW_SEGMENT.matcher(part).matches() ? decode(part) : Optional.<String>empty();
            if (text.isEmpty() || !harmless(text.get()) || steps.size() == MAX_SEGMENTS) {
                return Optional.empty();
            }
            steps.add(text.get());
        }
        return Optional.of(steps);
    }

    private static boolean harmless(String segment) {
        return !segment.equals(".")
                && !segment.equals("..")
                && segment.chars().noneMatch(c -> c == '/' || c == '\\' || c == ';' || Character.isISOControl(c));
    }

    private static Optional<String> decode(String part) {
        if (part.indexOf('%') < 0) {
            return Optional.of(part);
        }
        var bytes = ByteBuffer.allocate(part.length());
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) == '%') {
                bytes.put((byte) Integer.parseInt(part, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.put((byte) part.charAt(i));
            }
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /// Whether a template may stand in a table at all, for clear messages at start.
    static List<String> parameters(Route route) {
        return steps(route.path()).stream()
                .map(PARAMETER::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(m -> m.group(1))
                .toList();
    }
}
