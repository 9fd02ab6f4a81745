package org.mizuhiki.wire;

import java.time.DateTimeException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.json.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;

/// JSON as everything on the wire is written and read: records only, nothing unknown, nothing missing,
/// bounded. `Bytes` are base64 texts, `Digest`, `PersonId` and `InstitutionCode` their text, `Instant` and
/// `Duration` ISO 8601; an `Optional` component may be absent, a list or map may be empty but must be
/// there.
public final class Json {
    private Json() {}

    public static Bytes write(Object value) {
        return Bytes.of(StrictJson.mapper().writeValueAsBytes(value));
    }

    /// @throws Refusal `body-malformed` saying where, never what was there; or the refusal of a value's
    /// own type, such as `person-id-malformed`
    public static <T> T read(Bytes json, Class<T> type) {
        return type.cast(read(json.toArray(), StrictJson.mapper().constructType(type)));
    }

    /// Reads an array.
    ///
    /// @throws Refusal as [#read]
    public static <T> List<T> readList(Bytes json, Class<T> element) {
        var type = StrictJson.mapper().getTypeFactory().constructCollectionType(List.class, element);
        return ((List<?>) read(json.toArray(), type))
                .stream().map(element::cast).toList();
    }

    private static Object read(byte[] json, JavaType type) {
        try {
            Object value = StrictJson.mapper().readValue(json, type);
            if (value == null) { // the text `null`
                throw malformed("$", null);
            }
            return value;
        } catch (JacksonException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof Refusal own) {
                    throw own;
                }
            }
            throw malformed(where(e), e);
        } catch (IllegalArgumentException
                | DateTimeException
                | NullPointerException
                | ArithmeticException
                | IndexOutOfBoundsException e) {
            throw malformed("$", e);
        }
    }

    /// Names of our own records' components and line numbers only: the sender's names and values stay out
    /// of messages.
    private static String where(JacksonException e) {
        if (e instanceof DatabindException && !(e instanceof StreamReadException)) {
            var path = new StringBuilder("$");
            for (var step : e.getPath()) {
                path.append(
                        step.getPropertyName() == null
                                ? "[" + step.getIndex() + "]"
                                : "." + plain(step.getPropertyName()));
            }
            return path.toString();
        }
        var at = e.getLocation();
        return at == null ? "$" : at.getLineNr() + ":" + at.getColumnNr();
    }

    private static String plain(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9-]{0,40}") ? name : "?";
    }

    private static Refusal malformed(String where, @Nullable Throwable cause) {
        var japanese = "JSONの内容が仕様と合いません（位置: " + where + "）。項目の不足・余分・型の違いを確認してください";
        var english = "The JSON is not what this operation takes (at " + where
                + "); look for a missing, unknown or mistyped field";
        return cause == null
                ? Refusal.of("body-malformed", japanese, english)
                : Refusal.of("body-malformed", japanese, english, cause);
    }
}
